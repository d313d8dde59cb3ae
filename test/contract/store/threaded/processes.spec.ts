import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compiled, writerScript } from '../../../support/engine/writer-script.js';

describe('a process whose thread writes', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-process-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const path = () => join(folder, 'file.db');
  const begin = async (how: string) => {
    const program = await compiled(new URL('./writing-process.ts', import.meta.url));
    const args = [fileURLToPath(program), path(), (await writerScript()).href, how];
    return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  };
  const stored = (table: string): number[] => {
    const file = new Libsql(path());
    const rows = file.prepare(`SELECT n FROM ${table} ORDER BY n`).all() as { n: number }[];
    file.close();
    return rows.map(({ n }) => n);
  };

  it('has all of what it said was committed, and nothing by halves, when it is killed in the middle', async () => {
    for (let round = 0; round < 3; round++) {
      rmSync(folder, { recursive: true });
      folder = mkdtempSync(join(tmpdir(), 'sluice-process-'));
      const child = await begin('for ever');
      let text = '';
      child.stdout.on('data', (piece: Buffer) => {
        text += piece.toString();
        if (text.split('\n').length > 20 + round * 7) child.kill('SIGKILL');
      });
      await once(child, 'close');
      const said = text.slice(0, text.lastIndexOf('\n')).split('\n').map(Number);
      expect(said.length).toBeGreaterThan(19);
      expect(stored('entry').slice(0, said.length)).toEqual(said);
      expect(stored('other')).toEqual(stored('entry'));
    }
  });

  it('ends with its own code, and not before what is under way is committed', async () => {
    const child = await begin('exit');
    child.stdout.resume();
    const [code, signal] = await once(child, 'close');
    expect({ code, signal }).toEqual({ code: 7, signal: null });
    expect(stored('entry')).toEqual([2_000_000]);
  });

  it('is not kept alive by the thread, and does not end before it has heard of its commit', async () => {
    const child = await begin('once');
    let text = '';
    child.stdout.on('data', (piece: Buffer) => {
      text += piece.toString();
    });
    const [code] = await once(child, 'close');
    expect({ code, text }).toEqual({ code: 0, text: '1\n' });
    expect(stored('other')).toEqual([1]);
  });
});
