import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Words of one instance to another: that a called one is over, or that nobody wants it any more. */
export class AddSignals1763856400000 implements MigrationInterface {
  readonly name = 'AddSignals1763856400000';

  async up(runner: QueryRunner): Promise<void> {
    const sqlite = runner.dataSource.options.type === 'better-sqlite3';
    const columns = sqlite
      ? 'id TEXT NOT NULL, wake_at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (id))'
      : 'id VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, wake_at BIGINT NOT NULL, ' +
        'body MEDIUMTEXT COLLATE utf8mb4_bin NOT NULL, PRIMARY KEY (id)) ' +
        'ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
    await runner.query(`CREATE TABLE instance_signal (${columns}`);
    await runner.query('CREATE INDEX instance_signal_due ON instance_signal (wake_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE instance_signal');
  }
}
