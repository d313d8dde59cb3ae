import { keyOfWait } from '../../../engine/commit/messages/matching.js';
import type { Beyond, ManualRecord, WaitRecord } from '../../../engine/commit/messages/message-store.js';
import type { Session, Value } from '../../sql/session.js';
import { keyHash, order } from '../node-writes.js';
import { KEY, MANUAL, MESSAGE, SIGNAL, WAIT } from '../tables.js';

/** Writes what transitions do beside their instances, in the same transaction. */
export async function writeBeyond(session: Session, beyonds: readonly Beyond[]): Promise<void> {
  const closed = beyonds.flatMap((beyond) => beyond.closed);
  const opened = beyonds.flatMap((beyond) => beyond.opened);
  const taken = beyonds.flatMap((beyond) => beyond.taken).map((id) => [id]);
  const keys = closed.map(({ instance, node, visit }): Value[] => [instance, node, visit]);
  await session.change({ table: WAIT.name, key: WAIT.key }, keys.sort(byKey));
  await session.upsert(WAIT, opened.map(waitValues).sort(byKey));
  await session.change({ table: MESSAGE.name, set: `state = 'taken'`, key: MESSAGE.key }, taken.sort(byKey));
  const signals = beyonds.flatMap((beyond) => beyond.signals);
  const words = signals.map(({ id, wakeAt, body }): Value[] => [id, wakeAt, JSON.stringify(body)]);
  await session.upsert(SIGNAL, words.sort(byKey));
  await session.change({ table: KEY.name, key: ['message'] }, taken);
  const manual = beyonds.flatMap((beyond) => beyond.manual ?? []);
  if (manual.length === 0) return;
  const over = manual.flatMap((one) => one.closed.map(({ instance, node, visit }): Value[] => [instance, node, visit]));
  await session.change({ table: MANUAL.name, key: MANUAL.key }, over.sort(byKey));
  await session.upsert(MANUAL, manual.flatMap((one) => one.opened.map(manualValues)).sort(byKey));
}

function waitValues(wait: WaitRecord): Value[] {
  const { instance, node, visit, flow, version, name, match, keepMs, openedAt } = wait;
  const hash = keyHash(keyOfWait(wait));
  return [instance, node, visit, hash, flow, version, name, JSON.stringify(match), keepMs, openedAt];
}

function manualValues(asked: ManualRecord): Value[] {
  const { instance, node, visit, flow, version, assignee, shown, openedAt, dueAt, expiresAt } = asked;
  const json = shown === null ? null : JSON.stringify(shown);
  return [instance, node, visit, flow, version, assignee, json, openedAt, dueAt, expiresAt];
}

const byKey = (a: readonly Value[], b: readonly Value[]): number =>
  order(String(a[0]), String(b[0])) || order(String(a[1]), String(b[1])) || Number(a[2]) - Number(b[2]);
