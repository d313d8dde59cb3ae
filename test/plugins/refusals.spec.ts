import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPlugins } from '../../src/worker/plugins/load-plugins.js';
import { NodeTypes } from '../../src/worker/plugins/node-types.js';
import { kind, typesOf } from './kinds.js';

const refusedOf = (type: unknown): string => {
  const { loaded, refused } = typesOf(type);
  expect(loaded).toEqual([]);
  return refused[0]?.reason ?? '';
};

describe('a kind of node is refused', () => {
  it.each([
    ['that is none', 7, 'Expected an object that describes a kind of node, but it is of type number.'],
    ['without a name', kind({ name: undefined as never }), 'Expected a `name` of two to four words'],
    ['with a name of one word', kind({ name: 'score' }), "but it is 'score'"],
    ['with capitals in its name', kind({ name: 'Acme.Score' }), "but it is 'Acme.Score'"],
    [
      'called like a built-in kind',
      kind({ name: 'task' }),
      "'task' is a word of the language; put a name before it: acme.task",
    ],
    ['called like a modifier', kind({ name: 'retry' }), "'retry' is a word of the language"],
    ['without a version', kind({ version: undefined as never }), 'Expected a `version` like 1.0.0, but it is missing.'],
    ['with half a version', kind({ version: '1.0' }), "Expected a `version` like 1.0.0, but it is '1.0'."],
    ['with nothing to do', kind({ execute: undefined as never }), 'Expected a function `execute`, but there is none.'],
    [
      'with something else to do',
      kind({ execute: 'run' as never }),
      "Expected `execute` to be a function, but it is 'run'.",
    ],
    ['with a shape that nobody draws', kind({ shape: 'star' as never }), 'Expected `shape` to be one of box, round'],
    ['with a trait that is none', kind({ traits: { retriable: true } as never }), 'but there is `retriable`'],
    [
      'with a trait that is no answer',
      kind({ traits: { pure: 'yes' as never } }),
      "Expected `traits.pure` to be true or false, but it is 'yes'.",
    ],
    [
      'with a time that is none',
      kind({ traits: { timeout: '5 minutes' } }),
      'Expected `traits.timeout` to be a duration like 30s',
    ],
    ['with a long time and no lease', kind({ traits: { timeout: '6m' } }), 'add `lease: true`'],
    [
      'that is done outside and here',
      kind({ traits: { remote: true } }),
      'Expected no `execute` beside `traits.remote`',
    ],
    ['with a member that is none', kind({ exceute: () => 1 } as never), 'but there is `exceute`'],
    [
      'with a schema of a list',
      kind({ schema: { type: 'array' } }),
      'Expected `schema` to be a JSON Schema of an object',
    ],
    [
      'with a schema that is none',
      kind({ schema: { properties: { a: { type: 'texts' } } } }),
      'Expected `schema` to be a JSON Schema, but',
    ],
    [
      'with a schema that leads out',
      kind({ schema: { properties: { a: { $ref: 'https://a.example/b' } } } }),
      "can't resolve reference",
    ],
    [
      'with a field that undoing needs',
      kind({ schema: { properties: { result: { expression: true } } } }),
      'Expected another name than `result`',
    ],
  ])('%s', (_, type, reason) => {
    expect(refusedOf(type)).toContain(reason);
  });

  it('with all reasons at once', () => {
    const reason = refusedOf({ name: 'score', version: 1 });
    expect(reason).toContain('`name`');
    expect(reason).toContain('`version`');
    expect(reason).toContain('`execute`');
  });

  it('that throws when it is looked at', () => {
    const type = kind();
    Object.defineProperty(type, 'version', {
      enumerable: true,
      get: () => {
        throw new Error('not today');
      },
    });
    expect(refusedOf(type)).toContain('not today');
  });

  it('with every other kind of its plugin: none is loaded by halves', () => {
    const { loaded, refused } = NodeTypes.of([
      { place: 'a.plugin.mjs', types: [kind(), kind({ name: 'acme.other', version: '1' })] },
      { place: 'b.plugin.mjs', types: [kind({ name: 'acme.third' })] },
    ]);
    expect(loaded.map((one) => one.kind.name)).toEqual(['acme.third']);
    expect(refused).toEqual([
      {
        place: 'a.plugin.mjs',
        names: ['acme.score', 'acme.other'],
        reason: "acme.other: Expected a `version` like 1.0.0, but it is '1'.",
      },
    ]);
  });

  it('twice in one major version, by whichever plugins; two major versions are two kinds', () => {
    const { loaded, refused } = typesOf(kind(), kind({ version: '1.3.0' }), kind({ version: '2.0.0' }));
    expect(loaded.map((one) => one.kind.version)).toEqual(['2.0.0']);
    const reason = 'Expected one plugin to bring acme.score@1, but 0.plugin.mjs and 1.plugin.mjs do.';
    expect(refused.map((one) => one.reason)).toEqual([reason, reason]);
  });
});

describe('a folder of plugins', () => {
  let folder: string;
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const load = () => loadPlugins({ folder, isWanted: true });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-plugins-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives one kind or a list of them for each file', async () => {
    put('a.plugin.mjs', "export default { name: 'acme.one', version: '1.0.0', execute: () => 1 };");
    put('b.plugin.mjs', "export default [{ name: 'acme.two', version: '1.0.0', execute: () => 2 }];");
    put('c.mjs', "throw new Error('nobody reads this');");
    const { loaded, refused } = await load();
    expect(loaded.map((one) => [one.kind.name, one.place])).toEqual([
      ['acme.one', 'a.plugin.mjs'],
      ['acme.two', 'b.plugin.mjs'],
    ]);
    expect(refused).toEqual([]);
  });

  it('refuses what throws, says nothing, or never ends, and loads the rest', async () => {
    put('throws.plugin.mjs', "throw new Error('no licence');");
    put('silent.plugin.mjs', 'export const kind = {};');
    put('empty.plugin.mjs', 'export default [];');
    put('waits.plugin.mjs', 'await new Promise(() => {});');
    put('good.plugin.mjs', "export default { name: 'acme.one', version: '1.0.0', execute: () => 1 };");
    const { loaded, refused } = await loadPlugins({ folder, isWanted: true, longestMs: 1_500 });
    expect(loaded.map((one) => one.kind.name)).toEqual(['acme.one']);
    expect(refused.map(({ place, reason }) => [place, reason])).toEqual([
      ['empty.plugin.mjs', expect.stringContaining('as the default export, but there is none')],
      ['silent.plugin.mjs', expect.stringContaining('as the default export, but there is none')],
      ['throws.plugin.mjs', 'Expected it to load, but it failed: Error: no licence.'],
      ['waits.plugin.mjs', 'Expected it to load within 1.5 s, but it did not.'],
    ]);
  });

  it('that is not there is a fault only where somebody named it', async () => {
    rmSync(folder, { recursive: true });
    expect((await loadPlugins({ folder, isWanted: false })).refused).toEqual([]);
    expect((await load()).refused[0]?.reason).toContain('Expected a folder of plugins at');
  });
});
