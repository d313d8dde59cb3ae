import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Engines that have announced themselves, with their group and their handlers. */
export class AddEngines1764374400000 implements MigrationInterface {
  readonly name = 'AddEngines1764374400000';

  async up(runner: QueryRunner): Promise<void> {
    const sqlite = runner.dataSource.options.type === 'better-sqlite3';
    const columns = sqlite
      ? 'engine TEXT NOT NULL, group_name TEXT NOT NULL, revision INTEGER NOT NULL, up_until INTEGER NOT NULL, ' +
        'handlers TEXT NOT NULL, PRIMARY KEY (engine))'
      : 'engine VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, ' +
        'group_name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, revision INT NOT NULL, up_until BIGINT NOT NULL, ' +
        'handlers MEDIUMTEXT NOT NULL, PRIMARY KEY (engine)) ENGINE=InnoDB ROW_FORMAT=DYNAMIC ' +
        'DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
    await runner.query(`CREATE TABLE live_engine (${columns}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE live_engine');
  }
}
