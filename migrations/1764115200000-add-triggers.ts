import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORD = { mysql: 'VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL', sqlite: 'TEXT NOT NULL' };
const NUMBER = { mysql: 'BIGINT NOT NULL', sqlite: 'INTEGER NOT NULL' };

const TABLES = [
  {
    name: 'trigger_claim',
    columns: { code: WORD, identity: WORD, share: WORD, claimed_at: NUMBER },
    key: 'code, identity',
  },
  { name: 'trigger_share', columns: { code: WORD, share: WORD, used: NUMBER }, key: 'code, share' },
  {
    name: 'trigger_count',
    columns: {
      code: WORD,
      started: NUMBER,
      duplicate: NUMBER,
      passed: NUMBER,
      beyond: NUMBER,
      failed: NUMBER,
      last_at: NUMBER,
    },
    key: 'code',
  },
];

/** Quotas of triggers, and what became of the events that they heard. */
export class AddTriggers1764115200000 implements MigrationInterface {
  readonly name = 'AddTriggers1764115200000';

  async up(runner: QueryRunner): Promise<void> {
    const dialect = runner.dataSource.options.type === 'better-sqlite3' ? 'sqlite' : 'mysql';
    const tail =
      dialect === 'sqlite'
        ? ')'
        : ') ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
    for (const { name, columns, key } of TABLES) {
      const ddl = Object.entries(columns).map(([column, type]) => `${column} ${type[dialect]}`);
      await runner.query(`CREATE TABLE ${name} (${ddl.join(', ')}, PRIMARY KEY (${key})${tail}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of TABLES.toReversed()) await runner.query(`DROP TABLE ${name}`);
  }
}
