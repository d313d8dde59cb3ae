import type { MigrationInterface, QueryRunner } from 'typeorm';

// A column is written once for both dialects: `id` an ASCII id, `word` a short ASCII word, `text` any text.
// Ids and words compare byte by byte. Nothing but primary keys is unique: a multi-row upsert on a table with a second
// unique key may overwrite a row that it was not meant for.
const MYSQL: Record<string, string> = {
  uuid: 'CHAR(36) CHARACTER SET ascii COLLATE ascii_bin',
  id: 'VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin',
  hash: 'CHAR(43) CHARACTER SET ascii COLLATE ascii_bin',
  sha: 'CHAR(64) CHARACTER SET ascii COLLATE ascii_bin',
  word: 'VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin',
  code: 'VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin',
  name: 'VARCHAR(255) COLLATE utf8mb4_bin',
  key: 'VARCHAR(1024) COLLATE utf8mb4_bin',
  text: 'MEDIUMTEXT COLLATE utf8mb4_bin',
  int: 'INT',
  big: 'BIGINT',
};

const SQLITE: Record<string, string> = { int: 'INTEGER', big: 'INTEGER' };

const TABLES: readonly { name: string; columns: string; key: string }[] = [
  {
    name: 'definition',
    columns: 'flow:id version:int title:text? description:text? sha256:sha source:text published_at:big',
    key: 'flow, version',
  },
  {
    name: 'instance',
    columns:
      'id:uuid flow:id version:int business_key:key? status:word seq:big active:int incidents:int outcome:name? ' +
      'state:text started_at:big ended_at:big?',
    key: 'id',
  },
  {
    name: 'node_instance',
    columns:
      'instance:uuid node:id visit:int status:word attempt:int dispatch:int lane:id? queue:int? wake_at:big? ' +
      'reason:text? polls:int via:text cause_node:id? cause_visit:int? started_at:big ended_at:big? error:text? ' +
      'output:text?',
    key: 'instance, node, visit',
  },
  { name: 'instance_input', columns: 'instance:uuid input:text', key: 'instance' },
  { name: 'variable', columns: 'instance:uuid name:name value:text', key: 'instance, name' },
  { name: 'live_key', columns: 'flow:id hash:hash instance:uuid', key: 'flow, hash' },
  { name: 'start_receipt', columns: 'flow:id hash:hash instance:uuid expires_at:big', key: 'flow, hash' },
  {
    name: 'attempt',
    columns:
      'instance:uuid node:id visit:int attempt:int poll:int how:word error:text? decision:text lane:id? ended_at:big',
    key: 'instance, node, visit, attempt, poll',
  },
  {
    name: 'incident',
    columns:
      'instance:uuid node:id visit:int raised_at:big code:code message:text open_code:code? open_at:big? ' +
      'resolved_by:text?',
    key: 'instance, node, visit, raised_at',
  },
  {
    name: 'quarantine',
    columns:
      'id:uuid source:word code:code reason:text exchange:text routing_key:text headers:text body:text ' +
      'encoding:word size:big sha256:sha kept_at:big state:word replays:int handled_by:text? handled_at:big?',
    key: 'id',
  },
];

const INDEXES: readonly { name: string; table: string; columns: string; sqlite?: string }[] = [
  { name: 'node_due', table: 'node_instance', columns: 'queue, wake_at' },
  { name: 'instance_by_status', table: 'instance', columns: 'flow, status, id' },
  { name: 'instance_by_key', table: 'instance', columns: 'business_key(64), flow', sqlite: 'business_key, flow' },
  { name: 'incident_by_code', table: 'incident', columns: 'open_code, instance' },
  { name: 'quarantine_by_state', table: 'quarantine', columns: 'state, id' },
  { name: 'incident_open', table: 'incident', columns: 'open_at, instance, node, visit' },
];

/** The first tables. */
export class CreateTables1763683200000 implements MigrationInterface {
  readonly name = 'CreateTables1763683200000';

  async up(runner: QueryRunner): Promise<void> {
    const sqlite = runner.dataSource.options.type === 'better-sqlite3';
    for (const table of TABLES) {
      const columns = table.columns.split(' ').map((column) => columnDdl(column, sqlite));
      const tail = sqlite
        ? ')'
        : ') ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
      await runner.query(`CREATE TABLE ${table.name} (${columns.join(', ')}, PRIMARY KEY (${table.key})${tail}`);
    }
    for (const index of INDEXES) {
      const columns = sqlite ? (index.sqlite ?? index.columns) : index.columns;
      await runner.query(`CREATE INDEX ${index.name} ON ${index.table} (${columns})`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.query(`DROP TABLE ${table.name}`);
  }
}

function columnDdl(column: string, sqlite: boolean): string {
  const [name = '', kind = ''] = column.replace('?', '').split(':');
  const type = sqlite ? (SQLITE[kind] ?? 'TEXT') : MYSQL[kind];
  return `${name} ${type} ${column.endsWith('?') ? 'NULL' : 'NOT NULL'}`;
}
