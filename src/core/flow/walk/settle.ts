import type { Json, JsonObject } from '../../json.js';
import { type Ending, isActive, type NodeInstance } from '../instance.js';
import { resume } from '../pause.js';
import { isOfWhole } from '../tries/tcc/progress.js';
import type { Draft } from './draft.js';
import { markStuck, pendingAt, waitingJoins } from './join.js';
import { raise } from './leave.js';
import { isProblem } from './problem.js';
import { cancelRow } from './race.js';

/**
 * Ends the instance: whatever is still active in it is cancelled, and what waits at joins is forgotten. Where participants
 * have begun something, it is over when they are settled, and nothing else begins until then.
 */
export function stopInstance(draft: Draft, status: Ending['status'], by: string): void {
  if (status === 'completed' && raiseUnfit(draft)) return;
  for (const row of draft.activeRows()) {
    // With a node its items are cancelled, and are not active any more when it is their turn.
    const is = draft.row(row)?.status ?? 'done';
    if (isActive(is) && !isOfWhole(draft, row)) cancelRow(draft, row, by);
  }
  if (draft.idle) {
    end(draft, status);
    return;
  }
  draft.ending = { status, by, at: draft.at };
  forget(draft);
}

/** A person ends the instance, paused or not: what is to be settled is not held any longer. */
export function cancelInstance(draft: Draft, by: string): void {
  stopInstance(draft, 'cancelled', by);
  if (draft.status === 'paused') resume(draft);
}

/** Nothing more happens by itself in this transition: an instance without anything active ends, or is stuck. */
export function settle(draft: Draft): void {
  if (draft.over || !draft.idle) return;
  if (draft.ending) {
    end(draft, draft.ending.status);
    return;
  }
  const waiting = waitingJoins(draft);
  if (waiting.length === 0) {
    if (!raiseUnfit(draft)) end(draft, 'completed');
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

function end(draft: Draft, status: Ending['status']): void {
  draft.status = status;
  draft.ending = null;
  forget(draft);
  draft.effects.push({ type: 'instance.ended', status, outcome: draft.outcome, output: outputOf(draft, status) });
}

function forget(draft: Draft): void {
  draft.arrivals = {};
  draft.absorbing = {};
  draft.entries.length = 0;
}

/**
 * What does not fit the type that the flow declares is given to nobody: the end that was reached is an incident instead, and a
 * retry reaches it once more. True when it is.
 */
function raiseUnfit(draft: Draft): boolean {
  const unfit = draft.definition.returns?.fault(outputOf(draft, 'completed')) ?? null;
  if (unfit === null) return false;
  const node = endReached(draft);
  const visit = draft.visits[node] ?? 1;
  const row = draft.row({ node, visit }) ?? visitAgain(draft, node, visit);
  const message = `Expected the \`output\` of the flow to be what its \`returns\` allows, but ${unfit}. Let the flow give that, or say otherwise what it returns, in a new version; then move the instance there and retry.`;
  raise(draft, { ...row, attempt: 0 }, { code: 'OUTPUT_UNFIT', message }, null);
  return true;
}

/** What was over before this transition stays over: the end is visited once more. */
function visitAgain(draft: Draft, node: string, visit: number): NodeInstance {
  const made = draft.newVisit({ node, via: [], cause: draft.lastCause });
  return { ...made, visit: Math.max(made.visit, visit + 1) };
}

/** The end that gave the outcome. */
function endReached({ definition: { nodes }, lastCause, outcome }: Draft): string {
  const ends = [...nodes.values()].filter((node) => node.kind === 'end');
  const last = ends.find(({ id }) => id === lastCause?.node);
  return (last ?? ends.find((one) => one.outcome === outcome) ?? ends[0])?.id ?? '';
}

/** What a caller gets. It is late for an incident: what cannot be told is null. */
function outputOf(draft: Draft, status: Ending['status']): JsonObject {
  const { output } = draft.definition;
  if (!output || status !== 'completed') return {};
  const values = [...output].map(([name, expression]): [string, Json] => {
    const value = draft.evaluate(null, (scope) => expression.value(scope));
    return [name, isProblem(value) ? null : value];
  });
  return Object.fromEntries(values);
}
