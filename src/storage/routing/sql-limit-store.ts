import { admit, type Known, type Refusal } from '../../core/routing/limits/bound.js';
import { type Exchange, LimitStore } from '../../engine/health/limits/limit-store.js';
import type { Row, Session, Sql, Value } from '../sql/session.js';
import { ROUTING_LIMIT } from '../store/tables.js';

/** What all engines have in common stands under no engine. */
const ALL = '';
/** A pace has parts of a millisecond, a column has none. */
const MICROS = 1_000;
/** Rows that are forgotten at once. */
const PAGE = 500;
const OF_KEYS = { columns: 't.limit_key, t.engine, t.held, t.until_at, t.next_at', table: ROUTING_LIMIT.name };
const REMOVAL = { table: ROUTING_LIMIT.name, key: ROUTING_LIMIT.key };

/** Limits in SQL: the row that is everybody's is locked, so engines ask one after another. */
export class SqlLimitStore extends LimitStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  override exchange({ engine, held, wanted, leaseMs }: Exchange): Promise<readonly (Refusal | null)[]> {
    const asked = new Set([...held.keys(), ...wanted.flatMap((bounds) => bounds.map(({ key }) => key))]);
    const keys = new Map([...asked].map((key) => [textOf(key), key]));
    const texts = [...keys.keys()].sort();
    return this.sql.transaction(async (session) => {
      await session.lay(
        ROUTING_LIMIT,
        texts.map((text) => [text, ALL, 0, 0, 0]),
      );
      const now = await session.now();
      const rows = await session.find(
        { ...OF_KEYS, key: ['limit_key'] },
        texts.map((text) => [text]),
      );
      const state = new Map<string, Known>();
      for (const [text, key] of keys) state.set(key, knownOf(rows, text, engine, now, held.get(key) ?? 0));
      const answers = wanted.map((bounds) => admit(bounds, state, now));
      await this.write(session, engine, [...keys], state, { now, leaseMs });
      return answers;
    });
  }

  override async tidy(unusedMs: number): Promise<void> {
    await this.sql.transaction(async (session) => {
      const before = (await session.now()) - unusedMs;
      const rows = await session.rows(
        `SELECT limit_key, engine FROM ${ROUTING_LIMIT.name} WHERE until_at < ? AND next_at < ? LIMIT ${PAGE}`,
        [before, before * MICROS],
      );
      await session.change(
        { ...REMOVAL, where: 'until_at < ?', whereValues: [before] },
        rows.map(({ limit_key, engine }): Value[] => [limit_key ?? '', engine ?? '']).sort(byKey),
      );
    });
  }

  private async write(
    session: Session,
    engine: string,
    keys: readonly (readonly [string, string])[],
    state: ReadonlyMap<string, Known>,
    { now, leaseMs }: { readonly now: number; readonly leaseMs: number },
  ): Promise<void> {
    const rows: Value[][] = [];
    const gone: Value[][] = [];
    for (const [text, key] of keys) {
      const { mine, nextAt } = state.get(key) as Known;
      rows.push([text, ALL, 0, now, Math.ceil(nextAt * MICROS)]);
      if (mine > 0) rows.push([text, engine, mine, now + leaseMs, 0]);
      else gone.push([text, engine]);
    }
    await session.upsert(ROUTING_LIMIT, rows.sort(byKey));
    await session.change(REMOVAL, gone.sort(byKey));
  }
}

function knownOf(rows: readonly Row[], text: string, engine: string, now: number, mine: number): Known {
  let others = 0;
  let nextAt = 0;
  for (const row of rows) {
    if (row['limit_key'] !== text) continue;
    if (row['engine'] === ALL) nextAt = Number(row['next_at']) / MICROS;
    else if (row['engine'] !== engine && Number(row['until_at']) > now) others += Number(row['held']);
  }
  return { others, mine, nextAt };
}

/** In ASCII: a column of ids takes nothing else. */
const textOf = (key: string): string =>
  JSON.stringify(key).replaceAll(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

const byKey = (a: readonly Value[], b: readonly Value[]): number => {
  const [one, other] = [`${String(a[0])} ${String(a[1])}`, `${String(b[0])} ${String(b[1])}`];
  return one < other ? -1 : Number(one > other);
};
