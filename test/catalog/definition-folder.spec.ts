import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CachedCatalog } from '../../src/catalog/cached-catalog.js';
import { DefinitionFolder, type FolderReport } from '../../src/catalog/definition-folder.js';
import { PublishDefinition } from '../../src/catalog/publish-definition.js';
import { SystemClock } from '../../src/memory/system-clock.js';
import { flowText, folders } from './places.js';
import { memoryDefinitions } from './stores.js';

const makeFolder = folders();

async function stage() {
  const root = await makeFolder();
  const store = memoryDefinitions();
  const clock = new SystemClock();
  const catalog = new CachedCatalog(store, clock);
  const folder = new DefinitionFolder(root, new PublishDefinition(store, catalog), clock);
  return { folder, catalog, write: (name: string, text: string) => writeFile(join(root, name), text), root };
}

describe('the folder of definitions', () => {
  it('publishes every flow once, and a changed one again', async () => {
    const { folder, write } = await stage();
    await write('a.flow.yaml', flowText('a'));
    await write('b.flow.yaml', flowText('b'));
    expect(await folder.load()).toEqual({
      published: [
        { file: 'a.flow.yaml', flow: 'a', version: 1, created: true },
        { file: 'b.flow.yaml', flow: 'b', version: 1, created: true },
      ],
      problems: [],
      faults: [],
      routing: { rules: [], overrides: [], lanes: [], version: null },
      triggers: { triggers: [], version: null },
    });
    await write('b.flow.yaml', flowText('b', 'Changed'));
    expect((await folder.load()).published).toEqual([
      { file: 'a.flow.yaml', flow: 'a', version: 1, created: false },
      { file: 'b.flow.yaml', flow: 'b', version: 2, created: true },
    ]);
  });

  it('publishes the others when one is broken, and keeps the last good version of that one', async () => {
    const { folder, write, catalog } = await stage();
    await write('a.flow.yaml', flowText('a'));
    await folder.load();
    await write('a.flow.yaml', flowText('a').replace('edges', 'egdes'));
    await write('b.flow.yaml', flowText('b'));
    const report = await folder.load();
    expect(report.published.map(({ flow }) => flow)).toEqual(['b']);
    expect(report.problems.some(({ file, severity }) => file === 'a.flow.yaml' && severity === 'error')).toBe(true);
    expect((await catalog.get('a'))?.definition.version).toBe(1);
  });

  it('publishes neither of two files of one flow', async () => {
    const { folder, write, catalog } = await stage();
    await write('a.flow.yaml', flowText('a'));
    await write('copy.flow.yaml', flowText('a', 'A copy'));
    const { published, faults } = await folder.load();
    expect(published).toEqual([]);
    expect(faults.map(({ file }) => file)).toEqual(['a.flow.yaml', 'copy.flow.yaml']);
    expect(faults[0]?.message).toContain('a.flow.yaml and copy.flow.yaml all define a');
    expect(await catalog.get('a')).toBeNull();
  });

  it('does not undo what was published since, and says that the file is behind', async () => {
    const { folder, write, catalog } = await stage();
    await write('a.flow.yaml', flowText('a'));
    await folder.load();
    await write('a.flow.yaml', flowText('a', 'Changed'));
    await folder.load();
    await write('a.flow.yaml', flowText('a'));
    const { published, faults } = await folder.load();
    expect(published).toEqual([{ file: 'a.flow.yaml', flow: 'a', version: 1, created: false }]);
    expect(faults).toEqual([{ file: 'a.flow.yaml', message: expect.stringContaining('version 2 is newer') }]);
    expect((await catalog.get('a'))?.definition.version).toBe(2);
  });

  it('names a version that exists with other content', async () => {
    const { folder, write } = await stage();
    await write('a.flow.yaml', `version: 3\n${flowText('a')}`);
    await folder.load();
    await write('a.flow.yaml', `version: 3\n${flowText('a', 'Changed')}`);
    const { published, faults } = await folder.load();
    expect(published).toEqual([]);
    expect(faults).toEqual([{ file: 'a.flow.yaml', message: expect.stringContaining('3') }]);
  });
});

describe('watching the folder', () => {
  it('publishes what changes, keeps the good version of a broken file, and takes a change back', async () => {
    const { folder, write, catalog, root } = await stage();
    await write('a.flow.yaml', flowText('a'));
    await folder.load();
    const reports: FolderReport[] = [];
    let heard: () => void = () => {};
    const watching = folder.watch(
      (report) => {
        reports.push(report);
        heard();
      },
      (error) => {
        throw error;
      },
    );
    const next = (): Promise<void> => new Promise((resolve) => (heard = resolve));
    const change = async (work: Promise<unknown>): Promise<FolderReport | undefined> => {
      const told = next();
      await work;
      await told;
      return reports.at(-1);
    };
    try {
      expect(await change(write('a.flow.yaml', flowText('a', 'Second')))).toMatchObject({
        published: [{ version: 2, created: true }],
      });
      const broken = await change(write('a.flow.yaml', 'flow: ['));
      expect(broken?.published).toEqual([]);
      expect(broken?.problems.length).toBeGreaterThan(0);
      expect((await catalog.get('a'))?.definition.title).toBe('Second');
      expect(await change(write('a.flow.yaml', flowText('a')))).toMatchObject({
        published: [{ version: 3 }],
        faults: [],
      });
      expect((await catalog.get('a'))?.definition.title).toBe('A flow');
      expect(await change(rm(join(root, 'a.flow.yaml')))).toMatchObject({ published: [], faults: [] });
      expect((await catalog.get('a'))?.definition.version).toBe(3);
    } finally {
      watching.close();
    }
  });
});
