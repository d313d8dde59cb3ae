import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreUnavailable } from '../../../../src/engine/ports/store.js';
import { isDuplicate, type Session } from '../../../../src/storage/sql/session.js';
import { writerScript } from '../../../support/engine/writer-script.js';
import { ENTRY, nOf, type OpenedFile, openFile } from './opened-file.js';

describe.each([
  { where: 'in the thread', few: 0 },
  { where: 'where it is few, in the own thread', few: 8 },
])('transactions of a file that a thread writes, $where', ({ few }) => {
  let folder: string;
  let file: OpenedFile;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-thread-'));
    file = await openFile(join(folder, 'file.db'), await writerScript(), few);
  });
  afterEach(async () => {
    await file.close();
    rmSync(folder, { recursive: true });
  });

  const read = (id: string): Promise<number> => file.sql.reading((session) => nOf(session, id));
  const put = (id: string, n: number) => (session: Session) => session.upsert(ENTRY, [[id, n]]);
  const many = (n: number) => Array.from({ length: 20 }, (_, at) => [`many ${at}`, n]);

  it('see what those before them have committed, however many wait and however large they are', async () => {
    const add = (rows: readonly (readonly (string | number)[])[]) =>
      file.sql.transaction(async (session) => {
        const n = (await nOf(session, 'sum')) + 1;
        await session.upsert(ENTRY, [['sum', n], ...rows]);
        for (let at = 0; at < 10; at++) await session.upsert(ENTRY, [[`step ${at}`, n]]);
        return n;
      });
    const answers: number[] = [];
    for (let round = 0; round < 10; round++) {
      answers.push(...(await Promise.all([add([]), add([])])));
      answers.push(...(await Promise.all([add(many(1)), add([]), add(many(2)), add([]), add(many(3))])));
    }
    expect(answers).toEqual(Array.from({ length: 70 }, (_, at) => at + 1));
    expect(await read('sum')).toBe(70);
  });

  it('are visible to readers once they have answered', async () => {
    for (let n = 1; n <= 20; n++) {
      await file.sql.transaction(put('seen', n));
      expect(await read('seen')).toBe(n);
    }
  });

  it('tell a duplicate where it is inserted, and leave nothing behind', async () => {
    await file.sql.transaction(put('there', 1));
    const wasTold: unknown[] = [];
    const failed = file.sql.transaction(async (session) => {
      await session.upsert(ENTRY, [['before', 1]]);
      await session.insert(ENTRY, [['there', 2]]).catch((error: unknown) => {
        wasTold.push(isDuplicate(error));
        throw error;
      });
    });
    await expect(failed).rejects.toSatisfy(isDuplicate);
    expect(wasTold).toEqual([true]);
    expect(await read('before')).toBe(0);
    expect(await read('there')).toBe(1);
  });

  it('are not committed by halves when somebody goes on behind a fault', async () => {
    await file.sql.transaction(put('there', 1));
    const stubborn = file.sql.transaction(async (session) => {
      await session.insert(ENTRY, [['there', 2]]).catch(() => undefined);
      await session.upsert(ENTRY, [['behind', 1]]);
    });
    await expect(stubborn).rejects.toThrow(/^Expected the transaction to be open, but it was taken back/);
    expect(await read('behind')).toBe(0);
    await file.sql.transaction(put('there', 3));
    expect(await read('there')).toBe(3);
  });

  it('refuse what no column holds, at the latest with the commit', async () => {
    for (const value of [true, undefined, Number.NaN, {}]) {
      const broken = file.sql.transaction((session) =>
        session.upsert(ENTRY, [
          ['good', 1],
          ['bad', value as never],
        ]),
      );
      await expect(broken).rejects.toThrow(/^Expected a text, a finite number or null for a column/);
    }
    const uncloned = file.sql.transaction((session) => session.upsert(ENTRY, [['bad', (() => 1) as never]]));
    await expect(uncloned).rejects.not.toBeInstanceOf(StoreUnavailable);
    await expect(uncloned).rejects.toThrow();
    expect(await read('good')).toBe(0);
    await file.sql.transaction(put('good', 2));
    expect(await read('good')).toBe(2);
  });

  it('say of a disk without room that the file is away, and go on when there is room', async () => {
    const room = (pages: number) => file.sql.transaction((session) => session.rows(`PRAGMA max_page_count = ${pages}`));
    const long = [[`long ${'x'.repeat(20_000)}`, 1]];
    // Told to either connection, for either may be the one that writes.
    const full = async (): Promise<void> => {
      for (let at = 0; at < 20; at++)
        await file.sql.transaction((session) => session.upsert(ENTRY, [[`${at} ${long}`, 1], ...many(at)]));
    };
    await room(5);
    await expect(full()).rejects.toThrow(/SQLITE_FULL/);
    await expect(full()).rejects.toBeInstanceOf(StoreUnavailable);
    await room(1_000_000);
    await full();
    expect(await read('many 3')).toBe(19);
  });

  it('are taken back when their work throws', async () => {
    const thrown = file.sql.transaction(async (session) => {
      await session.upsert(ENTRY, [['gone', 1]]);
      expect(await nOf(session, 'gone')).toBe(1);
      throw new RangeError('not this time');
    });
    await expect(thrown).rejects.toThrow(RangeError);
    expect(await read('gone')).toBe(0);
  });

  it('lose what a killed thread had open, say so, and run in another thread then', async () => {
    await file.sql.transaction((session) => session.upsert(ENTRY, many(1)));
    const torn = file.sql.transaction(async (session) => {
      await session.upsert(ENTRY, many(2));
      expect(await nOf(session, 'many 3')).toBe(2);
      kill(file);
      await session.upsert(ENTRY, [['torn', 1]]);
    });
    const behind = file.sql.transaction(put('behind', 1));
    await expect(torn).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(torn).rejects.toThrow(/^Expected the thread that writes the file to answer, but it has ended/);
    expect(file.ended).toHaveLength(1);
    await behind.catch(() => file.sql.transaction(put('behind', 1)));
    expect(await read('behind')).toBe(1);
    expect(await read('many 3')).toBe(1);
    expect(await read('torn')).toBe(0);
    await file.sql.transaction((session) => session.upsert(ENTRY, many(5)));
    expect(await read('many 3')).toBe(5);
    expect(file.links).toHaveLength(2);
  });

  it('all answer when the thread is killed, and what is said to be committed is', async () => {
    for (let round = 0; round < 5; round++) {
      const asked = Array.from({ length: 30 }, async (_, at) => {
        await file.sql.transaction((session) => session.upsert(ENTRY, [...many(round), [`${round} ${at}`, 1]]));
        if (at === round * 4) kill(file);
        return `${round} ${at}`;
      });
      const settled = await Promise.allSettled(asked);
      for (const one of settled) {
        if (one.status === 'fulfilled') expect(await read(one.value)).toBe(1);
        else expect(one.reason).toBeInstanceOf(StoreUnavailable);
      }
    }
    expect(file.ended.length).toBeGreaterThan(0);
  });

  it('that wait are over before the file is closed, and later ones are refused', async () => {
    const waiting = Array.from({ length: 10 }, (_, at) => file.sql.transaction(put(`waits ${at}`, at + 1)));
    const ended = file.sql.end();
    const late = expect(file.sql.transaction(put('late', 1))).rejects.toBeInstanceOf(StoreUnavailable);
    await Promise.all([...waiting, ended, late]);
    await expect(file.sql.reading((session) => nOf(session, 'late'))).rejects.toBeInstanceOf(StoreUnavailable);
    expect(file.links.map(({ isOver }) => isOver)).toEqual([true]);
    expect(file.ended).toEqual([]);
    file = await openFile(join(folder, 'file.db'), await writerScript(), few);
    expect(await read('waits 9')).toBe(10);
    expect(await read('late')).toBe(0);
  });

  it('leave the file alone while something else runs on it', async () => {
    const asked: Promise<unknown>[] = [];
    for (let at = 0; at < 5; at++) asked.push(file.sql.transaction((session) => session.upsert(ENTRY, many(at))));
    const seen = file.sql.alone(async () => {
      const before = await read('many 7');
      await new Promise((wake) => setTimeout(wake, 20));
      return [before, await read('many 7')];
    });
    asked.push(file.sql.transaction((session) => session.upsert(ENTRY, many(9))));
    await Promise.all(asked);
    expect(await seen).toEqual([4, 4]);
    expect(await read('many 7')).toBe(9);
  });
});

function kill({ links }: OpenedFile): void {
  links.at(-1)?.kill();
}
