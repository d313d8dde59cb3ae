import { describe, expect, it } from 'vitest';
import { CachedCatalog } from '../../src/catalog/cached-catalog.js';
import { VirtualClock } from '../../src/memory/virtual-clock.js';
import { flowText } from './places.js';
import { countingDefinitions } from './stores.js';

async function stage() {
  const store = countingDefinitions();
  const clock = new VirtualClock();
  await store.put('a', flowText('a'));
  return { store, clock, catalog: new CachedCatalog(store, clock) };
}

describe('the catalog', () => {
  it('gives a version compiled, with its number', async () => {
    const { catalog } = await stage();
    const published = await catalog.get('a', 1);
    expect(published?.definition).toMatchObject({ flow: 'a', version: 1, title: 'A flow' });
    expect(published?.definition.nodes.get('work')).toMatchObject({ kind: 'task', handler: 'do.it' });
    expect(await catalog.get('a', 2)).toBeNull();
    expect(await catalog.get('b')).toBeNull();
  });

  it('reads a version once, and from then on knows it without waiting', async () => {
    const { catalog, store } = await stage();
    expect(catalog.cached('a', 1)).toBeUndefined();
    const [one, two] = await Promise.all([catalog.get('a', 1), catalog.get('a', 1)]);
    expect(one).toBe(two);
    expect(catalog.cached('a', 1)).toBe(one);
    await catalog.get('a', 1);
    expect(store.finds).toBe(1);
  });

  it('asks for the newest at most once a second', async () => {
    const { catalog, store, clock } = await stage();
    await Promise.all(Array.from({ length: 20 }, () => catalog.get('a')));
    expect(store.finds).toBe(1);
    await store.put('a', flowText('a', 'Changed elsewhere'));
    clock.advance(999);
    expect((await catalog.get('a'))?.definition.version).toBe(1);
    clock.advance(1);
    expect((await catalog.get('a'))?.definition.version).toBe(2);
    expect(store.finds).toBe(2);
  });

  it('does not remember as the newest what was read before it was told to forget', async () => {
    const { catalog, store } = await stage();
    const before = catalog.get('a');
    await store.put('a', flowText('a', 'Changed'));
    catalog.forgetNewest('a');
    await before;
    expect((await catalog.get('a'))?.definition.version).toBe(2);
  });

  it('checks start inputs by the schema of the version, and takes everything without one', async () => {
    const { catalog, store } = await stage();
    const schema = 'input: { type: object, required: [id], properties: { id: { type: string } } }\n';
    await store.put('b', schema + flowText('b'));
    const published = await catalog.get('b');
    expect(published?.checkInput({ id: 'x' })).toEqual([]);
    expect(published?.checkInput({ id: 5 })).toEqual([{ pointer: '/id', message: expect.any(String) }]);
    expect((await catalog.get('a'))?.checkInput({ anything: 1 })).toEqual([]);
  });

  it('says so when a stored version cannot be read any more, and reads it again the next time', async () => {
    const { catalog, store } = await stage();
    await store.put('old', 'flow: old\nnodes: {}\nedges: []\n');
    await expect(catalog.get('old')).rejects.toThrow('Expected version 1 of old to be readable');
    await expect(catalog.get('old')).rejects.toThrow();
    expect(store.finds).toBe(2);
  });
});
