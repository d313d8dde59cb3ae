import { describe, expect, it } from 'vitest';
import { CachedCatalog } from '../../src/catalog/cached-catalog.js';
import { PublishDefinition } from '../../src/catalog/publish-definition.js';
import { VirtualClock } from '../../src/memory/virtual-clock.js';
import type { NodeType } from '../../src/worker/plugins/node-type.js';
import { memoryDefinitions } from '../catalog/stores.js';
import { flowOf, kind, typesOf } from './kinds.js';

const source = flowOf('{ acme.score: { limit: 3, who: input.name } }');
const schema = { properties: { limit: { type: 'integer' }, who: { expression: true } } };

/** One database, and engines with other plugins. */
function stage() {
  const store = memoryDefinitions();
  const publish = (types: readonly NodeType[], again = false) => {
    const catalog = new CachedCatalog(store, new VirtualClock());
    const order = { source, file: 'example.flow.yaml', again };
    return new PublishDefinition(store, catalog, typesOf(...types).kinds).execute(order);
  };
  const compiled = async (version: number) =>
    (await new CachedCatalog(store, new VirtualClock()).get('example', version))?.definition.nodes.get('work');
  return { store, publish, compiled };
}

describe('a flow with kinds of plugins', () => {
  it('means what it meant when it was published, also where the plugin is not', async () => {
    const { publish, compiled } = stage();
    await publish([kind({ schema, traits: { timeout: '7s', idempotent: false }, compensate: () => null })]);
    expect(await compiled(1)).toMatchObject({
      handler: 'acme.score@1',
      timeoutMs: 7_000,
      retry: { max: 0 },
      undo: { handler: 'acme.score@1.undo' },
      with: { limit: 3, $version: '1.0.0' },
      custom: { version: '1.0.0' },
    });
  });

  it('is another version when a kind means something else, and the same when it does not', async () => {
    const { publish, compiled } = stage();
    const first = kind({ schema });
    expect(await publish([first])).toMatchObject({ version: 1, created: true });
    expect(await publish([{ ...first, version: '1.0.4' }])).toMatchObject({ version: 1, created: false });
    expect(await publish([{ ...first, version: '1.0.4' }], true)).toMatchObject({ version: 1, created: false });
    expect(await publish([{ ...first, traits: { timeout: '7s' } }])).toMatchObject({ version: 2, created: true });
    expect(await publish([{ ...first, version: '2.0.0' }])).toMatchObject({ version: 3, created: true });
    expect(await compiled(1)).toMatchObject({ handler: 'acme.score@1', timeoutMs: 30_000 });
    expect(await compiled(3)).toMatchObject({ handler: 'acme.score@2' });
  });

  it('keeps nothing when it has none', async () => {
    const { store, publish } = stage();
    await publish([kind({ schema })]);
    expect((await store.find('example'))?.kinds).toContain('"acme.score"');
    const plain = new PublishDefinition(store, new CachedCatalog(store, new VirtualClock()), typesOf(kind()).kinds);
    await plain.execute({ source: flowOf('{ task: demo.work }'), file: 'a.flow.yaml' });
    expect((await store.find('example'))?.kinds).toBeUndefined();
  });

  it('is not done by a plugin of a smaller minor version than it was published with', async () => {
    const [own] = typesOf(kind({ version: '1.2.5', traits: { retryable: false }, execute: () => 'done' })).handlers();
    const asked = async (published: string) => own?.handler({}, { with: { $version: published } } as never);
    expect(await asked('1.2.9')).toBe('done');
    expect(await asked('1.1.0')).toBe('done');
    // Tried again, as another engine may have the newer one.
    await expect(asked('1.3.0')).rejects.toMatchObject({ name: 'Error', code: 'PLUGIN_TOO_OLD' });
  });

  it('is not published without its plugin', async () => {
    const { publish } = stage();
    expect(await publish([])).toMatchObject({ published: false, problems: [{ code: 'UNKNOWN_KIND' }] });
  });
});
