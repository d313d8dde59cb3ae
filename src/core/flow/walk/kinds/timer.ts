import type { DelayRule } from '../../../definition/control/delay.js';
import type { TimerNode } from '../../../definition/nodes/waiting-nodes.js';
import { durationMs } from '../../../duration.js';
import type { Json } from '../../../json.js';
import { asksCircuit, circuitOf, withCircuit } from '../choosing/ask-circuit.js';
import { type Draft } from '../draft.js';
import type { Carried } from '../facts.js';
import { isProblem, Problem } from '../problem.js';

/** The longest wait of a timer: ten years. */
const LONGEST_WAIT_MS = 10 * 365 * 86_400_000;

/** How long a timer has to wait from now, 0 to ten years; a moment that has passed is due at once. */
export function waitOf(
  draft: Draft,
  { id, timer }: Pick<TimerNode, 'id' | 'timer'>,
  carried: Carried | null,
): number | Problem {
  if ('ms' in timer) return timer.ms;
  if ('cron' in timer) {
    const next = timer.cron.next(draft.at);
    if (next !== null && next - draft.at <= LONGEST_WAIT_MS) return next - draft.at;
    return new Problem(
      'BAD_TIMER',
      `Expected '${timer.cron.text}' of '${id}' to come within ten years, but it does not.`,
    );
  }
  const expression = 'for' in timer ? timer.for : timer.until;
  const value = draft.evaluate(carried, (scope) => expression.value(scope));
  if (isProblem(value)) return value;
  const wait = 'for' in timer ? lengthMs(value) : untilMs(value, draft.at);
  if (wait !== null && wait >= 0 && wait <= LONGEST_WAIT_MS) return wait;
  const wanted =
    'for' in timer
      ? "a duration of at most ten years, such as '90s' or milliseconds,"
      : 'an ISO date with its zone, at most ten years ahead,';
  return new Problem(
    'BAD_TIMER',
    `Expected '${expression.text}' of '${id}' to give ${wanted} but it gave ${shown(value)}.`,
  );
}

/**
 * How long the first attempt of a task has to wait from now, in milliseconds; 0 when its condition does not hold. It is no
 * attempt, and no retry waits for it.
 */
export function delayOf(draft: Draft, node: string, rule: DelayRule, carried: Carried | null): number | Problem {
  const { when, wait, maxMs } = rule;
  if (when) {
    const circuit = asksCircuit(draft, when) ? circuitOf(draft, [node], carried) : null;
    const holds = draft.evaluate(carried, (scope) => when.test(circuit ? withCircuit(scope, circuit) : scope));
    if (isProblem(holds)) return holds;
    if (!holds) return 0;
  }
  const delayMs = waitOf(draft, { id: node, timer: wait }, carried);
  return isProblem(delayMs) || maxMs === null ? delayMs : Math.min(delayMs, maxMs);
}

function lengthMs(value: Json): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.round(value) : null;
  return typeof value === 'string' ? durationMs(value) : null;
}

/** A time without a zone means another moment on every machine, so it is refused. */
function untilMs(value: Json, at: number): number | null {
  if (typeof value !== 'string') return null;
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(value)) return null;
  const moment = Date.parse(value);
  return Number.isNaN(moment) ? null : Math.max(0, moment - at);
}

const shown = (value: Json): string => JSON.stringify(value).slice(0, 80);
