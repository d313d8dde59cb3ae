import type { MigrationInterface, QueryRunner } from 'typeorm';

const WORD = { mysql: 'VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL', sqlite: 'TEXT NOT NULL' };
const NUMBER = { mysql: 'BIGINT NOT NULL', sqlite: 'INTEGER NOT NULL' };

const COLUMNS = { code: WORD, rule: WORD, done_at: NUMBER };
const TAIL = ') ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/** How far the ticks of triggers are dealt with; and by which age claims on quotas are forgotten. */
export class AddTicks1764201700000 implements MigrationInterface {
  readonly name = 'AddTicks1764201700000';

  async up(runner: QueryRunner): Promise<void> {
    const dialect = runner.dataSource.options.type === 'better-sqlite3' ? 'sqlite' : 'mysql';
    const ddl = Object.entries(COLUMNS).map(([column, type]) => `${column} ${type[dialect]}`);
    const tail = dialect === 'sqlite' ? ')' : TAIL;
    await runner.query(`CREATE TABLE trigger_tick (${ddl.join(', ')}, PRIMARY KEY (code)${tail}`);
    await runner.query('CREATE INDEX ix_trigger_claim_age ON trigger_claim (claimed_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    const dialect = runner.dataSource.options.type === 'better-sqlite3' ? 'sqlite' : 'mysql';
    await runner.query(`DROP INDEX ix_trigger_claim_age${dialect === 'mysql' ? ' ON trigger_claim' : ''}`);
    await runner.query('DROP TABLE trigger_tick');
  }
}
