import type { Changes, StartAnswer, StartCandidate } from '../../engine/ports/store.js';
import { keyName, type MemoryRows } from '../memory-store-rows.js';

const RECEIPT_MS = 30 * 24 * 60 * 60 * 1000;

/** Stores new instances; nothing is written before every decision is made. */
export function start(rows: MemoryRows, candidates: readonly StartCandidate[]): StartAnswer[] {
  const now = rows.clock.now();
  const taken = new Map<string, string>();
  const receipts = new Map<string, string>();
  const winners: { one: StartCandidate; changes: Changes }[] = [];
  const answers = candidates.map((one): StartAnswer => {
    const receipt = one.receipt === null ? null : keyName(one.flow, one.receipt);
    const key = one.key === null ? null : keyName(one.flow, one.key);
    const remembered = receipt === null ? undefined : (receipts.get(receipt) ?? valid(rows, receipt, now));
    const live = key === null ? undefined : (taken.get(key) ?? rows.keys.get(key));
    const other = remembered ?? live;
    const id = other ?? one.id;
    if (receipt !== null) receipts.set(receipt, id);
    if (other === undefined) {
      if (key !== null) taken.set(key, id);
      winners.push({ one, changes: { ...one.decide(now), instanceChanged: true } });
    }
    const byKey = remembered === undefined && other !== undefined;
    return { id, duplicate: other !== undefined, ...(byKey && { byKey }) };
  });
  for (const [key, id] of taken) rows.keys.set(key, id);
  for (const [receipt, instance] of receipts) {
    if (valid(rows, receipt, now) === undefined) rows.receipts.set(receipt, { instance, expiresAt: now + RECEIPT_MS });
  }
  for (const { one, changes } of winners) {
    rows.inputs.set(one.id, JSON.stringify(one.input));
    if (one.play !== undefined) rows.plays.started.set(one.id, one.play);
    rows.write(changes);
  }
  return answers;
}

function valid(rows: MemoryRows, receipt: string, now: number): string | undefined {
  const stored = rows.receipts.get(receipt);
  return stored !== undefined && stored.expiresAt > now ? stored.instance : undefined;
}
