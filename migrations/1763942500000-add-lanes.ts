import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lanes that rules have named. */
export class AddLanes1763942500000 implements MigrationInterface {
  readonly name = 'AddLanes1763942500000';

  async up(runner: QueryRunner): Promise<void> {
    const sqlite = runner.dataSource.options.type === 'better-sqlite3';
    const columns = sqlite
      ? 'name TEXT NOT NULL, number INTEGER NOT NULL, concurrency INTEGER NOT NULL, state TEXT NOT NULL, ' +
        'wanted_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, PRIMARY KEY (name))'
      : 'name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, number INT NOT NULL, concurrency INT NOT NULL, ' +
        'state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, wanted_at BIGINT NOT NULL, changed_at BIGINT NOT NULL, ' +
        'PRIMARY KEY (name)) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
    await runner.query(`CREATE TABLE routing_lane (${columns}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE routing_lane');
  }
}
