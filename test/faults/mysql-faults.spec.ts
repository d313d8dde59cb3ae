import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../src/engine/ports/store.js';
import { faultOf } from '../../src/storage/sql/mysql-faults.js';

const fault = (code: string | undefined, sqlState?: string): Error =>
  Object.assign(new Error('refused'), { code, ...(sqlState !== undefined && { sqlState }) });

it.each([
  ['a violated CHECK of MySQL', 'ER_CHECK_CONSTRAINT_VIOLATED', 'HY000'],
  [
    'a violated CHECK of MariaDB, by the name that the driver gives it',
    'ER_INNODB_AUTOEXTEND_SIZE_OUT_OF_RANGE',
    '23000',
  ],
  ['a text that is too long', 'ER_DATA_TOO_LONG', '22001'],
  ['a number out of range', 'ER_WARN_DATA_OUT_OF_RANGE', '22003'],
  ['a value that its column cannot hold, from MySQL', 'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD', 'HY000'],
  ['a missing value', 'ER_BAD_NULL_ERROR', '23000'],
  ['a key that is taken', 'ER_DUP_ENTRY', '23000'],
  ['a statement that is too large', 'ER_NET_PACKET_TOO_LARGE', '08S01'],
])('is about the values: %s', (_, code, sqlState) => {
  const error = fault(code, sqlState);
  expect(faultOf(error)).toBe(error);
});

it.each([
  ['a deadlock', 'ER_LOCK_DEADLOCK', '40001'],
  ['a lock wait that ran out', 'ER_LOCK_WAIT_TIMEOUT', 'HY000'],
  ['a server that takes no writes', 'ER_OPTION_PREVENTS_STATEMENT', 'HY000'],
  ['a server that stops', 'ER_SERVER_SHUTDOWN', '08S01'],
  ['a full disk', 'ER_RECORD_FILE_FULL', 'HY000'],
  ['a connection that is gone', 'PROTOCOL_CONNECTION_LOST', undefined],
  ['an error without a name', undefined, 'HY000'],
])('is about the server: %s', (_, code, sqlState) => {
  expect(faultOf(fault(code, sqlState))).toBeInstanceOf(StoreUnavailable);
});

it.each([
  ['an error that nobody knows', 'ER_SOMETHING_NEW', 'HY000', true],
  ['an error without a name', undefined, '42000', true],
  ['a column that is not there', 'ER_BAD_FIELD_ERROR', '42S22', true],
  ['a deadlock', 'ER_LOCK_DEADLOCK', '40001', false],
  ['a server that takes no writes', 'ER_OPTION_PREVENTS_STATEMENT', 'HY000', false],
  ['a full disk', 'ER_RECORD_FILE_FULL', 'HY000', false],
  ['a query that took too long', 'ER_QUERY_TIMEOUT', 'HY000', false],
  ['a right that is missing', 'ER_TABLEACCESS_DENIED_ERROR', '42000', false],
  ['a connection that is gone', 'PROTOCOL_CONNECTION_LOST', undefined, false],
  ['a server that stops', 'ER_SERVER_SHUTDOWN', '08S01', false],
])('may be about the events after all, or not: %s', (_, code, sqlState, unclassified) => {
  expect(faultOf(fault(code, sqlState))).toMatchObject({ unclassified });
});
