import { describe, expect, it } from 'vitest';
import { CachedCatalog } from '../../src/catalog/cached-catalog.js';
import { PublishDefinition } from '../../src/catalog/publish-definition.js';
import { VersionConflict } from '../../src/engine/ports/definition-store.js';
import { readDefinition } from '../../src/language/read-definition.js';
import { VirtualClock } from '../../src/memory/virtual-clock.js';
import { flowText } from './places.js';
import { memoryDefinitions } from './stores.js';

function stage() {
  const store = memoryDefinitions();
  const clock = new VirtualClock();
  const catalog = new CachedCatalog(store, clock);
  const publish = new PublishDefinition(store, catalog);
  return { store, clock, catalog, publish };
}

const a = { source: flowText('a'), file: 'a.flow.yaml' };
const changed = { source: flowText('a', 'Changed'), file: 'a.flow.yaml' };

describe('publishing a definition', () => {
  it('numbers versions from 1, and the same content keeps its number', async () => {
    const { publish } = stage();
    expect(await publish.execute(a)).toMatchObject({
      published: true,
      flow: 'a',
      version: 1,
      created: true,
      newest: 1,
    });
    expect(await publish.execute(changed)).toMatchObject({ version: 2, created: true, newest: 2 });
    expect(await publish.execute(changed)).toMatchObject({ version: 2, created: false, newest: 2 });
    expect(await publish.execute(a)).toMatchObject({ version: 1, created: false, newest: 2 });
  });

  it('checks what publishing would, and stores nothing', async () => {
    const { publish, store } = stage();
    const sound = await publish.check(a);
    expect(sound).toMatchObject({ flow: 'a', problems: [], definition: { flow: 'a' } });
    expect(await publish.check({ ...a, source: 'flow: 1' })).toMatchObject({ flow: null, definition: null });
    const unusable = a.source.replace('\nnodes:', '\ninput: { type: string, pattern: "[" }\nnodes:');
    const checked = await publish.check({ ...a, source: unusable });
    expect(checked.definition).toBeNull();
    expect(checked.problems.at(-1)?.severity).toBe('error');
    expect(await store.newest()).toEqual([]);
  });

  it('takes line ends and a mark at the beginning for no change', async () => {
    const { publish } = stage();
    await publish.execute(a);
    const windows = `\ufeff${a.source.replaceAll('\n', '\r\n')}`;
    expect(await publish.execute({ ...a, source: windows })).toMatchObject({ version: 1, created: false });
    expect(await publish.execute({ ...a, source: new TextEncoder().encode(windows) })).toMatchObject({
      created: false,
    });
  });

  it('refuses the flow that closes a circle of calls without a way out', async () => {
    const { publish, store } = stage();
    const calls = (flow: string, other: string): string =>
      `flow: ${flow}\nnodes:\n  begin: { start: true }\n  on: { call: ${other} }\n  done: { end: done }\nedges:\n  - begin -> on -> done\n`;
    expect(await publish.execute({ source: calls('x', 'y'), file: 'x' })).toMatchObject({ published: true });
    expect(await publish.execute({ source: calls('y', 'x'), file: 'y' })).toMatchObject({
      published: false,
      problems: [{ code: 'ENDLESS_CALLS', line: 4, column: 3 }],
    });
    expect((await store.newest()).map(({ flow }) => flow)).toEqual(['x']);
  });

  it('tells what a called flow does not give, by what is published, and before that by what is published with it', async () => {
    const { publish } = stage();
    const child = (gives: string): string =>
      `flow: child\noutput: { ${gives}: work.x }\nnodes:\n  begin: { start: true }\n  work: { task: t.x }\n  done: { end: done }\nedges:\n  - begin -> work -> done\n`;
    const parent =
      'flow: parent\nnodes:\n  begin: { start: true }\n  ask: { call: child }\n  told: { task: t.x, in: { n: ask.number } }\n  done: { end: done }\nedges:\n  - begin -> ask -> told -> done\n';
    const codes = async (beside?: string) => {
      const other = beside === undefined ? null : readDefinition(beside, 'child').definition;
      const order = { source: parent, file: 'parent', ...(other && { beside: new Map([['child', other]]) }) };
      return (await publish.check(order)).problems.map(({ code }) => code);
    };
    expect(await codes()).toEqual([]);
    await publish.execute({ source: child('nubmer'), file: 'child' });
    expect(await codes()).toEqual(['UNKNOWN_OUTPUT']);
    expect(await codes(child('number'))).toEqual([]);
  });

  it.each([
    ['vars', "vars: { n: { $ref: '#/$defs/none' } }", 3],
    ['returns', "returns: { $ref: '#/$defs/none' }", 3],
  ])('refuses %s that nothing can be checked by, at its line', async (_key, head, line) => {
    const { publish } = stage();
    const { problems } = await publish.check({ ...a, source: a.source.replace('\nnodes:', `\n${head}\nnodes:`) });
    expect(problems.map(({ code, line: at }) => [code, at])).toEqual([['BAD_INPUT_SCHEMA', line]]);
  });

  it('stores nothing when there is an error, and gives every problem', async () => {
    const { publish, store } = stage();
    const source = flowText('a').replace('task: do.it', 'tsk: do.it').replace('end: done', 'ned: done');
    const answer = await publish.execute({ source, file: 'broken.flow.yaml' });
    expect(answer.published).toBe(false);
    expect(answer.problems.filter(({ severity }) => severity === 'error').length).toBeGreaterThanOrEqual(2);
    expect(answer.problems[0]).toMatchObject({ file: 'broken.flow.yaml', line: 5 });
    expect(await store.newest()).toEqual([]);
  });

  it('refuses a schema that no input check can be made of, at its line', async () => {
    const { publish } = stage();
    const source = a.source.replace(
      'nodes:',
      'input: { type: object, properties: { x: { $ref: "#/nowhere" } } }\nnodes:',
    );
    const answer = await publish.execute({ source, file: 'a.flow.yaml' });
    expect(answer).toMatchObject({ published: false, problems: [{ code: 'BAD_INPUT_SCHEMA', line: 3 }] });
  });

  it('takes a version that is asked for, or named in the file, and refuses it for other content', async () => {
    const { publish } = stage();
    expect(await publish.execute({ ...a, version: 7 })).toMatchObject({ version: 7, created: true });
    await expect(publish.execute({ ...changed, version: 7 })).rejects.toThrow(VersionConflict);
    const named = { ...changed, source: `version: 9\n${changed.source}` };
    expect(await publish.execute(named)).toMatchObject({ version: 9, created: true });
  });

  it('makes older content the newest again when an author takes a change back', async () => {
    const { publish, catalog } = stage();
    await publish.execute({ ...a, again: true });
    await publish.execute({ ...changed, again: true });
    expect(await publish.execute({ ...a, again: true })).toMatchObject({ version: 3, created: true, newest: 3 });
    expect(await publish.execute({ ...a, again: true })).toMatchObject({ version: 3, created: false, newest: 3 });
    expect(await publish.execute({ ...changed, again: true })).toMatchObject({ version: 4, created: true });
    expect((await catalog.get('a'))?.definition).toMatchObject({ version: 4, title: 'Changed' });
  });

  it('is seen by the next start', async () => {
    const { publish, catalog } = stage();
    await publish.execute(a);
    expect((await catalog.get('a'))?.definition.version).toBe(1);
    await publish.execute(changed);
    expect((await catalog.get('a'))?.definition.version).toBe(2);
  });
});
