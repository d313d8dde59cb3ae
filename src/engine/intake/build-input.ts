import type { FlowNode, TaskNode } from '../../core/definition/definition.js';
import type { Json, JsonObject } from '../../core/json.js';
import type { DeliveryFacts, ScopeNeeds } from '../ports/store.js';

const NOTHING: ScopeNeeds = { input: false, vars: false, outputs: [] };
const EVERYTHING: ScopeNeeds = { input: true, vars: true, outputs: 'all' };
const cache = new WeakMap<FlowNode, ScopeNeeds | null>();

/** What must be read for a task's handler: only what its `in` names; without `in`, the scope as it stands. `null`: nothing. */
export function needsOf(node: TaskNode): ScopeNeeds | null {
  const known = cache.get(node);
  if (known !== undefined) return known;
  const needs = compute(node);
  cache.set(node, needs);
  return needs;
}

function compute(node: TaskNode): ScopeNeeds | null {
  if (node.in === null) return EVERYTHING;
  const roots = new Set([...node.in.values()].flatMap(({ reads }) => reads.map(([root]) => root as string)));
  if (roots.size === 0) return null;
  const outputs = [...roots].filter((root) => root !== 'input' && root !== 'vars');
  return { ...NOTHING, input: roots.has('input'), vars: roots.has('vars'), outputs };
}

/**
 * The handler's input: the values of `in`, or the whole scope.
 * @throws {ExpressionFailure} when a value of `in` has no answer.
 */
export function buildInput(node: TaskNode, facts: Pick<DeliveryFacts, 'input' | 'vars' | 'outputs'>): JsonObject {
  const scope: Record<string, Json> = Object.assign(Object.create(null), facts.outputs, {
    input: facts.input,
    vars: facts.vars,
  });
  if (node.in === null) return { ...scope };
  const input: Record<string, Json> = {};
  for (const [name, expression] of node.in) input[name] = expression.value(scope);
  return input;
}
