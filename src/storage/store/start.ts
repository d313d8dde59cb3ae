import type { StartAnswer, StartCandidate } from '../../engine/ports/store.js';
import type { Session, Sql, Table, Value } from '../sql/session.js';
import { keyHash, order } from './node-writes.js';
import { INPUT, LIVE_KEY, PLAY_INSTANCE, RECEIPT } from './tables.js';
import { writeChanges } from './write.js';

/** How long a start's identity is remembered: 30 days. */
const RECEIPT_MS = 30 * 24 * 60 * 60 * 1000;

/** Who stands for a hash: read under the row's lock, then moved in memory, at last written where it moved. */
interface Claim {
  readonly flow: string;
  readonly hash: string;
  /** In the row now. */
  stored: string;
  /** `null`: free. */
  owner: string | null;
}
type Claims = Map<string, Claim>;

/**
 * Stores new instances. Rows of receipts and keys are laid by an upsert that changes nothing where there is one
 * already, so that of two starters one waits for the other and then reads its row; no start reads before it locks.
 */
export function start(sql: Sql, candidates: readonly StartCandidate[]): Promise<readonly StartAnswer[]> {
  if (candidates.length === 0) return Promise.resolve([]);
  return sql.transaction(async (session) => {
    const askedAt = await session.now();
    const receipts = await claim(session, RECEIPT, candidates, (one) => one.receipt, askedAt);
    const keys = await claim(session, LIVE_KEY, candidates, (one) => one.key, askedAt);
    // Who waited for a key begins when it was free, not when it was asked for.
    const now = keys.size > 0 ? await session.now() : askedAt;
    const { answers, winners } = decide(candidates, receipts, keys);
    const changes = winners.map((one) => ({ ...one.decide(now), instanceChanged: true }));
    // An instance that ended as it started holds no key.
    await settle(session, RECEIPT, receipts, now);
    await settle(session, LIVE_KEY, keys, now);
    await session.upsert(
      INPUT,
      winners.map((one) => [one.id, JSON.stringify(one.input)]).sort((a, b) => order(`${a[0]}`, `${b[0]}`)),
    );
    const played = winners.flatMap(({ id, play }) => (play === undefined ? [] : [[play, id]]));
    if (played.length > 0) await session.insert(PLAY_INSTANCE, played);
    await writeChanges(session, changes);
    return answers;
  });
}

function decide(
  candidates: readonly StartCandidate[],
  receipts: Claims,
  keys: Claims,
): { answers: StartAnswer[]; winners: StartCandidate[] } {
  const answers: StartAnswer[] = [];
  const winners: StartCandidate[] = [];
  for (const one of candidates) {
    const receipt = one.receipt === null ? undefined : receipts.get(name(one.flow, keyHash(one.receipt)));
    const key = one.key === null ? undefined : keys.get(name(one.flow, keyHash(one.key)));
    const other = receipt?.owner ?? key?.owner ?? null;
    const byKey = !receipt?.owner && other !== null;
    const id = other ?? one.id;
    if (receipt !== undefined) receipt.owner = id;
    if (other === null) {
      if (key !== undefined) key.owner = id;
      winners.push(one);
    }
    answers.push({ id, duplicate: other !== null, ...(byKey && { byKey }) });
  }
  return { answers, winners };
}

async function claim(
  session: Session,
  table: Table,
  candidates: readonly StartCandidate[],
  of: (one: StartCandidate) => string | null,
  now: number,
): Promise<Claims> {
  const wanted = new Map<string, { flow: string; hash: string; id: string }>();
  for (const one of candidates) {
    const value = of(one);
    if (value === null) continue;
    const hash = keyHash(value);
    if (!wanted.has(name(one.flow, hash))) wanted.set(name(one.flow, hash), { flow: one.flow, hash, id: one.id });
  }
  const sorted = [...wanted].sort(([a], [b]) => order(a, b)).map(([, one]) => one);
  const rows = sorted.map(({ flow, hash, id }): Value[] => [flow, hash, id, now + RECEIPT_MS]);
  await session.lay(
    table,
    rows.map((row) => row.slice(0, table.columns.length)),
  );
  const find = { columns: table.columns.map((column) => `t.${column}`).join(', '), table: table.name, key: table.key };
  const ours = new Set(candidates.map((one) => one.id));
  const claims: Claims = new Map();
  for (const row of await session.find(
    find,
    sorted.map(({ flow, hash }) => [flow, hash]),
  )) {
    const [flow, hash, stored] = [String(row['flow']), String(row['hash']), String(row['instance'])];
    const over = ours.has(stored) || Number(row['expires_at'] ?? Infinity) <= now;
    claims.set(name(flow, hash), { flow, hash, stored, owner: over ? null : stored });
  }
  return claims;
}

/** Writes the rows whose owner is not the stored one, and takes back those that nobody owns. */
async function settle(session: Session, table: Table, claims: Claims, now: number): Promise<void> {
  const all = [...claims.values()];
  const moved = all.filter(({ owner, stored }) => owner !== null && owner !== stored);
  const rows = moved.map(({ flow, hash, owner }): Value[] => [flow, hash, owner, now + RECEIPT_MS]);
  await session.upsert(
    table,
    rows.map((row) => row.slice(0, table.columns.length)),
  );
  const free = all.filter(({ owner }) => owner === null).map(({ flow, hash }) => [flow, hash]);
  await session.change({ table: table.name, key: table.key }, free);
}

const name = (flow: string, hash: string): string => `${flow} ${hash}`;
