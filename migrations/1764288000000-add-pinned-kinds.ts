import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a published flow keeps of the kinds of node that plugins brought when it was published. */
export class AddPinnedKinds1764288000000 implements MigrationInterface {
  readonly name = 'AddPinnedKinds1764288000000';

  async up(runner: QueryRunner): Promise<void> {
    const sqlite = runner.dataSource.options.type === 'better-sqlite3';
    const type = sqlite ? 'TEXT' : 'MEDIUMTEXT COLLATE utf8mb4_bin';
    await runner.query(`ALTER TABLE definition ADD COLUMN kinds ${type} NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE definition DROP COLUMN kinds');
  }
}
