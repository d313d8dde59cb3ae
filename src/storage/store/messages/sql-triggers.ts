import {
  type QuotaClaim,
  type TickCursor,
  type TriggerCount,
  TriggerStore,
} from '../../../engine/start/triggers/trigger-store.js';
import { isDuplicate, type Sql, type Value } from '../../sql/session.js';
import { TRIGGER_CLAIM, TRIGGER_COUNT, TRIGGER_SHARE, TRIGGER_TICK } from '../tables.js';

/** Thrown to take back what the transaction has done. */
class NothingLeft extends Error {}

const ADDED =
  'started = started + ?, duplicate = duplicate + ?, passed = passed + ?, beyond = beyond + ?, failed = failed + ?, ' +
  'last_at = CASE WHEN last_at < ? THEN ? ELSE last_at END';

const TICKED = 'rule = ?, done_at = CASE WHEN done_at < ? THEN ? ELSE done_at END';

/** What triggers remember, in SQL of either dialect. */
export class SqlTriggers extends TriggerStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  async claim({ trigger, identity, share }: QuotaClaim, max: number): Promise<'taken' | 'again' | 'over'> {
    try {
      return await this.sql.transaction<'taken'>(async (session) => {
        await session.insert(TRIGGER_CLAIM, [[trigger, identity, share, await session.now()]]);
        await session.lay(TRIGGER_SHARE, [[trigger, share, 0]]);
        const [row] = await session.rows(`SELECT used FROM ${TRIGGER_SHARE.name} WHERE code = ? AND share = ?`, [
          trigger,
          share,
        ]);
        if (Number(row?.['used'] ?? 0) >= max) throw new NothingLeft();
        await session.change({ table: TRIGGER_SHARE.name, set: 'used = used + 1', key: TRIGGER_SHARE.key }, [
          [trigger, share],
        ]);
        return 'taken';
      });
    } catch (error) {
      if (error instanceof NothingLeft) return 'over';
      if (isDuplicate(error)) return 'again';
      throw error;
    }
  }

  release({ trigger, identity, share }: QuotaClaim): Promise<void> {
    return this.sql.transaction(async (session) => {
      const found = await session.rows(
        `SELECT code FROM ${TRIGGER_CLAIM.name} WHERE code = ? AND identity = ? ${session.claiming}`,
        [trigger, identity],
      );
      if (found.length === 0) return;
      await session.change({ table: TRIGGER_CLAIM.name, key: TRIGGER_CLAIM.key }, [[trigger, identity]]);
      const set = 'used = used - 1';
      await session.change({ table: TRIGGER_SHARE.name, set, key: TRIGGER_SHARE.key }, [[trigger, share]]);
    });
  }

  add(counts: readonly TriggerCount[]): Promise<void> {
    const rows = counts.map(({ trigger }): Value[] => [trigger, 0, 0, 0, 0, 0, 0]);
    return this.sql.transaction(async (session) => {
      await session.lay(TRIGGER_COUNT, rows);
      for (const { trigger, started, duplicate, passed, over, failed, lastAt } of counts) {
        const values = [started, duplicate, passed, over, failed, lastAt ?? 0, lastAt ?? 0];
        await session.change({ table: TRIGGER_COUNT.name, set: ADDED, values, key: TRIGGER_COUNT.key }, [[trigger]]);
      }
    });
  }

  counts(): Promise<readonly TriggerCount[]> {
    return this.sql.reading(async (session) => {
      const rows = await session.rows(
        `SELECT ${TRIGGER_COUNT.columns.join(', ')} FROM ${TRIGGER_COUNT.name} ORDER BY code`,
      );
      return rows.map((row) => ({
        trigger: String(row['code']),
        started: Number(row['started']),
        duplicate: Number(row['duplicate']),
        passed: Number(row['passed']),
        over: Number(row['beyond']),
        failed: Number(row['failed']),
        lastAt: Number(row['last_at']) || null,
      }));
    });
  }

  cursors(triggers: readonly Omit<TickCursor, 'doneAt'>[]): Promise<ReadonlyMap<string, TickCursor>> {
    return this.sql.transaction(async (session) => {
      const now = await session.now();
      const sorted = triggers.toSorted((a, b) => (a.trigger < b.trigger ? -1 : 1));
      await session.lay(
        TRIGGER_TICK,
        sorted.map(({ trigger, rule }) => [trigger, rule, now]),
      );
      const find = { columns: 't.code, t.rule, t.done_at', table: TRIGGER_TICK.name, key: TRIGGER_TICK.key };
      const rows = await session.find(
        find,
        sorted.map(({ trigger }) => [trigger]),
      );
      return new Map(
        rows.map((row) => {
          const trigger = String(row['code']);
          return [trigger, { trigger, rule: String(row['rule']), doneAt: Number(row['done_at']) }];
        }),
      );
    });
  }

  tickedTo({ trigger, rule, doneAt }: TickCursor): Promise<void> {
    return this.sql.transaction((session) =>
      session.change({ table: TRIGGER_TICK.name, set: TICKED, values: [rule, doneAt, doneAt], key: TRIGGER_TICK.key }, [
        [trigger],
      ]),
    );
  }

  /** Others' locks are passed over: every engine does this. */
  forgetClaims(before: number, limit: number): Promise<number> {
    return this.sql.transaction(async (session) => {
      const rows = await session.rows(
        `SELECT code, identity FROM ${TRIGGER_CLAIM.name} WHERE claimed_at < ? ORDER BY claimed_at LIMIT ${limit} ${session.claiming}`,
        [before],
      );
      await session.change(
        { table: TRIGGER_CLAIM.name, key: TRIGGER_CLAIM.key },
        rows.map((row): Value[] => [String(row['code']), String(row['identity'])]),
      );
      return rows.length;
    });
  }
}
