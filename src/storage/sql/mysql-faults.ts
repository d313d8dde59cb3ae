import { StoreUnavailable } from '../../engine/ports/store.js';

interface DriverError extends Error {
  readonly code?: string;
  readonly sqlState?: string;
}

/** Everything was rolled back, or only the statement: in both cases the whole transaction runs again. */
const AGAIN = new Set(['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT']);

/**
 * Classes of SQLSTATE that are about values: data exceptions and violated constraints. The driver has the names of
 * MySQL's errors alone, and calls MariaDB's violated CHECK after one of MySQL's that has the same number.
 */
const VALUE_CLASSES = new Set(['22', '23']);

/** What the server says of values with a state that says less. Whatever else it says is about itself, and passes. */
const ABOUT_VALUES = new Set([
  'ER_CANT_AGGREGATE_2COLLATIONS',
  'ER_CHECK_CONSTRAINT_VIOLATED',
  'ER_NET_PACKET_TOO_LARGE',
  'ER_TOO_BIG_ROWSIZE',
  'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD',
]);

/** What a server says of itself: it takes no writes, has no room, stops, or ends what takes too long. */
const ABOUT_SERVER =
  /READ_ONLY|OPTION_PREVENTS|SHUTDOWN|FILE_FULL|DISK_FULL|OUT_OF|OUTOFMEMORY|TOO_MANY|CON_COUNT|INTERRUPTED|TIMEOUT|KILLED|DENIED|LOCK|ERROR_ON_WRITE|ERROR_ON_READ/;
/** Classes of SQLSTATE that are about connections, rollbacks and what somebody else did to the server. */
const SERVER_CLASSES = new Set(['08', '28', '40', '70', 'XA']);

/** Another transaction was in the way. */
export const meansAgain = (error: unknown): boolean =>
  error instanceof StoreUnavailable && AGAIN.has((error.cause as DriverError | undefined)?.code ?? '');

/** The connection may be stalled, dead, or lead to a server that takes no writes any more: not to be used again. */
export const meansBroken = (error: unknown): boolean => error instanceof StoreUnavailable && !meansAgain(error);

/** The driver's error as the store's: the same one when it is about values, else that the database is away. */
export function faultOf(error: Error): Error {
  const { code = 'no code', sqlState = '' } = error as DriverError;
  if (ABOUT_VALUES.has(code) || VALUE_CLASSES.has(sqlState.slice(0, 2))) return error;
  return new StoreUnavailable(`Expected the database to carry out a statement, but: ${error.message} (${code}).`, {
    cause: error,
    // Without a state nobody on the other side has said anything.
    unclassified: sqlState !== '' && !SERVER_CLASSES.has(sqlState.slice(0, 2)) && !ABOUT_SERVER.test(code),
  });
}
