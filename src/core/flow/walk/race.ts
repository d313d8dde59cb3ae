import { isUndo, itemOf, visitOf } from '../../definition/work/each.js';
import type { Json } from '../../json.js';
import type { NodeRef } from '../event.js';
import { type Failure, isHeldBack, type NodeInstance } from '../instance.js';
import { withdrawTcc } from '../tries/tcc/withdraw.js';
import type { Draft } from './draft.js';
import { keyOf } from './world.js';

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

/** A node instance is not wanted any more. One whose participants have begun is active until they are settled. */
export function cancelRow(draft: Draft, row: NodeInstance, by: string): void {
  if (withdrawTcc(draft, row, by, cancelRow)) return;
  const { node, visit, status, error } = row;
  if (status === 'incident') draft.effects.push({ type: 'incident.resolved', node, visit, by });
  const call = draft.node(node);
  const items = itemsUnder(draft, row);
  const isWhole = 'each' in call && call.each !== undefined && itemOf(visit) === null;
  const waited = (status === 'ready' || status === 'waiting') && !isHeldBack(row);
  if (call.kind === 'call' && waited && !call.detach && !isWhole) {
    draft.effects.push({ type: 'call.abandoned', node, visit, attempt: row.attempt });
  }
  unsend(draft, row);
  draft.close(row, 'cancelled', error);
  for (const item of items) cancelRow(draft, item, by);
}

/** It may have been entered in this very step: then no message is sent for it, and no queue is watched for one. */
function unsend({ effects }: Draft, { node, visit }: NodeRef): void {
  const is = effects.findLastIndex((one) => one.type === 'dispatch' && one.node === node && one.visit === visit);
  if (is >= 0) effects.splice(is, 1);
}

/** The items of a node instance that are active; none of one that has no `each`. */
export function itemsUnder(draft: Draft, { node, visit }: NodeRef): readonly NodeInstance[] {
  const of = draft.node(node);
  const hasItems = ('each' in of && of.each !== undefined) || (of.kind === 'task' && of.tcc !== undefined);
  if (!hasItems || itemOf(visit) !== null) return [];
  return draft
    .activeRows()
    .filter(
      (row) => row.node === node && itemOf(row.visit) !== null && visitOf(row.visit) === visit && !isUndo(row.visit),
    );
}
