import {
  type ActiveVersion,
  DefinitionStore,
  type StoredDefinition,
  VersionConflict,
} from '../../engine/ports/definition-store.js';
import { isDuplicate, isPlain, type Row, type Session, type Sql } from '../sql/session.js';
import { ACTIVE_VERSION, DEFINITION } from '../store/tables.js';

type New = Parameters<DefinitionStore['insert']>[0];
type Inserted = Awaited<ReturnType<DefinitionStore['insert']>>;

const TRIES = 5;
const COLUMNS = DEFINITION.columns.map((column) => `d.${column}`).join(', ');
/** What was activated goes before what is newer. */
const STARTED =
  'LEFT JOIN active_version a ON a.flow = d.flow AND a.version = d.version WHERE d.flow = ? ' +
  'ORDER BY a.version IS NULL, d.version DESC LIMIT 1';

/** Published definitions in SQL. */
export class SqlDefinitionStore extends DefinitionStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  async insert(definition: New): Promise<Inserted> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.sql.transaction((session) => insert(session, definition));
      } catch (error) {
        // Another publisher took the version in between: look again.
        if (tries >= TRIES || !isDuplicate(error)) throw error;
      }
    }
  }

  async find(flow: string, version?: number): Promise<StoredDefinition | null> {
    if (!isPlain(flow)) return null;
    const [which, values] =
      version === undefined ? [STARTED, [flow]] : ['WHERE d.flow = ? AND d.version = ?', [flow, version]];
    const rows = await this.sql.reading((session) =>
      session.rows(`SELECT ${COLUMNS} FROM definition d ${which}`, values),
    );
    return rows[0] === undefined ? null : definitionOf(rows[0]);
  }

  async versions(flow: string): Promise<readonly number[]> {
    if (!isPlain(flow)) return [];
    const rows = await this.sql.reading((session) =>
      session.rows('SELECT version FROM definition WHERE flow = ? ORDER BY version', [flow]),
    );
    return rows.map((row) => Number(row['version']));
  }

  async newest(): Promise<readonly StoredDefinition[]> {
    const rows = await this.sql.reading((session) =>
      session.rows(
        `SELECT ${COLUMNS} FROM definition d WHERE version = ` +
          '(SELECT MAX(later.version) FROM definition later WHERE later.flow = d.flow) ORDER BY flow',
      ),
    );
    return rows.map(definitionOf);
  }

  activate(flow: string, version: number, by: string): Promise<boolean> {
    if (!isPlain(flow)) return Promise.resolve(false);
    return this.sql.transaction(async (session) => {
      const known = await session.rows('SELECT version FROM definition WHERE flow = ? AND version = ?', [
        flow,
        version,
      ]);
      if (known.length === 0) return false;
      await session.upsert(ACTIVE_VERSION, [[flow, version, by, await session.now()]]);
      return true;
    });
  }

  async active(): Promise<ReadonlyMap<string, ActiveVersion>> {
    const rows = await this.sql.reading((session) =>
      session.rows('SELECT flow, version, activated_by, activated_at FROM active_version'),
    );
    return new Map(
      rows.map((row) => {
        const at = Number(row['activated_at']);
        return [String(row['flow']), { version: Number(row['version']), by: String(row['activated_by']), at }];
      }),
    );
  }
}

async function insert(session: Session, definition: New): Promise<Inserted> {
  const { flow, sha256, title, description, source, kinds = null } = definition;
  const known = await session.rows('SELECT version, sha256 FROM definition WHERE flow = ? ORDER BY version', [flow]);
  const same = known.find((row) => row['sha256'] === sha256);
  if (same !== undefined) return { version: Number(same['version']), created: false };
  const version = definition.version ?? Number(known.at(-1)?.['version'] ?? 0) + 1;
  if (known.some((row) => row['version'] === version)) {
    throw new VersionConflict(
      `Expected version ${version} of ${flow} to be new or unchanged, but it is published with other content. ` +
        'Leave the version out to get the next one.',
    );
  }
  await session.change({ table: ACTIVE_VERSION.name, key: ['flow'] }, [[flow]]);
  await session.insert(DEFINITION, [[flow, version, title, description, sha256, source, await session.now(), kinds]]);
  return { version, created: true };
}

function definitionOf(row: Row): StoredDefinition {
  const text = (column: string): string | null => (row[column] == null ? null : String(row[column]));
  return {
    flow: String(row['flow']),
    version: Number(row['version']),
    title: text('title'),
    description: text('description'),
    sha256: String(row['sha256']),
    source: String(row['source']),
    publishedAt: Number(row['published_at']),
    ...(row['kinds'] != null && { kinds: String(row['kinds']) }),
  };
}
