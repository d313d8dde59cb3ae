import type { Expression, Scope } from '../../expression.js';
import type { Json, JsonObject } from '../../json.js';

/** How one variable is made of what several branches have written to it. */
export type MergeRule = { readonly type: MergeName } | { readonly type: 'by'; readonly by: Expression };

export const MERGE_NAMES = ['first', 'last', 'list', 'concat', 'union', 'sum', 'min', 'max', 'object'] as const;
export type MergeName = (typeof MERGE_NAMES)[number];

/** What each rule takes: `any`, or values of one of these types, and of all branches the same. */
export const MERGE_TAKES: Readonly<Record<MergeName, readonly MergeType[] | 'any'>> = {
  first: 'any',
  last: 'any',
  list: 'any',
  concat: ['list'],
  union: ['list'],
  sum: ['number'],
  min: ['number', 'text'],
  max: ['number', 'text'],
  object: ['map'],
};
export type MergeType = 'number' | 'text' | 'boolean' | 'list' | 'map' | 'null';

/** A variable that the branches of a join write apart from one another, and what becomes of it there. */
export interface Merge {
  readonly name: string;
  readonly rule: MergeRule;
  /** The variable that is written: `name`, or where a branch of an outer join keeps it. */
  readonly into: string;
  /** In the order of their first edges. Empty in a draft. */
  readonly branches: readonly MergedBranch[];
}

export interface MergedBranch {
  /** The edges by which it comes to the join, by index. */
  readonly edges: readonly number[];
  /** The variable in which it keeps what it has written, as a list of that one value; `null`: nothing. */
  readonly slot: string;
}

/** Where a branch keeps a variable. No variable that an author names has an `@` in it. */
export const slotOf = (name: string, join: string, from: string): string => `${name}@${join}.${from}`;
const isSlot = (name: string): boolean => name.includes('@');

/** The variables as people see them, and whoever is in no branch: without what branches keep. */
export const varsShown = (vars: JsonObject): Record<string, Json> =>
  Object.fromEntries(Object.entries(vars).filter(([name]) => !isSlot(name)));

/** The variables as a branch sees them: its own where it has written, otherwise as they were when the branches parted. */
export function varsSeen(vars: JsonObject, slots: ReadonlyMap<string, readonly string[]>): JsonObject {
  const seen = varsShown(vars);
  for (const [name, chain] of slots) {
    const own = chain.map((slot) => vars[slot]).find(Array.isArray) as readonly Json[] | undefined;
    if (own) seen[name] = own[0] ?? null;
  }
  return seen;
}

/**
 * One value of several, given in the order of the edges that they came by: when they came makes no difference.
 * They fit the rule, as {@link whyUnfit} tells.
 * @throws {ExpressionFailure} when an expression has no answer.
 */
export function mergeValues(rule: MergeRule, values: readonly Json[], scope: Scope): Json {
  if (rule.type === 'by') return rule.by.value(Object.assign(Object.create(null), scope, { values }));
  switch (rule.type) {
    case 'first':
      return values[0] ?? null;
    case 'last':
      return values.at(-1) ?? null;
    case 'list':
      return values;
    case 'concat':
      return (values as readonly (readonly Json[])[]).flat();
    case 'union':
      return distinct((values as readonly (readonly Json[])[]).flat());
    case 'sum':
      return (values as readonly number[]).reduce((sum, value) => sum + value, 0);
    case 'min':
      return extreme(values as readonly (number | string)[], (a, b) => a < b);
    case 'max':
      return extreme(values as readonly (number | string)[], (a, b) => a > b);
    case 'object':
      return Object.assign({}, ...(values as readonly JsonObject[])) as JsonObject;
  }
}

/** What is wrong with values for a rule; `null`: nothing. */
export function whyUnfit(rule: MergeRule, values: readonly Json[]): string | null {
  const takes = rule.type === 'by' ? 'any' : MERGE_TAKES[rule.type];
  const types = values.map(typeOf);
  if (takes === 'any' || types.every((type) => takes.includes(type) && type === types[0])) return null;
  return `Expected ${takenBy(takes)} for \`${rule.type}\`, but the branches gave ${types.join(', ')}.`;
}

/** `numbers alone, or texts alone`. */
export const takenBy = (takes: readonly MergeType[]): string =>
  takes.map((type) => `${PLURAL[type]} alone`).join(', or ');

const PLURAL: Readonly<Record<MergeType, string>> = {
  number: 'numbers',
  text: 'texts',
  boolean: 'booleans',
  list: 'lists',
  map: 'maps',
  null: 'nulls',
};

function typeOf(value: Json): MergeType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'map';
  return typeof value === 'string' ? 'text' : (typeof value as 'number' | 'boolean');
}

/** The first of equal values stays; maps are equal whatever the order of their members. */
function distinct(values: readonly Json[]): Json {
  const seen = new Set<string>();
  return values.filter((value) => {
    const text = sorted(value);
    return !seen.has(text) && seen.add(text);
  });
}

function sorted(value: Json): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function extreme(values: readonly (number | string)[], isBetter: (a: number | string, b: number | string) => boolean) {
  return values.reduce((best, value) => (isBetter(value, best) ? value : best));
}
