// Usage: import { counters } from './counters.mjs'     what the database itself counts while a run goes on
import mysql from 'mysql2/promise';

const NAMES = ['Questions', 'Innodb_rows_inserted', 'Innodb_rows_updated', 'Innodb_rows_deleted', 'Handler_write', 'Handler_update', 'Handler_delete'];

/** Seconds at the head and tail of a run that are left out: start-up, warm-up and the end of the loop. */
const HEAD = 5;

export async function counters(url) {
  const db = await mysql.createConnection(url);
  const read = async () => {
    const [rows] = await db.query('SHOW GLOBAL STATUS WHERE Variable_name IN (?)', [NAMES]);
    return Object.fromEntries(rows.map(({ Variable_name, Value }) => [Variable_name, Number(Value)]));
  };
  const wait = (seconds) => new Promise((wake) => setTimeout(wake, seconds * 1_000));
  return {
    /** Rates over the last seconds of a run that takes `seconds` with its warm-up. */
    async during(seconds) {
      await wait(HEAD);
      const before = await read();
      const begun = performance.now();
      await wait(Math.max(1, seconds - HEAD - 1));
      const after = await read();
      const passed = (performance.now() - begun) / 1_000;
      const rate = (name) => ((after[name] ?? 0) - (before[name] ?? 0)) / passed;
      // Our own two readings count as statements too; at hundreds of batches a second they vanish.
      const rows = ['inserted', 'updated', 'deleted'].map((how) => rate(`Innodb_rows_${how}`));
      const handled = ['write', 'update', 'delete'].map((how) => rate(`Handler_${how}`));
      const sum = (values) => values.reduce((total, value) => total + value, 0);
      return { statements: rate('Questions'), rowWrites: sum(rows) || sum(handled) };
    },
    close: () => db.end(),
  };
}
