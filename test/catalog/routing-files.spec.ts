import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RoutingFiles } from '../../src/catalog/routing-files.js';

const rule = (code: string): string => `rules: [{ code: ${code}, lane: slow, reason: tested }]\n`;

describe('files of routing rules', () => {
  let folder: string;
  let files: RoutingFiles;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-routing-'));
    files = new RoutingFiles(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  const codes = async (): Promise<string[]> => (await files.load()).routing.rules.map(({ code }) => code);

  it('are read in the order of their names, and their version changes with them', async () => {
    expect((await files.load()).routing).toEqual({ rules: [], overrides: [], lanes: [], version: null });
    await write('b.routing.yaml', rule('second'));
    await write('a.routing.yaml', rule('first'));
    await write('c.flow.yaml', rule('none'));
    expect(await codes()).toEqual(['first', 'second']);
    const { version } = (await files.load()).routing;
    expect(version).toMatch(/^[0-9a-f]{12}$/);
    await write('b.routing.yaml', rule('third'));
    expect((await files.load()).routing.version).not.toBe(version);
  });

  it('keep what they said while they are broken, and say what is wrong', async () => {
    await write('a.routing.yaml', rule('first'));
    const before = (await files.load()).routing;
    await write('a.routing.yaml', rule('first').replace('slow', 'Slowest'));
    const broken = await files.load();
    expect(broken.routing).toEqual(before);
    expect(broken.problems).toMatchObject([{ code: 'BAD_LANE', file: 'a.routing.yaml', line: 1 }]);
    await rm(join(folder, 'a.routing.yaml'));
    expect(await codes()).toEqual([]);
  });

  it('say nothing while they were never sound', async () => {
    await write('a.routing.yaml', 'rules: soon');
    const { routing, problems } = await files.load();
    expect([routing.version, problems.length]).toEqual([null, 1]);
  });
});
