import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why a dispatch went to its lane, with every opinion that was asked; NULL when the reason alone tells all. */
export class AddReceipts1763769600000 implements MigrationInterface {
  readonly name = 'AddReceipts1763769600000';

  async up(runner: QueryRunner): Promise<void> {
    const sqlite = runner.dataSource.options.type === 'better-sqlite3';
    const type = sqlite ? 'TEXT' : 'MEDIUMTEXT COLLATE utf8mb4_bin';
    await runner.query(`ALTER TABLE node_instance ADD COLUMN receipt ${type} NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE node_instance DROP COLUMN receipt');
  }
}
