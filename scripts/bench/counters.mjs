// Usage: import { counters } from './counters.mjs'     what the database itself counts while a run goes on
import mysql from 'mysql2/promise';

const ROWS = ['Innodb_rows_inserted', 'Innodb_rows_updated', 'Innodb_rows_deleted'];
/**
 * For servers that do not count in InnoDB. Updates are left out: the engine updates by upserts, and the server counts
 * the insert that such a row begins with as well.
 */
const HANDLER = ['Handler_write', 'Handler_delete'];
const NAMES = ['Questions', ...ROWS, ...HANDLER];

export async function counters(url) {
  const db = await mysql.createConnection(url);
  const read = async () => {
    const [rows] = await db.query('SHOW GLOBAL STATUS WHERE Variable_name IN (?)', [NAMES]);
    return Object.fromEntries(rows.map(({ Variable_name, Value }) => [Variable_name, Number(Value)]));
  };
  return {
    read,
    /** Statements and row writes since a reading; our own readings are one statement each. */
    async since(before) {
      const after = await read();
      const rose = (names) => names.reduce((sum, name) => sum + ((after[name] ?? 0) - (before[name] ?? 0)), 0);
      return { statements: rose(['Questions']) - 1, rowWrites: rose(ROWS) || rose(HANDLER) };
    },
    close: () => db.end(),
  };
}
