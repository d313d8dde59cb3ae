import type { JsonObject } from '../../core/json.js';
import type { Override } from '../../core/routing/rules.js';
import {
  type NewRules,
  OrderStore,
  type RoutingChange,
  type StoredOrders,
  type StoredOverride,
  type StoredRules,
} from '../../engine/health/orders/order-store.js';
import type { Page } from '../../engine/ports/views.js';
import { isPlain, type Row, type Session, type Sql, type Table, type Value } from '../sql/session.js';
import { ROUTING_CHANGE, ROUTING_OVERRIDE, ROUTING_RULES } from '../store/tables.js';
import { keysOf, pageOf, pageSize } from '../views/cursor.js';
import { changing, lastChange, log } from './change-log.js';
import { namedLanes } from './sql-lane-store.js';

const OVERRIDES = `SELECT ${ROUTING_OVERRIDE.columns.join(', ')} FROM ${ROUTING_OVERRIDE.name}`;
const REMOVAL = { table: ROUTING_OVERRIDE.name, key: ROUTING_OVERRIDE.key };
const RULES = `SELECT ${ROUTING_RULES.columns.join(', ')} FROM ${ROUTING_RULES.name}`;

interface Asked {
  readonly cursor?: string;
  readonly limit: number;
}

/** Rules, overrides and their change log in SQL. */
export class SqlOrderStore extends OrderStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  lastChange(): Promise<number> {
    return this.sql.reading(lastChange);
  }

  /** The change is read first: what is newer than it is found again by the next look. */
  inForce(): Promise<StoredOrders> {
    return this.sql.reading(async (session) => {
      const change = await lastChange(session);
      const [rules] = await session.rows(`${RULES} ORDER BY version DESC LIMIT 1`);
      const now = await session.now();
      const rows = await session.rows(`${OVERRIDES} WHERE until_at > ? ORDER BY made_at, code`, [now]);
      const lanes = await namedLanes(session);
      return { change, rules: rules === undefined ? null : rulesOf(rules), overrides: rows.map(overrideOf), lanes };
    });
  }

  publish(rules: NewRules): Promise<{ rules: StoredRules; created: boolean }> {
    const { sha256, source, note, restores, by } = rules;
    return this.changing(async (session, at) => {
      const [newest] = await session.rows(`${RULES} ORDER BY version DESC LIMIT 1`);
      if (newest?.['sha256'] === sha256) return { rules: rulesOf(newest), created: false };
      const version = Number(newest?.['version'] ?? 0) + 1;
      await session.insert(ROUTING_RULES, [[version, sha256, source, note, restores, by, at]]);
      const kind = restores === null ? 'rules.published' : 'rules.restored';
      await log(session, { kind, ref: String(version), reason: note, detail: { version, restores }, by, at });
      return { rules: { ...rules, version, at }, created: true };
    });
  }

  async rules(version: number): Promise<StoredRules | null> {
    const [row] = await this.sql.reading((session) => session.rows(`${RULES} WHERE version = ?`, [version]));
    return row === undefined ? null : rulesOf(row);
  }

  versions(asked: Asked): Promise<Page<StoredRules>> {
    return this.page(ROUTING_RULES, 'version', asked, rulesOf);
  }

  set(override: Override, by: string): Promise<StoredOverride> {
    return this.changing(async (session, at) => {
      const ended = await session.rows(`SELECT code FROM ${ROUTING_OVERRIDE.name} WHERE until_at <= ?`, [at]);
      await session.change(
        REMOVAL,
        ended.map((row) => [String(row['code'])]),
      );
      const { code, until, reason } = override;
      await session.upsert(ROUTING_OVERRIDE, [[code, until, JSON.stringify(override), by, at]]);
      const detail = { ...override } as unknown as JsonObject;
      await log(session, { kind: 'override.set', ref: code, reason, detail, by, at });
      return { ...override, by, at };
    });
  }

  async remove(code: string, by: string, reason: string | null): Promise<boolean> {
    if (!isPlain(code)) return false;
    return this.changing(async (session, at) => {
      const [row] = await session.rows(`${OVERRIDES} WHERE code = ? AND until_at > ?`, [code, at]);
      if (row === undefined) return false;
      await session.change(REMOVAL, [[code]]);
      const detail = JSON.parse(String(row['override'])) as JsonObject;
      await log(session, { kind: 'override.removed', ref: code, reason, detail, by, at });
      return true;
    });
  }

  changes(asked: Asked): Promise<Page<RoutingChange>> {
    return this.page(ROUTING_CHANGE, 'id', asked, changeOf);
  }

  private changing<T>(work: (session: Session, at: number) => Promise<T>): Promise<T> {
    return changing(this.sql, work);
  }

  private async page<T>(table: Table, key: string, asked: Asked, item: (row: Row) => T): Promise<Page<T>> {
    const limit = pageSize(asked.limit);
    const [after] = keysOf(asked.cursor, 1) ?? [];
    const where = typeof after === 'number' ? `WHERE ${key} < ?` : '';
    const rows = await this.sql.reading((session) =>
      session.rows(
        `SELECT ${table.columns.join(', ')} FROM ${table.name} ${where} ORDER BY ${key} DESC LIMIT ${limit + 1}`,
        typeof after === 'number' ? [after] : [],
      ),
    );
    return pageOf(rows, limit, item, (row): readonly Value[] => [Number(row[key])]);
  }
}

const text = (value: Value | undefined): string | null => (value == null ? null : String(value));
const signed = (row: Row) => ({ by: String(row['made_by']), at: Number(row['made_at']) });

const overrideOf = (row: Row): StoredOverride => ({
  ...(JSON.parse(String(row['override'])) as Override),
  ...signed(row),
});

const rulesOf = (row: Row): StoredRules => ({
  version: Number(row['version']),
  sha256: String(row['sha256']),
  source: String(row['source']),
  note: text(row['note']),
  restores: row['restores'] == null ? null : Number(row['restores']),
  ...signed(row),
});

const changeOf = (row: Row): RoutingChange => ({
  id: Number(row['id']),
  kind: String(row['kind']) as RoutingChange['kind'],
  ref: String(row['ref']),
  reason: text(row['reason']),
  detail: JSON.parse(String(row['detail'])) as JsonObject,
  ...signed(row),
});
