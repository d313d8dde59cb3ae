import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFlowFiles } from '../../src/catalog/flow-files.js';
import { folders } from './places.js';

const folder = folders();
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

describe('Y28 a folder of definitions', () => {
  it('gives the flows in it and below it, by path, and nothing else', async () => {
    const root = await folder();
    await mkdir(join(root, 'lending', 'deep'), { recursive: true });
    await mkdir(join(root, '.git'));
    await mkdir(join(root, 'node_modules'));
    for (const name of [
      'b.flow.yaml',
      'a.flow.yml',
      'lending/deep/c.flow.yaml',
      '.git/d.flow.yaml',
      'node_modules/e.flow.yaml',
      'notes.yaml',
      'f.flow.json',
      '.hidden.flow.yaml',
    ]) {
      await writeFile(join(root, name), name);
    }
    const { files, faults } = await readFlowFiles(root);
    expect(files.map(({ file, source }) => [file, text(source)])).toEqual([
      ['a.flow.yml', 'a.flow.yml'],
      ['b.flow.yaml', 'b.flow.yaml'],
      ['lending/deep/c.flow.yaml', 'lending/deep/c.flow.yaml'],
    ]);
    expect(faults).toEqual([]);
  });

  it('follows links inside the folder, once per file, and ends at a loop of them', async () => {
    const root = await folder();
    await mkdir(join(root, 'a'));
    await writeFile(join(root, 'a', 'one.flow.yaml'), '1');
    await symlink(root, join(root, 'a', 'up'));
    await symlink(join(root, 'a'), join(root, 'b'));
    await symlink(join(root, 'a', 'one.flow.yaml'), join(root, 'same.flow.yaml'));
    await symlink(join(root, 'itself.flow.yaml'), join(root, 'itself.flow.yaml'));
    const { files, faults } = await readFlowFiles(root);
    expect(files.map(({ file }) => file)).toEqual(['a/one.flow.yaml']);
    expect(faults).toEqual([{ file: 'itself.flow.yaml', message: expect.stringContaining('lead in a circle') }]);
  });

  it('reads nothing outside of it', async () => {
    const outside = await folder();
    await writeFile(join(outside, 'secret.flow.yaml'), 'secret');
    const root = await folder();
    await symlink(join(outside, 'secret.flow.yaml'), join(root, 'link.flow.yaml'));
    await symlink(outside, join(root, 'linked'));
    const { files, faults } = await readFlowFiles(root);
    expect(files).toEqual([]);
    expect(faults.map(({ file }) => file)).toEqual(['link.flow.yaml', 'linked']);
    expect(faults[0]?.message).toContain('leads out of it');
  });

  it('names what is no regular file, and does not wait for it', async () => {
    const root = await folder();
    execFileSync('mkfifo', [join(root, 'pipe.flow.yaml')]);
    await mkdir(join(root, 'folder.flow.yaml'));
    await writeFile(join(root, 'good.flow.yaml'), '');
    const { files, faults } = await readFlowFiles(root);
    expect(files.map(({ file }) => file)).toEqual(['good.flow.yaml']);
    expect(faults).toEqual([{ file: 'pipe.flow.yaml', message: expect.stringContaining('a pipe') }]);
  });

  it('names what it may not read, and reads the others', async () => {
    const root = await folder();
    await writeFile(join(root, 'a.flow.yaml'), '');
    await writeFile(join(root, 'b.flow.yaml'), '');
    await chmod(join(root, 'a.flow.yaml'), 0);
    // Root may read everything.
    const mayRead = process.getuid?.() === 0;
    const { files, faults } = await readFlowFiles(root);
    expect(files.map(({ file }) => file)).toEqual(mayRead ? ['a.flow.yaml', 'b.flow.yaml'] : ['b.flow.yaml']);
    const refused = { file: 'a.flow.yaml', message: expect.stringContaining('this process may not') };
    expect(faults).toEqual(mayRead ? [] : [refused]);
  });

  it('names a link that leads nowhere', async () => {
    const root = await folder();
    await symlink(join(root, 'gone'), join(root, 'a.flow.yaml'));
    expect((await readFlowFiles(root)).faults).toEqual([
      { file: 'a.flow.yaml', message: expect.stringContaining('ENOENT') },
    ]);
  });

  it('stops at 1,000 flows and says so', async () => {
    const root = await folder();
    await Promise.all(Array.from({ length: 1_001 }, (_, i) => writeFile(join(root, `${i}.flow.yaml`), '')));
    const { files, faults } = await readFlowFiles(root);
    expect(files).toHaveLength(1_000);
    expect(faults).toEqual([{ file: '.', message: expect.stringContaining('at most 1000 flows') }]);
  });

  it('reads no more of a large file than it takes to see that it is too large', async () => {
    const root = await folder();
    await writeFile(join(root, 'large.flow.yaml'), Buffer.alloc(20 * 1024 * 1024, '#'));
    const { files } = await readFlowFiles(root);
    expect(files[0]?.source.byteLength).toBe(256 * 1024 + 1);
  });

  it('names a folder that is not there, or is none', async () => {
    const root = await folder();
    await writeFile(join(root, 'file'), '');
    for (const path of [join(root, 'nothing'), join(root, 'file')]) {
      expect((await readFlowFiles(path)).faults).toEqual([
        { file: '.', message: expect.stringContaining('Expected a folder') },
      ]);
    }
  });
});
