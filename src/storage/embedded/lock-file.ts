import Libsql from 'libsql';

/** Longer than it takes another one to read the owner's name. */
const WAIT_MS = 300;

/**
 * Holds the folder of an embedded file for one process. The lock is the operating system's, taken by an open
 * transaction on a small file: it ends with the process however that ends, so no stale lock can be left behind.
 *
 * @throws when another process holds it.
 */
export function lockFile(path: string, owner: string): { release(): void } {
  const handle = new Libsql(path, { timeout: WAIT_MS });
  try {
    // A failed `exec` leaves no statement open, so that a refused process holds nothing itself.
    handle.exec('BEGIN IMMEDIATE');
    handle.exec('CREATE TABLE IF NOT EXISTS owner (id INTEGER PRIMARY KEY, name TEXT NOT NULL)');
    handle.prepare('INSERT INTO owner VALUES (1, ?) ON CONFLICT DO UPDATE SET name = excluded.name').run(owner);
    handle.exec('COMMIT');
    handle.exec('BEGIN IMMEDIATE');
  } catch (error) {
    const other = ownerOf(handle);
    handle.close();
    if (!String((error as { code?: string }).code).startsWith('SQLITE_BUSY')) throw error;
    throw new Error(
      `Expected to be the only one at ${path}, but ${other} is using it. ` +
        'Stop that one, or give this one another folder with SLUICE_DATA.',
      { cause: error },
    );
  }
  return {
    release() {
      if (!handle.open) return;
      handle.exec('ROLLBACK');
      handle.close();
    },
  };
}

function ownerOf(handle: Libsql.Database): string {
  try {
    // `all` and not `get`, which leaves its statement open, and with it a lock of its own.
    const [row] = handle.prepare('SELECT name FROM owner').all() as { name: string }[];
    return row?.name ?? 'another process';
  } catch {
    return 'another process';
  }
}
