import { kindHandler } from '../../../../../core/definition/custom-kind.js';
import type { JsonObject } from '../../../../../core/json.js';
import type { Report } from '../../../../report/report.js';
import { type Entry, plain, type Tree } from '../../../../yaml/tree.js';
import { checkFields } from './check-fields.js';
import type { CustomKinds } from './custom-kinds.js';
import { expressionFields, type KindFacts } from './kind-facts.js';
import { KIND_VERSION } from './lower-custom.js';

/** What a step, or a branch of one, asks. */
export interface Asked {
  readonly handlers: readonly string[];
  readonly with: JsonObject | null;
}

const literal = new WeakMap<JsonObject, JsonObject>();

/**
 * Whom a step asks: handlers by their names, or one kind of node by its name and version. Its literal fields stand in
 * `with`, and a field that is an expression is the member of the context of that name. `null` when it cannot be asked.
 */
export function askedIn(names: Tree, literals: Entry | undefined, kinds: CustomKinds, report: Report): Asked | null {
  const written = plain(names) as string | readonly string[];
  const handlers = typeof written === 'string' ? [written] : written;
  const name = handlers.find((one) => one.includes('@'));
  if (name === undefined) return { handlers, with: literals ? (plain(literals.value) as JsonObject) : null };
  if (handlers.length > 1) {
    const message = `Expected a step that asks \`${name}\` to ask nobody else, but it asks ${handlers.length}.`;
    report.add('WRONG_VALUE', names, message, 'Make a step of its own of it.');
    return null;
  }
  const { kind, ...unknown } = kinds.find(name);
  if (!kind) {
    if ('message' in unknown) report.add('UNKNOWN_KIND', names, unknown.message, unknown.hint);
    return null;
  }
  if (!kind.traits.inline) {
    const message = `Expected a kind of node that may be a step, but \`${kind.name}\` may not.`;
    report.add('WRONG_VALUE', names, message, 'Make a node of it, or set its trait `inline`.');
    return null;
  }
  const none: Entry = {
    key: 'with',
    keyAt: names,
    keyTextStart: null,
    value: { ...names, type: 'map', isFlow: true, entries: [] },
  };
  const step = { ...kind, schema: literal.get(kind.schema) ?? literalSchema(kind) };
  literal.set(kind.schema, step.schema);
  const fields = literals ?? none;
  if (!checkFields(step, name, fields, report)) return null;
  return {
    handlers: [kindHandler(kind)],
    with: { ...(plain(fields.value) as JsonObject), [KIND_VERSION]: kind.version },
  };
}

/** What of a schema is left for `with`. */
function literalSchema(kind: KindFacts): JsonObject {
  const given = expressionFields(kind);
  const { properties = {}, required = [], ...rest } = kind.schema;
  const left = Object.entries(properties as JsonObject).filter(([name]) => !given.includes(name));
  const needed = (required as readonly string[]).filter((name) => !given.includes(name));
  return { ...rest, properties: Object.fromEntries(left), required: needed };
}
