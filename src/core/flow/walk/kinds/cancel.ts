import type { Line } from '../../../definition/definition.js';
import { incomingOf } from '../../../definition/graph.js';
import { isUndo } from '../../../definition/work/each.js';
import type { NodeInstance } from '../../instance.js';
import { isOfWhole } from '../../tries/tcc/progress.js';
import type { Draft } from '../draft.js';
import { cancelRow } from '../race.js';

/**
 * A join has gone on with some of its branches. What is still on its way to it is cancelled, with what waits at joins on
 * that way, and its next round begins with nothing.
 */
export function cancelRest(draft: Draft, join: NodeInstance): void {
  const losing = draft.graph.losing.get(join.node) ?? new Set();
  cancelNodes(draft, (node) => losing.has(node), `'${join.node}', which went on without it`);
  forgetArrivals(draft, (node) => node === join.node);
}

/**
 * The scopes that lines cancel, before anything comes along these lines: what is active in them, and what their nodes
 * have brought to joins or wait with, wherever those stand.
 */
export function cancelScopes(draft: Draft, lines: readonly Line[]): void {
  for (const { index } of lines) {
    for (const name of draft.graph.cancelling.get(index) ?? []) {
      const nodes = draft.graph.scopes.get(name) ?? new Set();
      cancelNodes(draft, (node) => nodes.has(node), `the end of the scope '${name}'`);
      forgetArrivals(draft, (_, from) => nodes.has(from));
    }
  }
}

/**
 * Cancels everything that is active or about to be in some nodes, and forgets what waits there to be joined. Undoing what
 * they have done is for whoever asked for that, and goes on.
 */
function cancelNodes(draft: Draft, isIn: (node: string) => boolean, by: string): void {
  for (const row of draft.activeRows()) {
    if (isIn(row.node) && !isUndo(row.visit) && !isOfWhole(draft, row)) cancelRow(draft, row, by);
  }
  draft.entries.splice(0, draft.entries.length, ...draft.entries.filter(({ node }) => !isIn(node)));
  forgetArrivals(draft, isIn);
}

/** Forgets what waits to be joined; a round is forgotten if all that could still come to it would be. */
function forgetArrivals(draft: Draft, isOf: (join: string, from: string) => boolean): void {
  for (const index of Object.keys(draft.arrivals).map(Number)) {
    const edge = draft.definition.edges[index];
    if (edge && isOf(edge.to, edge.from)) draft.countArrivals(index, -(draft.arrivals[index] ?? 0));
  }
  const rounds = Object.entries(draft.absorbing).filter(([join]) =>
    incomingOf(draft.graph, join).some(({ from }) => !isOf(join, from)),
  );
  if (rounds.length < Object.keys(draft.absorbing).length) draft.absorbing = Object.fromEntries(rounds);
}
