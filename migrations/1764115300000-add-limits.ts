import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What runs of the kinds of messages that may not run more often, by engine. */
export class AddLimits1764115300000 implements MigrationInterface {
  readonly name = 'AddLimits1764115300000';

  async up(runner: QueryRunner): Promise<void> {
    const sqlite = runner.dataSource.options.type === 'better-sqlite3';
    const columns = sqlite
      ? 'limit_key TEXT NOT NULL, engine TEXT NOT NULL, held INTEGER NOT NULL, until_at INTEGER NOT NULL, ' +
        'next_at INTEGER NOT NULL, PRIMARY KEY (limit_key, engine))'
      : 'limit_key VARCHAR(1024) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, ' +
        'engine VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, held INT NOT NULL, until_at BIGINT NOT NULL, ' +
        'next_at BIGINT NOT NULL, PRIMARY KEY (limit_key, engine)) ' +
        'ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
    await runner.query(`CREATE TABLE routing_limit (${columns}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE routing_limit');
  }
}
