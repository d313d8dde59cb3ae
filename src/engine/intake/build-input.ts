import { varsSeen } from '../../core/definition/control/merge.js';
import type { FlowNode, TaskNode } from '../../core/definition/definition.js';
import { readMemo } from '../../core/definition/work/memo.js';
import { expressionsOfWork } from '../../core/definition/work/work.js';
import type { Expression } from '../../core/expression.js';
import type { Json, JsonObject } from '../../core/json.js';
import type { DeliveryFacts, ScopeNeeds } from '../ports/store.js';

const NOTHING: ScopeNeeds = { input: false, vars: false, outputs: [] };
const EVERYTHING: ScopeNeeds = { input: true, vars: true, outputs: 'all' };
const NO_SLOTS: ReadonlyMap<string, readonly string[]> = new Map();
const cache = new WeakMap<FlowNode, ScopeNeeds | null>();
const again = new WeakMap<FlowNode, ScopeNeeds>();

/**
 * What must be read for a task's handler: only what its `in` names; without `in`, the scope as it stands. `null`: nothing.
 * A later attempt of work also needs what the earlier ones have done.
 */
export function needsOf(node: TaskNode, attempt: number): ScopeNeeds | null {
  return node.work && attempt > 1 ? withMemo(node) : firstNeeds(node);
}

function withMemo(node: TaskNode): ScopeNeeds {
  const known = again.get(node);
  if (known) return known;
  const first = firstNeeds(node) ?? NOTHING;
  const needs = { ...first, outputs: first.outputs === 'all' ? ('all' as const) : [...first.outputs, node.id] };
  again.set(node, needs);
  return needs;
}

function firstNeeds(node: TaskNode): ScopeNeeds | null {
  const known = cache.get(node);
  if (known !== undefined) return known;
  const needs = compute(node);
  cache.set(node, needs);
  return needs;
}

function compute(node: TaskNode): ScopeNeeds | null {
  if (node.in === null) return EVERYTHING;
  const bounds = [node.limit, node.rate].flatMap((bound) => (bound?.by ? [bound.by.by] : []));
  const key = node.cache?.key ? [node.cache.key] : [];
  const work = node.work ? expressionsOfWork(node.work) : [];
  const fallback = node.fallback?.values() ?? [];
  const expressions = [...node.in.values(), ...bounds, ...key, ...work, ...fallback];
  const roots = rootsOf(expressions);
  if (roots.size === 0) return null;
  const others = [
    'input',
    'vars',
    'result',
    '_result',
    ...(node.each ? [node.each.as, 'index'] : []),
    ...(node.part ? ['tried'] : []),
  ];
  const outputs = [...roots].filter((root) => !others.includes(root));
  return { ...NOTHING, input: roots.has('input'), vars: roots.has('vars'), outputs };
}

/** The first names of what expressions read. */
export const rootsOf = (expressions: readonly Expression[]): ReadonlySet<string> =>
  new Set(expressions.flatMap(({ reads }) => reads.map(([root]) => root as string)));

/**
 * The handler's input: the values of `in`, or the whole scope.
 * @throws {ExpressionFailure} when a value of `in` has no answer.
 */
export function buildInput(node: TaskNode, facts: Pick<DeliveryFacts, 'input' | 'vars' | 'outputs'>): JsonObject {
  const scope = scopeOf(facts);
  if (node.in === null) return { ...scope, vars: varsSeen(facts.vars, node.sees ?? NO_SLOTS) };
  const input: Record<string, Json> = {};
  for (const [name, expression] of node.in) input[name] = expression.value(scope);
  return input;
}

/** What expressions read when a task is done: the input, the variables, and outputs by node id; not what came at borders. */
export function scopeOf({
  input,
  vars,
  outputs,
}: Pick<DeliveryFacts, 'input' | 'vars' | 'outputs'>): Record<string, Json> {
  const scope = Object.assign(Object.create(null), outputs, { input, vars });
  for (const [name, output] of Object.entries(outputs)) if (readMemo(output) || name.includes('@')) delete scope[name];
  return scope;
}
