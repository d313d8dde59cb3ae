import type { MigrationInterface, QueryRunner } from 'typeorm';

const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';
const TEXT = 'MEDIUMTEXT COLLATE utf8mb4_bin';

// A column is written once for both dialects; ids and words compare byte by byte.
const MYSQL: Record<string, string> = {
  uuid: `CHAR(36) ${ASCII}`,
  id: `VARCHAR(64) ${ASCII}`,
  hash: `CHAR(43) ${ASCII}`,
  word: `VARCHAR(16) ${ASCII}`,
  name: `VARCHAR(255) ${ASCII}`,
  text: TEXT,
  int: 'INT',
  big: 'BIGINT',
};
const SQLITE: Record<string, string> = { int: 'INTEGER', big: 'INTEGER' };

const TABLES = [
  {
    name: 'wait',
    columns:
      'instance:uuid node:id visit:int hash:hash flow:id version:int name:name matching:text keep_ms:big? opened_at:big',
    key: 'instance, node, visit',
  },
  {
    name: 'message',
    columns: 'id:id name:name payload:text state:word received_at:big expires_at:big claimed_by:text? claimed_at:big?',
    key: 'id',
  },
  { name: 'message_key', columns: 'message:id hash:hash', key: 'message, hash' },
];

const INDEXES = [
  'wait_by_hash ON wait (hash, opened_at)',
  'wait_by_time ON wait (opened_at)',
  'message_by_time ON message (state, received_at)',
  'message_by_end ON message (expires_at)',
  'message_key_by_hash ON message_key (hash, message)',
];

/** Messages, and the node instances that wait for them. */
export class AddMessages1763856300000 implements MigrationInterface {
  readonly name = 'AddMessages1763856300000';

  async up(runner: QueryRunner): Promise<void> {
    const sqlite = runner.dataSource.options.type === 'better-sqlite3';
    for (const { name, columns, key } of TABLES) {
      const ddl = columns.split(' ').map((column) => columnDdl(column, sqlite));
      const tail = sqlite
        ? ')'
        : ') ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
      await runner.query(`CREATE TABLE ${name} (${ddl.join(', ')}, PRIMARY KEY (${key})${tail}`);
    }
    for (const index of INDEXES) await runner.query(`CREATE INDEX ${index}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of TABLES.toReversed()) await runner.query(`DROP TABLE ${name}`);
  }
}

function columnDdl(column: string, sqlite: boolean): string {
  const [name = '', kind = ''] = column.replace('?', '').split(':');
  const type = sqlite ? (SQLITE[kind] ?? 'TEXT') : MYSQL[kind];
  return `${name} ${type} ${column.endsWith('?') ? 'NULL' : 'NOT NULL'}`;
}
