import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The version of a flow that starts get, where somebody chose it. */
export class AddActiveVersions1764028800000 implements MigrationInterface {
  readonly name = 'AddActiveVersions1764028800000';

  async up(runner: QueryRunner): Promise<void> {
    const sqlite = runner.dataSource.options.type === 'better-sqlite3';
    const columns = sqlite
      ? 'flow TEXT NOT NULL, version INTEGER NOT NULL, activated_by TEXT NOT NULL, activated_at INTEGER NOT NULL, ' +
        'PRIMARY KEY (flow))'
      : 'flow VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, version INT NOT NULL, ' +
        'activated_by MEDIUMTEXT COLLATE utf8mb4_bin NOT NULL, activated_at BIGINT NOT NULL, PRIMARY KEY (flow)) ' +
        'ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
    await runner.query(`CREATE TABLE active_version (${columns}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE active_version');
  }
}
