import type { Log } from '../../engine/ports/log.js';
import type { Row, Session } from '../sql/session.js';

/**
 * Refuses a server on which the engine's promises would not hold. Answers product and version.
 *
 * @throws with every reason at once.
 */
export async function checkServer(session: Session, allowInsecure: boolean, log: Log): Promise<string> {
  const variables = await variablesOf(session);
  const version = variables.get('version') ?? '';
  const problems = serverProblems(variables);
  const losses = lossProblems(variables);
  if (losses.length > 0 && allowInsecure) {
    log.warn('The database may lose committed work in a crash.', { settings: losses });
  } else {
    problems.push(...losses);
  }
  if (problems.length > 0) throw new Error(problems.join(' '));
  return `${isMaria(version) ? 'MariaDB' : 'MySQL'} ${version.split('-')[0]}`;
}

const NAMES = [
  'version',
  'transaction_isolation',
  'tx_isolation',
  'autocommit',
  'innodb_flush_log_at_trx_commit',
  'sync_binlog',
  'log_bin',
];

async function variablesOf(session: Session): Promise<ReadonlyMap<string, string>> {
  const names = NAMES.map((name) => `'${name}'`).join(', ');
  const rows = await session.rows(`SHOW SESSION VARIABLES WHERE Variable_name IN (${names})`);
  return new Map(rows.map((row: Row) => [String(row['Variable_name']).toLowerCase(), String(row['Value'])]));
}

/** What the engine cannot work with at all. */
export function serverProblems(variables: ReadonlyMap<string, string>): string[] {
  const problems: string[] = [];
  const version = variables.get('version') ?? '';
  const least = isMaria(version) ? [10, 6] : [8, 4];
  if (!atLeast(version, least)) {
    problems.push(`Expected MySQL 8.4 or MariaDB 10.6 or newer, but the server is ${version}. Use a newer one.`);
  }
  const level = variables.get('transaction_isolation') ?? variables.get('tx_isolation');
  if (level !== 'READ-COMMITTED') {
    problems.push(`Expected the isolation level READ-COMMITTED, but it is ${level}. Let the user set it.`);
  }
  if (variables.get('autocommit') !== 'ON') {
    problems.push('Expected autocommit to be on, but it is off. Remove it from init_connect.');
  }
  return problems;
}

/** Settings under which a crash of the server loses what it has committed. */
export function lossProblems(variables: ReadonlyMap<string, string>): string[] {
  const problems: string[] = [];
  const flush = variables.get('innodb_flush_log_at_trx_commit');
  if (flush !== '1') {
    problems.push(
      `Expected innodb_flush_log_at_trx_commit = 1, but it is ${flush}. Set it, or set SLUICE_ALLOW_INSECURE=true.`,
    );
  }
  const sync = variables.get('sync_binlog');
  if (variables.get('log_bin') === 'ON' && sync !== '1') {
    problems.push(
      `Expected sync_binlog = 1 with a binary log, but it is ${sync}. Set it, or set SLUICE_ALLOW_INSECURE=true.`,
    );
  }
  return problems;
}

const isMaria = (version: string): boolean => /mariadb/i.test(version);

function atLeast(version: string, least: readonly number[]): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [wantMajor = 0, wantMinor = 0] = least;
  return major > wantMajor || (major === wantMajor && minor >= wantMinor);
}
