import type { TaskNode } from '../../../core/definition/definition.js';
import type { NodeBound } from '../../../core/definition/work/bound.js';
import type { Json } from '../../../core/json.js';
import type { Bound } from '../../../core/routing/limits/bound.js';
import type { Routable } from '../../../core/routing/opinion.js';
import { matches, type Rule, rulesAbout } from '../../../core/routing/rules.js';
import { subjectOf } from '../../../core/routing/subject.js';
import type { Limits, Places, TurnedAway } from '../../health/limits/limits.js';

/** What may be counted of a message. */
export interface Counted {
  readonly limits: Limits | null | undefined;
  /** The rules in force that bound anything. */
  readonly bounding: readonly Rule[];
  /** The message, as the router looks at it. */
  readonly known: Routable;
  readonly task: TaskNode;
  readonly scope: () => Scope;
  /** A worker outside does it: its answer may come to any engine, so what runs there is not counted, only what begins. */
  readonly outside?: boolean;
}

/** Asks for places for a message that is about to run; `null`: it has no bounds. */
export function askBounds({
  limits,
  bounding,
  known,
  task,
  scope,
  outside = false,
}: Counted): Promise<Places | TurnedAway> | TurnedAway | null {
  if (!limits) return null;
  const rules = rulesAbout(bounding, known).filter(({ match }) => matches(match, known));
  const kept = limits.retry(rules, known);
  if (kept) return kept;
  const bounds = boundsOf(task, { flow: known.flow, scope }, rules).filter(({ type }) => !outside || type === 'rate');
  return bounds.length > 0 ? limits.take(bounds, known.id) : null;
}

type Scope = Readonly<Record<string, Json>>;

/** All that a message may not exceed: what its node says, and each rule that is about it. Most messages have nothing. */
function boundsOf(
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
