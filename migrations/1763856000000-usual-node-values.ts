import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a node that was just entered holds. Its first row then leaves these columns out. */
const DEFAULTS: Record<string, string> = { status: "'ready'", attempt: '1', dispatch: '1', polls: '0' };
/** Rows that are amended name only their key and what changes; the server still wants to know what the rest would be. */
const FILLERS: Record<string, string> = { started_at: '0' };
/** A default of a text is an expression, which MySQL takes only with the whole column. */
const VIA = 'MODIFY COLUMN via MEDIUMTEXT COLLATE utf8mb4_bin NOT NULL';

/** Servers only: a prepared statement of the embedded file gains nothing by it, and its columns cannot be altered. */
export class UsualNodeValues1763856000000 implements MigrationInterface {
  readonly name = 'UsualNodeValues1763856000000';

  up(runner: QueryRunner): Promise<void> {
    return alter(runner, `${VIA} DEFAULT ('')`, (column, value) => `ALTER COLUMN ${column} SET DEFAULT ${value}`);
  }

  down(runner: QueryRunner): Promise<void> {
    return alter(runner, VIA, (column) => `ALTER COLUMN ${column} DROP DEFAULT`);
  }
}

async function alter(
  runner: QueryRunner,
  via: string,
  change: (column: string, value: string) => string,
): Promise<void> {
  if (runner.dataSource.options.type === 'better-sqlite3') return;
  const changes = Object.entries({ ...DEFAULTS, ...FILLERS }).map(([column, value]) => change(column, value));
  await runner.query(`ALTER TABLE node_instance ${[...changes, via].join(', ')}`);
}
