import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TriggerFiles } from '../../src/catalog/trigger-files.js';

const trigger = (code: string): string => `triggers: [{ code: ${code}, on: cart.added, start: coupon }]\n`;

describe('files of triggers', () => {
  let folder: string;
  let files: TriggerFiles;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-triggers-'));
    files = new TriggerFiles(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  const codes = async (): Promise<string[]> => (await files.load()).triggers.map(({ code }) => code);

  it('are read in the order of their names, and their version changes with them', async () => {
    expect(await files.load()).toEqual({ triggers: [], version: null, problems: [], faults: [] });
    await write('b.triggers.yaml', trigger('second'));
    await write('a.triggers.yaml', trigger('first'));
    await write('c.flow.yaml', trigger('none'));
    expect(await codes()).toEqual(['first', 'second']);
    const { version } = await files.load();
    expect(version).toMatch(/^[0-9a-f]{12}$/);
    await write('b.triggers.yaml', trigger('third'));
    expect((await files.load()).version).not.toBe(version);
  });

  it('keep what they said while they are broken, and say what is wrong', async () => {
    await write('a.triggers.yaml', trigger('first'));
    const { version } = await files.load();
    await write('a.triggers.yaml', trigger('first').replace('start: coupon', 'start: 5'));
    const broken = await files.load();
    expect([broken.version, broken.triggers.map(({ code }) => code)]).toEqual([version, ['first']]);
    expect(broken.problems).toMatchObject([{ code: 'WRONG_TYPE', file: 'a.triggers.yaml', line: 1 }]);
    await rm(join(folder, 'a.triggers.yaml'));
    expect(await codes()).toEqual([]);
  });

  it('say nothing while they were never sound', async () => {
    await write('a.triggers.yaml', 'triggers: soon');
    expect(await files.load()).toMatchObject({ triggers: [], version: null, problems: [{ severity: 'error' }] });
  });

  it('leave out a trigger whose code another file has', async () => {
    await write('a.triggers.yaml', trigger('same'));
    await write('b.triggers.yaml', trigger('same'));
    const { triggers, faults } = await files.load();
    expect(triggers).toHaveLength(1);
    expect(faults).toEqual([{ file: 'b.triggers.yaml', message: expect.stringContaining('a.triggers.yaml has one') }]);
  });
});
