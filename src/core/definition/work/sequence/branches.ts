import type { Json, JsonObject } from '../../../json.js';
import { type MergeName, mergeValues, whyUnfit } from '../../control/merge.js';

/** One branch of a step: handlers that are asked one after the other, beside those of the other branches. */
export interface Branch {
  readonly name: string;
  readonly handlers: readonly string[];
  readonly with: JsonObject | null;
  /** The handler that gives the context that it begins with; `null`: a copy of that of the sequence. */
  readonly factory: string | null;
}

/** A step whose branches run at the same time. */
export interface Branches {
  readonly branches: readonly Branch[];
  /** How members that several branches have changed become one, or the handler that makes one context of all. */
  readonly merge: { readonly members: ReadonlyMap<string, MergeName> } | { readonly handler: string };
}

/** What a branch came to. */
export interface BranchEnd {
  readonly context: JsonObject;
  /** The members that are not as they were when it began. */
  readonly changed: readonly string[];
}

/** Several branches have changed the same, and nothing says what becomes of it. */
export class MergeConflict extends Error {
  constructor(
    readonly code: 'MERGE_CONFLICT' | 'MERGE_UNFIT',
    message: string,
  ) {
    super(message);
  }
}

/** What a branch has changed since it began. */
export function endOf(began: JsonObject, context: JsonObject): BranchEnd {
  const changed = Object.keys(context).filter((name) => !isEqual(began[name], context[name]));
  return { context, changed };
}

/**
 * What the branches have changed, one value for each member, in the order in which they are written.
 * @throws {MergeConflict} when two values differ and no rule is given for them, or do not fit their rule.
 */
export function merged(
  { branches }: Branches,
  rules: ReadonlyMap<string, MergeName>,
  ends: ReadonlyMap<string, BranchEnd>,
): JsonObject {
  const changes = new Map<string, { branch: string; value: Json }[]>();
  for (const { name: branch } of branches) {
    const end = ends.get(branch);
    for (const name of end?.changed ?? []) {
      const value = end?.context[name] ?? null;
      changes.set(name, [...(changes.get(name) ?? []), { branch, value }]);
    }
  }
  return Object.fromEntries([...changes].map(([name, given]) => [name, oneOf(name, given, rules.get(name))]));
}

function oneOf(name: string, given: readonly { branch: string; value: Json }[], rule: MergeName | undefined): Json {
  const values = given.map(({ value }) => value);
  const [first = null, ...others] = values;
  if (rule === undefined) {
    if (others.every((value) => isEqual(first, value))) return first;
    const who = given.map(({ branch }) => `'${branch}'`).join(' and ');
    const message = `Expected one branch to change '${name}', but ${who} did. Say what becomes of it: merge: { ${name}: last }.`;
    throw new MergeConflict('MERGE_CONFLICT', message);
  }
  const unfit = whyUnfit({ type: rule }, values);
  if (unfit) throw new MergeConflict('MERGE_UNFIT', `${unfit} It is '${name}'.`);
  return mergeValues({ type: rule }, values, Object.create(null));
}

const isEqual = (a: Json | undefined, b: Json | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b));
