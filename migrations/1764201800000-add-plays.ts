import type { MigrationInterface, QueryRunner } from 'typeorm';

const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin NOT NULL';
const WORD = { mysql: `VARCHAR(64) ${ASCII}`, sqlite: 'TEXT NOT NULL' };
const UUID = { mysql: `CHAR(36) ${ASCII}`, sqlite: 'TEXT NOT NULL' };
const TEXT = { mysql: 'MEDIUMTEXT COLLATE utf8mb4_bin NOT NULL', sqlite: 'TEXT NOT NULL' };
const NOTE = { mysql: 'MEDIUMTEXT COLLATE utf8mb4_bin NULL', sqlite: 'TEXT NULL' };
const INT = { mysql: 'INT NOT NULL', sqlite: 'INTEGER NOT NULL' };
const NUMBER = { mysql: 'BIGINT NOT NULL', sqlite: 'INTEGER NOT NULL' };

const TABLES = [
  { name: 'play', columns: { code: WORD, flow: WORD, state: WORD, revision: INT }, key: 'code' },
  {
    name: 'play_revision',
    columns: { code: WORD, revision: INT, body: TEXT, what: WORD, made_by: TEXT, reason: NOTE, made_at: NUMBER },
    key: 'code, revision',
  },
  { name: 'play_instance', columns: { play: WORD, instance: UUID }, key: 'play, instance' },
];

/** Flows as operators configure them, all that each ever was, and what it has started. */
export class AddPlays1764201800000 implements MigrationInterface {
  readonly name = 'AddPlays1764201800000';

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
    await runner.query('CREATE INDEX ix_play_flow ON play (flow, state)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of TABLES.toReversed()) await runner.query(`DROP TABLE ${name}`);
  }
}
