import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/engine/ports/clock.js';
import { DefinitionStore } from '../../../src/engine/ports/definition-store.js';
import { Store, StoreUnavailable } from '../../../src/engine/ports/store.js';
import { Views } from '../../../src/engine/ports/views.js';
import { SystemClock } from '../../../src/memory/system-clock.js';
import { VirtualClock } from '../../../src/memory/virtual-clock.js';
import { Database } from '../../../src/storage/database.js';
import { openStorage } from '../../../src/storage/open-storage.js';
import { faultOf } from '../../../src/storage/sql/sqlite.js';
import { StorageModule } from '../../../src/storage/storage.module.js';
import * as tables from '../../../src/storage/store/tables.js';
import { ROWS } from '../../../src/storage/store/tables.js';
import { EMBEDDED, QuietLog } from './opened.js';
import { candidate, change, changes, done, node, started } from './samples.js';

describe('the embedded file', () => {
  let data: string;
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'sluice-file-'));
  });
  afterEach(() => rmSync(data, { recursive: true, force: true }));

  const open = (clock: Clock = new SystemClock()) => openStorage({ ...EMBEDDED, data }, clock, new QuietLog());

  it('says of a place that cannot be used which one, and what to do', async () => {
    writeFileSync(join(data, 'file'), 'no folder');
    const inFile = openStorage({ ...EMBEDDED, data: join(data, 'file') }, new SystemClock(), new QuietLog());
    await expect(inFile).rejects.toThrow(/^Expected to read and write at .*file, but .*EEXIST.* SLUICE_DATA\.$/);
    // Nothing can be made there, and Node's own way to make a folder with those above it would never end.
    const inProc = openStorage({ ...EMBEDDED, data: '/proc/sluice/data' }, new SystemClock(), new QuietLog());
    await expect(inProc).rejects.toThrow(/^Expected to read and write at \/proc\/sluice\/data, but /);
    writeFileSync(join(data, 'sluice.db'), 'this is no database, but it is long enough to be looked at'.repeat(20));
    await expect(open()).rejects.toThrow(/^Expected a database of Sluice at .*sluice\.db, but it is none/);
    rmSync(join(data, 'sluice.db'));
    await (await open()).database.close();
  });

  it('says of a server that is not there which one, and neither user nor password', async () => {
    const databaseUrl = 'mysql://somebody:secret@127.0.0.1:1/sluice';
    const opened = openStorage({ ...EMBEDDED, mode: 'servers', databaseUrl }, new SystemClock(), new QuietLog());
    await expect(opened).rejects.toThrow(
      /^Expected the database at 127\.0\.0\.1:1 to take connections, but .*ECONNREFUSED/,
    );
    await expect(opened).rejects.not.toThrow(/secret|somebody/);
  });

  it('is there again after it was closed, with what was committed', async () => {
    const first = await open();
    const id = await started(first.store, { key: 'again' });
    await first.database.close();
    await first.database.close();
    await expect(first.store.start([candidate()])).rejects.toThrow(StoreUnavailable);
    await expect(first.views.instance(id)).rejects.toThrow(StoreUnavailable);
    const second = await open();
    expect(await second.store.start([candidate({ key: 'again' })])).toEqual([{ id, duplicate: true, byKey: true }]);
    expect(await second.database.pending()).toEqual([]);
    expect(second.database.about).toMatch(/^SQLite 3\./);
    await second.database.ping();
    await second.database.close();
  });

  it('is refused to a second one, by name, and given to it afterwards', async () => {
    const first = await open();
    await expect(open()).rejects.toThrow(
      new RegExp(`Expected to be the only one at .*sluice\\.lock, but the process ${process.pid} is using it\\. Stop`),
    );
    await first.database.close();
    await (await open()).database.close();
  });

  it('is refused while another process holds it, and free when that one was killed', async () => {
    const libsql = createRequire(import.meta.url).resolve('libsql');
    const script = `const D = require(${JSON.stringify(libsql)}); const db = new D(${JSON.stringify(join(data, 'sluice.lock'))});
      db.exec("CREATE TABLE owner (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO owner VALUES (1, 'the process of a test')");
      db.exec('BEGIN IMMEDIATE'); console.log('held'); setInterval(() => db.inTransaction, 1000);`;
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    await expect(open()).rejects.toThrow(/but the process of a test is using it/);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await (await open()).database.close();
  });

  it('takes its time from the clock it is given', async () => {
    const clock = new VirtualClock(5_000);
    const { store, database } = await open(clock);
    expect(await store.now()).toBe(5_000);
    const id = await started(store, { nodes: [node('timer', { queue: 0, lane: null, wakeAt: 9_000 })] });
    const move = () => ({ lane: 'fast' as const, queue: 1, reason: 'timer' });
    expect(await store.claimDue(10, move)).toEqual([]);
    clock.advance(4_000);
    const [due] = await store.claimDue(10, move);
    expect(due).toMatchObject({ instance: id, node: { queue: 1, wakeAt: 9_000 } });
    await database.close();
  });

  it('forgets a receipt after thirty days', async () => {
    const clock = new VirtualClock(5_000);
    const { store, database } = await open(clock);
    const id = await started(store, { receipt: 'r' });
    clock.advance(30 * 24 * 3_600_000 - 1);
    expect(await store.start([candidate({ receipt: 'r' })])).toEqual([{ id, duplicate: true }]);
    clock.advance(1);
    const next = await started(store, { receipt: 'r' });
    expect(next).not.toBe(id);
    expect(await store.start([candidate({ receipt: 'r' })])).toEqual([{ id: next, duplicate: true }]);
    await database.close();
  });

  it('lets no reader see into an open transaction', async () => {
    const { store, views, database } = await open();
    const id = await started(store);
    let during: Promise<unknown> | undefined;
    await change(store, id, [], ({ instance }) => {
      during = views.instance(id).then((view) => view?.instance.seq);
      return changes({ ...instance, seq: 2 }, { instanceChanged: true, nodes: [done(node('first'))] });
    });
    expect(await during).toBe(1);
    expect((await views.instance(id))?.instance.seq).toBe(2);
    await database.close();
  });

  it('is written through to the disk, and has the columns that the rows declare', async () => {
    await (await open()).database.close();
    const file = new Libsql(join(data, 'sluice.db'));
    expect(file.pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    const named = Object.values(tables).filter((one) => typeof one === 'object' && 'columns' in one);
    expect(named).toHaveLength(ROWS.length);
    for (const { name, columns, key } of named) {
      const stored = file.pragma(`table_info(${name})`) as { name: string; pk: number }[];
      expect(stored.map((column) => column.name)).toEqual(columns);
      expect(stored.filter(({ pk }) => pk > 0).map((column) => column.name)).toEqual(key);
    }
    file.close();
  });

  it.each([true, undefined, Buffer.from('a'), Number.NaN, {}])(
    'refuses %s in a column, and lives on',
    async (value) => {
      const { store, views, database } = await open();
      const id = await started(store);
      const broken = change(store, id, [], ({ instance }) =>
        changes(
          { ...instance, seq: 2 },
          { instanceChanged: true, nodes: [{ ...node('first'), reason: value as never }], vars: { a: 1 } },
        ),
      );
      await expect(broken).rejects.toThrow(/^Expected a text, a finite number or null for a column/);
      expect(await views.instance(id)).toMatchObject({ instance: { seq: 1 }, vars: {} });
      await database.close();
    },
  );

  it('tells a file that is away from values that do not fit', () => {
    const fault = (code: string): Error => Object.assign(new Error('said so'), { name: 'SqliteError', code });
    for (const code of ['SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_BUSY', 'SQLITE_READONLY']) {
      expect(faultOf(fault(code))).toBeInstanceOf(StoreUnavailable);
    }
    for (const error of [fault('SQLITE_CONSTRAINT_NOTNULL'), fault('SQLITE_TOOBIG'), new TypeError('boom')]) {
      expect(faultOf(error)).toBe(error);
    }
  });

  it('comes with the module, and closes with the application', async () => {
    const module = StorageModule.with({ ...EMBEDDED, data }, new SystemClock(), new QuietLog());
    const app = await NestFactory.createApplicationContext(module, { logger: false });
    const id = await started(app.get(Store));
    expect((await app.get(Views).instance(id))?.instance.id).toBe(id);
    expect(await app.get(DefinitionStore).newest()).toEqual([]);
    await app.get(Database).ping();
    await app.close();
    await (await open()).database.close();
  });
});
