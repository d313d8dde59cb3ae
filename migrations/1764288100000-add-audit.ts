import type { MigrationInterface, QueryRunner } from 'typeorm';

const MYSQL = {
  id: 'VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin',
  word: 'VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin',
  text: 'MEDIUMTEXT COLLATE utf8mb4_bin',
  int: 'INT',
  big: 'BIGINT',
} as const;

const SQLITE: Partial<Record<string, string>> = { int: 'INTEGER', big: 'INTEGER' };

const COLUMNS = 'id:id at:big who:text action:word flow:word? instance:id? node:word? status:int detail:text';

/** Who did what over HTTP, and who was refused. */
export class AddAudit1764288100000 implements MigrationInterface {
  readonly name = 'AddAudit1764288100000';

  async up(runner: QueryRunner): Promise<void> {
    const sqlite = runner.dataSource.options.type === 'better-sqlite3';
    const tail = sqlite ? ')' : ') ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
    const columns = COLUMNS.split(' ').map((column) => {
      const [called = '', kind = ''] = column.replace('?', '').split(':');
      const type = sqlite ? (SQLITE[kind] ?? 'TEXT') : MYSQL[kind as keyof typeof MYSQL];
      return `${called} ${type} ${column.endsWith('?') ? 'NULL' : 'NOT NULL'}`;
    });
    await runner.query(`CREATE TABLE audit_entry (${columns.join(', ')}, PRIMARY KEY (id)${tail}`);
    await runner.query('CREATE INDEX audit_by_flow ON audit_entry (flow, id)');
    await runner.query('CREATE INDEX audit_by_instance ON audit_entry (instance, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_entry');
  }
}
