import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What all engines know of their partners: one row per subject, and one row that is locked to write any of them and
 * counts the changes. A subject stands as JSON in ASCII, so that it is compared byte by byte, spaces at its end included.
 */
export class ShareHealth1763856100000 implements MigrationInterface {
  readonly name = 'ShareHealth1763856100000';

  async up(runner: QueryRunner): Promise<void> {
    const sqlite = runner.dataSource.options.type === 'better-sqlite3';
    const ascii = sqlite ? '' : ' CHARACTER SET ascii COLLATE ascii_bin';
    const text = sqlite ? 'TEXT' : 'MEDIUMTEXT COLLATE utf8mb4_bin';
    const big = sqlite ? 'INTEGER' : 'BIGINT';
    const tail = sqlite ? '' : ' ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';
    await runner.query(
      `CREATE TABLE route_epoch (id INTEGER NOT NULL, incarnation CHAR(36)${ascii} NOT NULL, version ${big} NOT NULL, ` +
        `PRIMARY KEY (id))${tail}`,
    );
    await runner.query(
      `CREATE TABLE route_subject (subject VARCHAR(2048)${ascii} NOT NULL, circuit ${text} NOT NULL, ` +
        `latency ${text} NOT NULL, probes INTEGER NOT NULL, version ${big} NOT NULL, PRIMARY KEY (subject))${tail}`,
    );
    await runner.query('CREATE INDEX route_subject_version ON route_subject (version)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE route_subject');
    await runner.query('DROP TABLE route_epoch');
  }
}
