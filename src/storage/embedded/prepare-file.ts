import type Libsql from 'libsql';

/** Settings of every connection to the file. */
export function prepareFile(handle: Libsql.Database): void {
  handle.pragma('journal_mode = WAL');
  handle.pragma('synchronous = FULL');
  // 64 MiB of log between two copies into the file, and 32 MiB of pages kept: by default it is copied after every thousand
  // pages, and whoever commits waits for it.
  handle.pragma('wal_autocheckpoint = 16000');
  handle.pragma('cache_size = -32000');
  handle.pragma('busy_timeout = 5000');
}
