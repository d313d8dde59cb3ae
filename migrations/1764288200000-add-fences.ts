import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What participants of transactions have begun, so that what comes late or out of order is told from the rest. */
export class AddFences1764288200000 implements MigrationInterface {
  readonly name = 'AddFences1764288200000';

  async up(runner: QueryRunner): Promise<void> {
    const sqlite = runner.dataSource.options.type === 'better-sqlite3';
    const columns = sqlite
      ? 'instance TEXT NOT NULL, node TEXT NOT NULL, visit INTEGER NOT NULL, participant TEXT NOT NULL, ' +
        'state TEXT NOT NULL, changed_at INTEGER NOT NULL, PRIMARY KEY (instance, node, visit, participant))'
      : 'instance VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, ' +
        'node VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, visit INT NOT NULL, ' +
        'participant VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, ' +
        'state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, changed_at BIGINT NOT NULL, ' +
        'PRIMARY KEY (instance, node, visit, participant)) ' +
        'ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
    await runner.query(`CREATE TABLE tcc_fence (${columns}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tcc_fence');
  }
}
