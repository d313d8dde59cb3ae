import type { CallNode, CompensateNode, TaskNode } from '../../../definition/definition.js';
import { handlerAt } from '../../../definition/handlers.js';
import { isUndo, undoneVisit, undoVisit } from '../../../definition/work/each.js';
import type { Json, JsonObject } from '../../../json.js';
import type { NodeRef } from '../../event.js';
import { isActive, type NodeInstance } from '../../instance.js';
import type { Draft } from '../draft.js';
import { leave } from '../leave.js';
import { visitTo } from '../world.js';

/** Where it is kept what can be undone: at a visit that no node has. */
const DONE: NodeRef = { node: 'undo', visit: 0 };

/** A task, or a called flow, has done something that can be undone. */
export function remember(draft: Draft, { node, visit }: NodeRef, { undo }: TaskNode | CallNode): void {
  if (!undo || isUndo(visit)) return;
  draft.keep(DONE, { done: [...doneOf(draft), { node, visit }] as unknown as Json });
}

const doneOf = (draft: Draft): readonly NodeRef[] => (draft.kept(DONE)['done'] ?? []) as unknown as readonly NodeRef[];

/**
 * Takes over what is done and not yet undone: all of it, or of one node. Whoever begins later finds only the rest, so
 * that nothing is undone twice.
 */
export function beginCompensate(draft: Draft, row: NodeInstance, node: CompensateNode): void {
  const done = doneOf(draft);
  const isMine = (ref: NodeRef): boolean => node.what === 'all' || ref.node === node.what;
  const rest = done.filter((ref) => !isMine(ref));
  if (rest.length === 0) draft.drop(DONE);
  else if (rest.length < done.length) draft.keep(DONE, { done: rest as unknown as Json });
  const waiting: NodeInstance = { ...row, status: 'waiting' };
  draft.put(waiting);
  undoNext(draft, waiting, done.filter(isMine));
}

/** One after the other, the newest first: what was built on something is undone before it. */
function undoNext(draft: Draft, row: NodeInstance, left: readonly NodeRef[]): void {
  const newest = left.at(-1);
  if (!newest) {
    leave(draft, row, draft.node(row.node), null);
    return;
  }
  draft.keep(row, { ...draft.kept(row), left: left.slice(0, -1) as unknown as Json });
  const { node } = newest;
  const visit = undoVisit(newest.visit);
  const cause = draft.root ?? { node: row.node, visit: row.visit };
  const made: NodeInstance = visitTo({ node, visit }, [], cause, draft.at);
  draft.put(made);
  draft.keep(made, { for: { node: row.node, visit: row.visit } });
  const dispatch = { type: 'dispatch', kind: 'task', attempt: 1, cause: 'entered', delayMs: 0 } as const;
  draft.effects.push({ ...dispatch, node, visit, handler: handlerAt(draft.node(node), visit) });
}

/** Something is undone. What it undid says so from now on, and the next one is undone. */
export function undone(draft: Draft, row: NodeInstance, output: Json): void {
  const { node, visit } = row;
  const whose = draft.kept(row)['for'] as JsonObject | undefined;
  draft.outputs.push({ node, visit, output });
  draft.close(row, 'done', null);
  const original = draft.row({ node, visit: undoneVisit(visit) });
  if (original) draft.put({ ...original, status: 'compensated' });
  const waiting = whose && draft.row(whose as unknown as NodeRef);
  if (!waiting || !isActive(waiting.status)) return;
  undoNext(draft, waiting, (draft.kept(waiting)['left'] ?? []) as unknown as readonly NodeRef[]);
}
