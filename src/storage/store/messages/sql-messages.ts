import type { Json } from '../../../core/json.js';
import { keyOfWait, keysOfMessage } from '../../../engine/commit/messages/matching.js';
import {
  type ClaimedMessage,
  type MessageCounts,
  type MessageRecord,
  MessageStore,
  type Outstanding,
  type SignalRecord,
  type WaitRecord,
} from '../../../engine/commit/messages/message-store.js';
import type { NodeKey } from '../../../engine/ports/store.js';
import { isDuplicate, type Row, type Sql, type Value } from '../../sql/session.js';
import { keyHash, order } from '../node-writes.js';
import { KEY, MESSAGE, SIGNAL, WAIT } from '../tables.js';

const WAIT_COLUMNS = WAIT.columns.map((column) => `t.${column}`).join(', ');
const MESSAGE_COLUMNS = MESSAGE.columns.map((column) => `t.${column}`).join(', ');
const WAITS_BY_HASH = { columns: WAIT_COLUMNS, table: WAIT.name, key: ['hash'] };
const MESSAGES_BY_HASH = { columns: 't.message', table: KEY.name, key: ['hash'] };
const OPEN = { columns: MESSAGE_COLUMNS, table: MESSAGE.name, key: MESSAGE.key, where: `t.state = 'open'` };

/** Messages and waits in SQL, of either dialect. */
export class SqlMessages extends MessageStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  async keep(message: Pick<MessageRecord, 'id' | 'name' | 'payload'>, ttlMs: number): Promise<MessageRecord | null> {
    const { id, name, payload } = message;
    try {
      return await this.sql.transaction(async (session) => {
        const now = await session.now();
        const kept = { id, name, payload, receivedAt: now, expiresAt: now + ttlMs };
        await session.insert(MESSAGE, [[id, name, JSON.stringify(payload), 'open', now, now + ttlMs, null, null]]);
        const hashes = [...new Set(keysOfMessage(message).map(keyHash))].sort(order);
        await session.insert(
          KEY,
          hashes.map((hash) => [id, hash]),
        );
        return kept;
      });
    } catch (error) {
      if (isDuplicate(error)) return null;
      throw error;
    }
  }

  async waitsFor(messages: readonly Pick<MessageRecord, 'name' | 'payload'>[]): Promise<readonly WaitRecord[]> {
    const hashes = new Set(messages.flatMap(keysOfMessage).map(keyHash));
    const rows = await this.sql.reading((session) =>
      session.find(
        WAITS_BY_HASH,
        [...hashes].map((hash) => [hash]),
      ),
    );
    return rows.map(waitOf).sort((a, b) => a.openedAt - b.openedAt || order(a.instance, b.instance));
  }

  messagesFor(waits: readonly Pick<WaitRecord, 'name' | 'match'>[]): Promise<readonly MessageRecord[]> {
    const hashes = new Set(waits.map((wait) => keyHash(keyOfWait(wait))));
    return this.sql.reading(async (session) => {
      const found = await session.find(
        MESSAGES_BY_HASH,
        [...hashes].map((hash) => [hash]),
      );
      const ids = [...new Set(found.map((row) => String(row['message'])))].sort(order);
      const rows = await session.find(
        OPEN,
        ids.map((id) => [id]),
      );
      return rows.map(messageOf).sort(byTime);
    });
  }

  claim(message: string, wait: WaitRecord): Promise<boolean> {
    return this.sql.transaction(async (session) => {
      const found = await session.rows(`SELECT state FROM ${MESSAGE.name} WHERE id = ? ${session.claiming}`, [message]);
      if (found[0]?.['state'] !== 'open') return false;
      const values = [JSON.stringify(wait), await session.now()];
      const set = `state = 'claimed', claimed_by = ?, claimed_at = ?`;
      await session.change({ table: MESSAGE.name, set, values, key: MESSAGE.key }, [[message]]);
      return true;
    });
  }

  release(message: string, { instance, node, visit }: NodeKey): Promise<boolean> {
    return this.sql.transaction(async (session) => {
      const found = await session.rows(
        `SELECT claimed_by FROM ${MESSAGE.name} WHERE id = ? AND state = 'claimed' ${session.claiming}`,
        [message],
      );
      const by = found[0] && claimerOf(found[0]);
      if (by?.instance !== instance || by.node !== node || by.visit !== visit) return false;
      const set = `state = 'open', claimed_by = NULL, claimed_at = NULL`;
      await session.change({ table: MESSAGE.name, set, key: MESSAGE.key }, [[message]]);
      return true;
    });
  }

  forget({ instance, node, visit, openedAt }: WaitRecord): Promise<void> {
    const which = { table: WAIT.name, key: WAIT.key, where: 'opened_at = ?', whereValues: [openedAt] };
    return this.sql.transaction((session) => session.change(which, [[instance, node, visit]]));
  }

  outstanding(): Promise<Outstanding> {
    return this.sql.reading(async (session) => {
      const now = await session.now();
      const [row] = await session.rows(
        `SELECT (SELECT MIN(claimed_at) FROM ${MESSAGE.name} WHERE state = 'claimed') AS claimed_at, ` +
          `(SELECT MAX(received_at) FROM ${MESSAGE.name} WHERE state = 'open') AS received_at, ` +
          `(SELECT MAX(opened_at) FROM ${WAIT.name}) AS opened_at, ` +
          `(SELECT MIN(expires_at) FROM ${MESSAGE.name}) AS expires_at`,
      );
      const at = (column: string): number | null => (row?.[column] == null ? null : Number(row[column]));
      const written = [at('received_at'), at('opened_at')].filter((time) => time !== null);
      const writtenAt = written.length === 0 ? null : Math.max(...written);
      return { now, claimedAt: at('claimed_at'), writtenAt, expiresAt: at('expires_at') };
    });
  }

  recent(from: number, limit: number): Promise<{ messages: readonly MessageRecord[]; waits: readonly WaitRecord[] }> {
    return this.sql.reading(async (session) => {
      const messages = await session.rows(
        `SELECT ${MESSAGE_COLUMNS} FROM ${MESSAGE.name} t ${session.index('message_by_time')} ` +
          `WHERE t.state = 'open' AND t.received_at >= ? ORDER BY t.received_at LIMIT ${limit}`,
        [from],
      );
      const waits = await session.rows(
        `SELECT ${WAIT_COLUMNS} FROM ${WAIT.name} t ${session.index('wait_by_time')} ` +
          `WHERE t.opened_at >= ? ORDER BY t.opened_at LIMIT ${limit}`,
        [from],
      );
      return { messages: messages.map(messageOf), waits: waits.map(waitOf) };
    });
  }

  claimedFor(ms: number, limit: number): Promise<readonly ClaimedMessage[]> {
    return this.sql.reading(async (session) => {
      const rows = await session.rows(
        `SELECT ${MESSAGE_COLUMNS} FROM ${MESSAGE.name} t WHERE t.state = 'claimed' AND t.claimed_at <= ? LIMIT ${limit}`,
        [(await session.now()) - ms],
      );
      return rows.flatMap((row) => {
        const by = claimerOf(row);
        return by ? [{ ...messageOf(row), by }] : [];
      });
    });
  }

  expired(limit: number): Promise<readonly MessageRecord[]> {
    return this.sql.transaction(async (session) => {
      const rows = await session.rows(
        `SELECT ${MESSAGE_COLUMNS} FROM ${MESSAGE.name} t WHERE t.expires_at <= ? AND t.state <> 'claimed' ` +
          `ORDER BY t.expires_at LIMIT ${limit} ${session.claiming}`,
        [await session.now()],
      );
      const over = rows.filter((row) => row['state'] === 'taken').map((row): Value[] => [row['id'] ?? '']);
      await session.change({ table: MESSAGE.name, key: MESSAGE.key }, over.sort(byFirst));
      return rows.filter((row) => row['state'] === 'open').map(messageOf);
    });
  }

  remove(messages: readonly string[]): Promise<void> {
    if (messages.length === 0) return Promise.resolve();
    const keys = messages.toSorted(order).map((id) => [id]);
    return this.sql.transaction(async (session) => {
      await session.change({ table: MESSAGE.name, key: MESSAGE.key }, keys);
      await session.change({ table: KEY.name, key: ['message'] }, keys);
    });
  }

  async signals(limit: number, leaseMs: number): Promise<readonly SignalRecord[]> {
    // Nearly always there are none: whoever wrote them has delivered them. A transaction would be four statements.
    const any = await this.sql.reading((session) => session.rows(`SELECT 1 AS any_at_all FROM ${SIGNAL.name} LIMIT 1`));
    if (any.length === 0) return [];
    return this.sql.transaction(async (session) => {
      const now = await session.now();
      const rows = await session.rows(
        `SELECT id, wake_at, body FROM ${SIGNAL.name} t WHERE t.wake_at <= ? ORDER BY t.wake_at LIMIT ${limit} ${session.claiming}`,
        [now],
      );
      const ids = rows.map((row): Value[] => [row['id'] ?? '']).sort(byFirst);
      const set = 'wake_at = ?';
      await session.change({ table: SIGNAL.name, set, values: [now + leaseMs], key: SIGNAL.key }, ids);
      return rows.map((row) => ({
        id: String(row['id']),
        wakeAt: now + leaseMs,
        body: JSON.parse(String(row['body'])) as SignalRecord['body'],
      }));
    });
  }

  heard(signals: readonly string[]): Promise<void> {
    if (signals.length === 0) return Promise.resolve();
    const keys = signals.toSorted(order).map((id) => [id]);
    return this.sql.transaction((session) => session.change({ table: SIGNAL.name, key: SIGNAL.key }, keys));
  }

  counts(): Promise<MessageCounts> {
    return this.sql.reading(async (session) => {
      const [states, waits] = [
        await session.rows(`SELECT state, COUNT(*) AS n FROM ${MESSAGE.name} WHERE state <> 'taken' GROUP BY state`),
        await session.rows(`SELECT COUNT(*) AS n FROM ${WAIT.name}`),
      ];
      const of = (state: string): number => Number(states.find((row) => row['state'] === state)?.['n'] ?? 0);
      return { open: of('open'), claimed: of('claimed'), waits: Number(waits[0]?.['n'] ?? 0) };
    });
  }
}

const byTime = (a: MessageRecord, b: MessageRecord): number => a.receivedAt - b.receivedAt || order(a.id, b.id);
const byFirst = (a: readonly Value[], b: readonly Value[]): number => order(String(a[0]), String(b[0]));

const claimerOf = (row: Row): WaitRecord | null =>
  row['claimed_by'] == null ? null : (JSON.parse(String(row['claimed_by'])) as WaitRecord);

const messageOf = (row: Row): MessageRecord => ({
  id: String(row['id']),
  name: String(row['name']),
  payload: JSON.parse(String(row['payload'])) as Json,
  receivedAt: Number(row['received_at']),
  expiresAt: Number(row['expires_at']),
});

const waitOf = (row: Row): WaitRecord => ({
  instance: String(row['instance']),
  flow: String(row['flow']),
  version: Number(row['version']),
  node: String(row['node']),
  visit: Number(row['visit']),
  name: String(row['name']),
  match: JSON.parse(String(row['matching'])) as WaitRecord['match'],
  keepMs: row['keep_ms'] == null ? null : Number(row['keep_ms']),
  openedAt: Number(row['opened_at']),
});
