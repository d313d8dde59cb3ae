import type { Json } from '../../json.js';
import type { NodeRef } from '../event.js';
import type { Failure, NodeInstance } from '../instance.js';
import { type Draft, keyOf } from './draft.js';

/** Makes a node instance one of those of which the first that goes on cancels the others. */
export function joinRace(draft: Draft, row: NodeInstance, race: NodeRef): void {
  draft.keep(row, { ...draft.kept(row), race: keyOf(race) });
}

/** A node instance has done its work; what was entered with it by an event gateway is cancelled. */
export function finish(draft: Draft, row: NodeInstance, error: Failure | null): void {
  const { race } = draft.kept(row);
  draft.close(row, 'done', error);
  cancelRivals(draft, row, race);
}

/** A node instance is taken back before it has done its work; so are those that it was entered with. */
export function withdraw(draft: Draft, row: NodeInstance, by: string): void {
  const { race } = draft.kept(row);
  cancelRow(draft, row, by);
  cancelRivals(draft, row, race);
}

function cancelRivals(draft: Draft, row: NodeInstance, race: Json | undefined): void {
  if (race === undefined) return;
  for (const other of draft.activeRows()) {
    if (draft.kept(other)['race'] === race) cancelRow(draft, other, `'${row.node}', which came first`);
  }
}

/** A node instance is not wanted any more. */
export function cancelRow(draft: Draft, row: NodeInstance, by: string): void {
  const { node, visit, status, error } = row;
  if (status === 'incident') draft.effects.push({ type: 'incident.resolved', node, visit, by });
  const call = draft.node(node);
  const waited = status === 'ready' || status === 'waiting';
  if (call.kind === 'call' && waited && !call.detach) {
    draft.effects.push({ type: 'call.abandoned', node, visit, attempt: row.attempt });
  }
  draft.close(row, 'cancelled', error);
}
