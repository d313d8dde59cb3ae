import type { MigrationInterface, QueryRunner } from 'typeorm';

const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';

const COLUMNS: readonly (readonly [name: string, mysql: string, sqlite: string])[] = [
  ['instance', `CHAR(36) ${ASCII} NOT NULL`, 'TEXT NOT NULL'],
  ['node', `VARCHAR(64) ${ASCII} NOT NULL`, 'TEXT NOT NULL'],
  ['visit', 'INT NOT NULL', 'INTEGER NOT NULL'],
  ['flow', `VARCHAR(64) ${ASCII} NOT NULL`, 'TEXT NOT NULL'],
  ['version', 'INT NOT NULL', 'INTEGER NOT NULL'],
  ['assignee', 'VARCHAR(190) COLLATE utf8mb4_bin NULL', 'TEXT NULL'],
  ['shown', 'MEDIUMTEXT COLLATE utf8mb4_bin NULL', 'TEXT NULL'],
  ['opened_at', 'BIGINT NOT NULL', 'INTEGER NOT NULL'],
  ['due_at', 'BIGINT NULL', 'INTEGER NULL'],
  ['expires_at', 'BIGINT NULL', 'INTEGER NULL'],
];

const INDEXES = [
  'manual_task_by_time ON manual_task (opened_at, instance, node, visit)',
  'manual_task_by_assignee ON manual_task (assignee, opened_at, instance, node, visit)',
  'manual_task_by_flow ON manual_task (flow, opened_at, instance, node, visit)',
];

/** What people are asked to do. */
export class AddManualTasks1763942400000 implements MigrationInterface {
  readonly name = 'AddManualTasks1763942400000';

  async up(runner: QueryRunner): Promise<void> {
    const sqlite = runner.dataSource.options.type === 'better-sqlite3';
    const columns = COLUMNS.map(([name, mysql, lite]) => `${name} ${sqlite ? lite : mysql}`);
    const tail = sqlite ? ')' : ') ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
    await runner.query(`CREATE TABLE manual_task (${columns.join(', ')}, PRIMARY KEY (instance, node, visit)${tail}`);
    for (const index of INDEXES) await runner.query(`CREATE INDEX ${index}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE manual_task');
  }
}
