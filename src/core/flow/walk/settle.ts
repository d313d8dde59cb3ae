import type { Json, JsonObject } from '../../json.js';
import { isActive } from '../instance.js';
import type { Draft } from './draft.js';
import { markStuck, pendingAt, waitingJoins } from './join.js';
import { raise } from './leave.js';
import { isProblem } from './problem.js';
import { cancelRow } from './race.js';

/** Ends the instance now: whatever is still active in it is cancelled, and what waits at joins is forgotten. */
export function stopInstance(draft: Draft, status: 'completed' | 'failed' | 'cancelled', by: string): void {
  // With a node its items are cancelled, and are not active any more when it is their turn.
  for (const row of draft.activeRows()) if (isActive(draft.row(row)?.status ?? 'done')) cancelRow(draft, row, by);
  end(draft, status);
}

/** Nothing more happens by itself in this transition: an instance without anything active ends, or is stuck. */
export function settle(draft: Draft): void {
  if (draft.over || !draft.idle) return;
  const waiting = waitingJoins(draft);
  if (waiting.length === 0) {
    end(draft, 'completed');
    return;
  }

  // A `taken` join that waits for a stuck join goes on by itself once that one does.
  const stuck = waiting.filter((join) => !draft.graph.awaited.has(join));
  for (const join of stuck.length > 0 ? stuck : waiting) raiseStuck(draft, join);
}

function raiseStuck(draft: Draft, join: string): void {
  const pending = pendingAt(draft, join);
  const row = draft.newVisit({ node: join, via: pending.map((edge) => edge.index), cause: draft.lastCause });
  const from = pending.map((edge) => `'${edge.from}'`).join(', ');
  const message = `Expected every arrival to be used, but '${join}' still waits with what came from ${from}, and nothing is active. Retry it by name to go on with that, or cancel.`;
  raise(draft, { ...row, attempt: 0 }, { code: 'STUCK_JOIN', message }, null);
  markStuck(draft, row);
}

function end(draft: Draft, status: 'completed' | 'failed' | 'cancelled'): void {
  draft.status = status;
  draft.arrivals = {};
  draft.absorbing = {};
  draft.entries.length = 0;
  draft.effects.push({ type: 'instance.ended', status, outcome: draft.outcome, output: outputOf(draft, status) });
}

/** What a caller gets. It is late for an incident: what cannot be told is null. */
function outputOf(draft: Draft, status: 'completed' | 'failed' | 'cancelled'): JsonObject {
  const { output } = draft.definition;
  if (!output || status !== 'completed') return {};
  const values = [...output].map(([name, expression]): [string, Json] => {
    const value = draft.evaluate(null, (scope) => expression.value(scope));
    return [name, isProblem(value) ? null : value];
  });
  return Object.fromEntries(values);
}
