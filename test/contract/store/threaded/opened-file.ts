import Libsql from 'libsql';
import { SystemClock } from '../../../../src/memory/system-clock.js';
import { prepareFile } from '../../../../src/storage/embedded/prepare-file.js';
import { Writer } from '../../../../src/storage/embedded/thread/carry-out.js';
import { ThreadedSql } from '../../../../src/storage/embedded/thread/threaded-sql.js';
import { WriterLink } from '../../../../src/storage/embedded/thread/writer-link.js';
import type { Session, Table } from '../../../../src/storage/sql/session.js';

export const ENTRY: Table = { name: 'entry', key: ['id'], columns: ['id', 'n'] };
export const OTHER: Table = { ...ENTRY, name: 'other' };

/** A file with two small tables, written by a thread. */
export interface OpenedFile {
  readonly sql: ThreadedSql;
  readonly links: readonly WriterLink[];
  /** What was told of threads that ended by themselves. */
  readonly ended: readonly unknown[];
  close(): Promise<void>;
}

export async function openFile(path: string, script: URL, few: number): Promise<OpenedFile> {
  const [here, reader] = [new Libsql(path), new Libsql(path)];
  prepareFile(here);
  for (const { name } of [ENTRY, OTHER]) {
    here.exec(`CREATE TABLE IF NOT EXISTS ${name} (id TEXT PRIMARY KEY, n INTEGER NOT NULL)`);
  }
  const links: WriterLink[] = [];
  const ended: unknown[] = [];
  const open = (): WriterLink => {
    const link = new WriterLink(path, script, (why) => ended.push(why));
    links.push(link);
    return link;
  };
  const sql = new ThreadedSql(open, { here: new Writer(here), few }, reader, new SystemClock());
  await sql.ready();
  return {
    sql,
    links,
    ended,
    async close() {
      await sql.end();
      reader.close();
      here.close();
    },
  };
}

export const nOf = async (session: Session, id: string): Promise<number> => {
  const [row] = await session.find({ columns: 't.n', table: ENTRY.name, key: ['id'] }, [[id]]);
  return Number(row?.['n'] ?? 0);
};
