import type { Duplex } from 'node:stream';
import type { Pool, PoolConnection } from 'mysql2';

/**
 * How long a connection may be silent before the server ends it. An engine that sleeps within a transaction keeps its
 * locks that long, and by default this is eight hours.
 */
const SILENCE_S = 60;
/** For a connection that only holds a lock while another one works. */
export const PATIENT = 'SET SESSION wait_timeout = 28800';
export const impatient = (silenceS = SILENCE_S): string => `SET SESSION wait_timeout = ${silenceS}`;

// A level other than READ COMMITTED lets a decision read rows older than the lock it holds, and hands one row to two
// sweeps. Backslashes must stay escapes: literals are written with them.
const SETTINGS = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  `SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = 5, sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
];

/** Sets up every connection of the pool, those that are there and those to come, before its first statement. */
export async function prepareConnections(pool: Pool, silenceS = SILENCE_S): Promise<void> {
  // In one question: statements of a connection run in order, so that nothing of its user comes between or before.
  const settings = [...SETTINGS, impatient(silenceS)].join(';');
  pool.on('connection', (connection) => {
    // Not `connection.destroy()`, which forgets what waits on it: to whoever waits it is as if the line had broken.
    prepare(connection, settings).catch((error) => (connection as Wired).stream.destroy(error as Error));
  });
  const first = await new Promise<PoolConnection>((resolve, reject) => {
    pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
  });
  await prepare(first, settings);
  first.release();
}

/** The driver's type leaves out what a connection is made of. */
type Wired = PoolConnection & { readonly stream: Duplex };

function prepare(connection: PoolConnection, settings: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.query({ sql: settings, timeout: 10_000 }, (error) => (error ? reject(error) : resolve()));
  });
}
