import type { TaskNode } from '../../../../core/definition/definition.js';
import { SHORTEST_SECRET } from '../../../../core/safe/mask.js';
import { type SecretUse, secretNames } from '../../../../core/safe/secret-use.js';

/** What handlers may be given and nobody writes down, by name. */
export abstract class Secrets {
  /**
   * Its value as it is now; `null`: there is none of that name. Asked before every attempt that needs it.
   * @throws {Error} when that cannot be told now.
   */
  abstract find(name: string): Promise<string | null>;
}

export interface WithSecrets {
  /** Left out: there are none. */
  readonly secrets?: Secrets | undefined;
}

/** Secrets of one attempt, and where its handler gets them. */
export interface SecretOrder {
  readonly uses: readonly SecretUse[];
  readonly values: ReadonlyMap<string, string>;
}

export type Fetched =
  | { readonly type: 'there'; readonly order: SecretOrder }
  /** Nobody here has those. */
  | { readonly type: 'missing'; readonly names: readonly string[] }
  /** It could not be told whether there are any. */
  | { readonly type: 'away'; readonly name: string };

/** Gets what a task needs. What went wrong is told without a word of whoever keeps them. */
export async function fetchSecrets({ secrets: uses = [] }: TaskNode, secrets: Secrets | undefined): Promise<Fetched> {
  const values = new Map<string, string>();
  const missing: string[] = [];
  for (const name of secretNames({ secrets: uses })) {
    let value: string | null;
    try {
      value = (await secrets?.find(name)) ?? null;
    } catch {
      return { type: 'away', name };
    }
    if (isUsable(value)) values.set(name, value);
    else missing.push(name);
  }
  return missing.length > 0 ? { type: 'missing', names: missing } : { type: 'there', order: { uses, values } };
}

/** A shorter one could not be told from other text, so nothing could keep it out of what is stored. */
export const isUsable = (value: string | null): value is string => value !== null && value.length >= SHORTEST_SECRET;
