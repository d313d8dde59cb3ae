import type { MigrationInterface, QueryRunner } from 'typeorm';

const MYSQL = {
  id: 'VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin',
  sha: 'CHAR(64) CHARACTER SET ascii COLLATE ascii_bin',
  word: 'VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin',
  text: 'MEDIUMTEXT COLLATE utf8mb4_bin',
  int: 'INT',
  big: 'BIGINT',
} as const;

const SQLITE: Partial<Record<string, string>> = { int: 'INTEGER', big: 'INTEGER' };

const TABLES: readonly { name: string; columns: string; key: string }[] = [
  {
    name: 'routing_rules',
    columns: 'version:int sha256:sha source:text note:text? restores:int? made_by:text made_at:big',
    key: 'version',
  },
  { name: 'routing_override', columns: 'code:id until_at:big override:text made_by:text made_at:big', key: 'code' },
  {
    name: 'routing_change',
    columns: 'id:big kind:word ref:id reason:text? detail:text made_by:text made_at:big',
    key: 'id',
  },
];

/** Rules that were published, overrides that are in force, and who changed what. */
export class AddRoutingOrders1763856200000 implements MigrationInterface {
  readonly name = 'AddRoutingOrders1763856200000';

  async up(runner: QueryRunner): Promise<void> {
    const sqlite = runner.dataSource.options.type === 'better-sqlite3';
    const tail = sqlite ? ')' : ') ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
    for (const { name, columns, key } of TABLES) {
      const all = columns.split(' ').map((column) => {
        const [called = '', kind = ''] = column.replace('?', '').split(':');
        const type = sqlite ? (SQLITE[kind] ?? 'TEXT') : MYSQL[kind as keyof typeof MYSQL];
        return `${called} ${type} ${column.endsWith('?') ? 'NULL' : 'NOT NULL'}`;
      });
      await runner.query(`CREATE TABLE ${name} (${all.join(', ')}, PRIMARY KEY (${key})${tail}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of TABLES.toReversed()) await runner.query(`DROP TABLE ${name}`);
  }
}
