import type { Definition, FlowNode } from '../../../../core/definition/definition.js';
import type { JsonObject } from '../../../../core/json.js';
import type { Told } from '../../../expression/plays/check-parameter.js';
import type { Draft } from '../../../structure/draft.js';
import { isObject, sharedOf } from './json-types.js';

const ADD = 'Add it to `properties`.';

/** A typed value of the scope. */
export interface Source {
  readonly schema: JsonObject;
  readonly told: Told;
}

/** What `returns` says of the output of a node; `null`: nothing. The output of a node with `each` counts its items. */
export const returnsOf = (node: FlowNode | undefined): JsonObject | null =>
  node?.kind === 'task' && !node.each && node.returns ? node.returns.schema : null;

/** The variables as one value, without those that branches write apart: within a branch these are something else. */
export function variablesOf({ vars, nodes }: Draft): Source | null {
  if (!vars) return null;
  const merged = new Set([...nodes.values()].flatMap(({ mergesAt }) => [...mergesAt.keys()]));
  const typed = [...vars].filter(([name]) => !merged.has(name));
  const properties = Object.fromEntries(typed.map(([name, { variable }]) => [name, variable.schema]));
  const told: Told = { of: 'the schema under `vars`', unknown: 'UNKNOWN_VARIABLE', type: 'VARIABLE_TYPE', hint: ADD };
  return { schema: { type: 'object', properties, additionalProperties: true }, told };
}

/** What a node gives as output, by its own `returns`. */
export function outputOf(node: FlowNode | undefined): Source | null {
  const schema = returnsOf(node);
  if (!schema || !node) return null;
  const of = `what \`${node.id}\` returns`;
  return { schema, told: { of, unknown: 'UNKNOWN_OUTPUT', type: 'OUTPUT_TYPE', hint: ADD } };
}

/** What a call gives, by the flow that it calls; `null`: that is not at hand, or the call counts its items. */
export function calledOf(node: FlowNode | undefined, others: ReadonlyMap<string, Definition>): Source | null {
  if (node?.kind !== 'call' || node.each) return null;
  const called = others.get(node.flow);
  if (!called) return null;
  const of = `the \`output\` of \`${node.flow}\``;
  const hint = 'What a flow gives to its callers is named under its `output`.';
  const told: Told = { of, unknown: 'UNKNOWN_OUTPUT', type: 'CALL_TYPE', hint };
  const instance = { type: 'string' };
  if (node.detach) return { schema: { type: 'object', properties: { instance } }, told };
  const { output, returns } = called;
  const typed = returns?.schema['properties'];
  const known = isObject(typed) ? typed : {};
  const names = [...(output?.keys() ?? [])].map((name) => [name, known[name] ?? {}] as const);
  const properties = { ...Object.fromEntries(names), instance, outcome: { type: ['string', 'null'] } };
  return { schema: { ...sharedOf(returns?.schema ?? {}), type: 'object', properties }, told };
}
