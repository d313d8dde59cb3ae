import type { TaskNode } from '../../../core/definition/definition.js';
import type { NodeBound } from '../../../core/definition/work/bound.js';
import type { Json } from '../../../core/json.js';
import type { Bound } from '../../../core/routing/limits/bound.js';
import type { Rule } from '../../../core/routing/rules.js';
import { subjectOf } from '../../../core/routing/subject.js';

type Scope = Readonly<Record<string, Json>>;

/** All that a message may not exceed: what its node says, and each rule that is about it. Most messages have nothing. */
export function boundsOf(
  task: TaskNode,
  { flow, scope }: { readonly flow: string; readonly scope: () => Scope },
  rules: readonly Rule[],
): readonly Bound[] {
  const bounds: Bound[] = [];
  for (const bound of [task.limit, task.rate]) if (bound) bounds.push(boundOf(bound, keyOf(bound, task, flow, scope)));
  for (const rule of rules) {
    const key = `the rule ${rule.code}`;
    if (rule.limit !== undefined) bounds.push({ type: 'limit', key, max: rule.limit });
    if (rule.rate !== undefined) bounds.push({ type: 'rate', key: `${key} (rate)`, ...rule.rate });
  }
  return bounds;
}

const boundOf = ({ max, perMs }: NodeBound, key: string): Bound =>
  perMs === null ? { type: 'limit', key, max } : { type: 'rate', key: `${key} (rate)`, max, perMs };

/** A value that cannot be worked out, or is no text, number or true/false, keeps nothing apart: all of them count together. */
function keyOf({ by }: NodeBound, task: TaskNode, flow: string, scope: () => Scope): string {
  const node = `${flow}.${task.id}`;
  if (by === null) return node;
  let value: Json;
  try {
    value = by.by.value(scope());
  } catch {
    return node;
  }
  if (value === null || typeof value === 'object') return node;
  return subjectOf(node, { name: by.name, value: String(value) });
}
