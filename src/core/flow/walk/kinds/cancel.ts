import type { NodeInstance } from '../../instance.js';
import type { Draft } from '../draft.js';
import { named } from '../leave.js';
import { cancelRow } from '../race.js';

/**
 * A join has gone on with some of its branches. What is still on its way to it is cancelled, with what waits at joins on
 * that way, and its next round begins with nothing.
 */
export function cancelRest(draft: Draft, join: NodeInstance): void {
  const losing = draft.graph.losing.get(join.node) ?? new Set();
  cancelNodes(draft, (node) => losing.has(node), `${named(join)}, which went on without it`);
  forgetArrivals(draft, (node) => node === join.node);
}

/** Cancels everything that is active or about to be in some nodes, and forgets what waits there to be joined. */
function cancelNodes(draft: Draft, isIn: (node: string) => boolean, by: string): void {
  for (const row of draft.activeRows()) if (isIn(row.node)) cancelRow(draft, row, by);
  draft.entries.splice(0, draft.entries.length, ...draft.entries.filter(({ node }) => !isIn(node)));
  forgetArrivals(draft, isIn);
}

function forgetArrivals(draft: Draft, isAt: (join: string) => boolean): void {
  for (const index of Object.keys(draft.arrivals).map(Number)) {
    const edge = draft.definition.edges[index];
    if (edge && isAt(edge.to)) draft.countArrivals(index, -(draft.arrivals[index] ?? 0));
  }
  const rounds = Object.entries(draft.absorbing).filter(([join]) => !isAt(join));
  if (rounds.length < Object.keys(draft.absorbing).length) draft.absorbing = Object.fromEntries(rounds);
}
