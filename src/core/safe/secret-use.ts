import type { Json, JsonObject } from '../json.js';

/** What secrets are read by, in flows that have no node of that name. */
export const SECRET_ROOT = 'secret';
/** What a secret may be called; it is the name of a file, and the end of that of a variable. */
export const SECRET_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** A place in what a handler gets that a secret stands at, by its name. */
export interface SecretUse {
  readonly name: string;
  /** Names and places from the outside in: `['headers', 'authorization']`. Never empty. */
  readonly path: readonly (string | number)[];
}

export interface Secretive {
  /** Filled in by the process that runs the handler; absent: it gets none. */
  readonly secrets?: readonly SecretUse[];
}

/** The names of secrets, each once. */
export const secretNames = ({ secrets = [] }: Secretive): readonly string[] => [
  ...new Set(secrets.map(({ name }) => name)),
];

/** A copy with the secrets in their places. Everything else is shared with what was given. */
export function withSecrets(input: JsonObject, uses: readonly SecretUse[], values: ReadonlyMap<string, string>) {
  let filled: Json = input;
  for (const { name, path } of uses) filled = put(filled, path, values.get(name) ?? null);
  return filled as JsonObject;
}

function put(into: Json | undefined, [step, ...rest]: SecretUse['path'], value: Json): Json {
  if (step === undefined) return value;
  if (Array.isArray(into)) return into.map((one, at) => (at === step ? put(one, rest, value) : one));
  const map = (into ?? {}) as JsonObject;
  return { ...map, [step]: put(map[step], rest, value) };
}
