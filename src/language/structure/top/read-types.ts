import type { ValueType, Variable } from '../../../core/definition/starting/variables.js';
import type { Json, JsonObject } from '../../../core/json.js';
import { SchemaType } from '../../input-schema.js';
import type { Report, Span } from '../../report/report.js';
import { entryOf, plain, type Tree } from '../../yaml/tree.js';
import { checkInputSchema } from '../input/input-keywords.js';

/** A type with the place of its schema. */
export interface DraftType {
  readonly at: Span;
  readonly type: ValueType;
}

export interface DraftVariable {
  /** Its name in the file. */
  readonly at: Span;
  readonly variable: Variable;
}

/** What stands under `vars`; `null`: nothing does, and any variable may be written. */
export function readVars(tree: Tree | undefined, report: Report): ReadonlyMap<string, DraftVariable> | null {
  if (tree?.type !== 'map') return null;
  return new Map(
    tree.entries.flatMap(({ key, keyAt, value }) => {
      const type = typeOf(value, 'vars', report);
      if (!type) return [];
      const initial = entryOf(value, 'default')?.value;
      const variable = initial ? Object.assign(type, { initial: plain(initial) }) : type;
      if (initial) checkInitial(key, type, initial, report);
      return [[key, { at: { start: keyAt.start, end: keyAt.end }, variable }] as const];
    }),
  );
}

/** What stands under `returns` of a flow or a task, with the place of that. */
export function readReturns(tree: Tree | undefined, report: Report): DraftType | null {
  const type = tree ? typeOf(tree, 'returns', report) : null;
  return tree && type ? { at: { start: tree.start, end: tree.end }, type } : null;
}

function typeOf(tree: Tree, of: 'vars' | 'returns', report: Report): SchemaType | null {
  if (tree.type !== 'map') return null;
  checkInputSchema(tree, report);
  return new SchemaType(plain(tree) as JsonObject, of);
}

function checkInitial(name: string, type: SchemaType, at: Tree, report: Report): void {
  // A schema that is none is told where it stands.
  if (report.has('BAD_INPUT_SCHEMA')) return;
  const value: Json = plain(at);
  const fault = type.fault(value);
  if (fault === null) return;
  const message = `Expected a default that \`vars.${name}\` may have, but ${fault}.`;
  report.add('BAD_DEFAULT', at, message, 'A variable without a default reads as null until it is written.');
}
