import type { Play } from '../../../core/definition/starting/play.js';
import type { InstanceStatus } from '../../../core/flow/instance.js';
import type { Page } from '../../../engine/ports/views.js';
import {
  type PlayChange,
  type PlayFilter,
  type PlayRevision,
  PlayStore,
} from '../../../engine/start/plays/play-store.js';
import { isDuplicate, isPlain, type Row, type Session, type Sql, type Value } from '../../sql/session.js';
import { keysOf, pageOf, pageSize } from '../../views/cursor.js';
import { keyHash } from '../node-writes.js';
import { PLAY, PLAY_INSTANCE, PLAY_REVISION, RECEIPT } from '../tables.js';

const NEWEST =
  `SELECT ${PLAY_REVISION.columns.map((column) => `r.${column}`).join(', ')} FROM ${PLAY.name} p ` +
  `JOIN ${PLAY_REVISION.name} r ON r.code = p.code AND r.revision = p.revision`;

type Written = Omit<PlayRevision, 'revision' | 'at'>;

/** Plays in SQL of either dialect. */
export class SqlPlays extends PlayStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  async create(play: Written): Promise<PlayRevision | null> {
    try {
      return await this.sql.transaction(async (session) => {
        await session.insert(PLAY, [[play.code, play.flow, play.state, 1]]);
        return keep(session, play, 1);
      });
    } catch (error) {
      if (isDuplicate(error)) return null;
      throw error;
    }
  }

  /** The insert of the revision decides between two who change the same one. */
  async change(play: Written, before: number): Promise<PlayRevision | null> {
    const { code, state } = play;
    try {
      return await this.sql.transaction(async (session) => {
        const [row] = await session.rows(`SELECT revision FROM ${PLAY.name} WHERE code = ?`, [code]);
        if (row === undefined || Number(row['revision']) !== before) return null;
        const kept = await keep(session, play, before + 1);
        const set = { table: PLAY.name, set: 'state = ?, revision = ?', values: [state, before + 1], key: PLAY.key };
        await session.change(set, [[code]]);
        return kept;
      });
    } catch (error) {
      if (isDuplicate(error)) return null;
      throw error;
    }
  }

  async find(code: string): Promise<PlayRevision | null> {
    if (!isPlain(code)) return null;
    const [row] = await this.sql.reading((session) => session.rows(`${NEWEST} WHERE p.code = ?`, [code]));
    // Trailing spaces do not count when a server compares ids.
    return row === undefined || row['code'] !== code ? null : revisionOf(row);
  }

  liveOf(flow: string): Promise<readonly PlayRevision[]> {
    return this.sql.reading(async (session) => {
      const rows = await session.rows(`${NEWEST} WHERE p.flow = ? AND p.state = 'live' ORDER BY p.code`, [flow]);
      return rows.map(revisionOf);
    });
  }

  async list(filter: PlayFilter): Promise<Page<PlayRevision>> {
    const limit = pageSize(filter.limit);
    const [after] = keysOf(filter.cursor, 1) ?? [];
    const asked: (readonly [string, Value])[] = [];
    if (filter.flow !== undefined) asked.push(['p.flow = ?', filter.flow]);
    if (filter.state !== undefined) asked.push(['p.state = ?', filter.state]);
    if (typeof after === 'string') asked.push(['p.code > ?', after]);
    if (!asked.every(([, value]) => isPlain(value))) return { items: [], next: null };
    const where = asked.length === 0 ? '' : `WHERE ${asked.map(([condition]) => condition).join(' AND ')}`;
    const values = asked.map(([, value]) => value);
    const rows = await this.sql.reading((session) =>
      session.rows(`${NEWEST} ${where} ORDER BY p.code LIMIT ${limit + 1}`, values),
    );
    return pageOf(rows, limit, revisionOf, (row) => [String(row['code'])]);
  }

  async revisions(
    code: string,
    page: { readonly cursor?: string; readonly limit: number },
  ): Promise<Page<PlayRevision>> {
    const limit = pageSize(page.limit);
    const [after] = keysOf(page.cursor, 1) ?? [];
    const before = typeof after === 'number' ? after : Number.MAX_SAFE_INTEGER;
    if (!isPlain(code)) return { items: [], next: null };
    const rows = await this.sql.reading((session) =>
      session.rows(
        `SELECT ${PLAY_REVISION.columns.join(', ')} FROM ${PLAY_REVISION.name} WHERE code = ? AND revision < ? ` +
          `ORDER BY revision DESC LIMIT ${limit + 1}`,
        [code, Math.min(before, 2_147_483_647)],
      ),
    );
    return pageOf(rows, limit, revisionOf, (row) => [Number(row['revision'])]);
  }

  async counts(code: string): Promise<Readonly<Partial<Record<InstanceStatus, number>>>> {
    if (!isPlain(code)) return {};
    const rows = await this.sql.reading((session) =>
      session.rows(
        `SELECT i.status, COUNT(*) AS many FROM ${PLAY_INSTANCE.name} p JOIN instance i ON i.id = p.instance ` +
          'WHERE p.play = ? GROUP BY i.status',
        [code],
      ),
    );
    return Object.fromEntries(rows.map((row) => [String(row['status']), Number(row['many'])]));
  }

  startedAs(flow: string, receipt: string): Promise<string | null> {
    return this.sql.reading(async (session) => {
      const [row] = await session.rows(
        `SELECT instance FROM ${RECEIPT.name} WHERE flow = ? AND hash = ? AND expires_at > ?`,
        [flow, keyHash(receipt), await session.now()],
      );
      return row === undefined ? null : String(row['instance']);
    });
  }
}

async function keep(session: Session, play: Written, revision: number): Promise<PlayRevision> {
  const { code, what, by, reason, ...body } = play;
  const at = await session.now();
  await session.insert(PLAY_REVISION, [[code, revision, JSON.stringify(bodyOf(body)), what, by, reason, at]]);
  return { ...play, revision, at };
}

/** What it configures, and nothing that a caller carried along. */
const bodyOf = ({ title, flow, params, window, audience, quota, state }: Omit<Play, 'code'>): Omit<Play, 'code'> => ({
  title,
  flow,
  params,
  window,
  audience,
  quota,
  state,
});

const revisionOf = (row: Row): PlayRevision => ({
  ...(JSON.parse(String(row['body'])) as Omit<Play, 'code'>),
  code: String(row['code']),
  revision: Number(row['revision']),
  what: String(row['what']) as PlayChange,
  by: String(row['made_by']),
  reason: row['reason'] == null ? null : String(row['reason']),
  at: Number(row['made_at']),
});
