import { visitOf } from '../../../definition/work/each.js';
import type { Failure, NodeInstance } from '../../instance.js';
import type { Draft } from '../../walk/draft.js';
import { beginPhase, isWholeTcc, type Progress, partsUnder, progressOf } from './progress.js';

type Cancel = (draft: Draft, row: NodeInstance, by: string) => void;

/** Nobody has confirmed: everybody who was told to try is cancelled, and who still tries is told to stop. */
export function cancelTried(
  draft: Draft,
  whole: NodeInstance,
  why: NonNullable<Progress['why']>,
  by: string,
  cancel: Cancel,
): void {
  const node = draft.node(whole.node);
  const progress = progressOf(draft, whole);
  if (!progress || !isWholeTcc(node, whole)) return;
  for (const part of partsUnder(draft, whole)) cancel(draft, part, by);
  beginPhase(draft, whole, node, { ...progress, phase: 'cancel', open: 0, why }, progress.begun);
}

/**
 * The flow wants nothing more of a node whose participants have begun. What is decided goes on to its end, and what is
 * not is decided now: who has tried is cancelled. It takes no line any more, and is over when all are settled. `false`: it is
 * another node, or nothing of it is open, so that there is nothing to wait for.
 */
export function withdrawTcc(draft: Draft, row: NodeInstance, by: string, cancel: Cancel): boolean {
  if (row.status === 'cancelling') return true;
  const progress = isWholeTcc(draft.node(row.node), row) ? progressOf(draft, row) : null;
  if (!progress || progress.open === 0) return false;
  const leaving: NodeInstance = { ...row, status: 'cancelling' };
  draft.put(leaving);
  if (progress.phase === 'try') {
    cancelTried(draft, leaving, { participant: null, failure: null, message: `withdrawn by ${by}` }, by, cancel);
  }
  return true;
}

/** All who was told to try within a time has to have tried by then; what follows is what follows a last attempt that timed out. */
export function expireTries(draft: Draft, whole: NodeInstance, withinMs: number, cancel: Cancel): void {
  const node = draft.node(whole.node);
  const progress = progressOf(draft, whole);
  if (!isWholeTcc(node, whole) || progress?.phase !== 'try') return;
  const late = node.tcc.participants.map(({ name }) => name).filter((name) => !Object.hasOwn(progress.tried, name));
  const names = late.map((name) => `'${name}'`).join(' and ');
  const message = `Expected all of '${node.id}' to have tried within ${withinMs} ms, but ${names} had not.`;
  const failure: Failure = { code: 'TIMEOUT', message, permanent: false };
  cancelTried(draft, whole, { participant: null, failure, message }, `'${node.id}', whose time to try is over`, cancel);
}

/** Whether a node instance, or the one that it is a participant of, is settled only because something was begun. */
export const isWithdrawn = (draft: Draft, { node, visit, status }: NodeInstance): boolean =>
  status === 'cancelling' || draft.row({ node, visit: visitOf(visit) })?.status === 'cancelling';
