import { afterEach, describe, expect, it } from 'vitest';
import { AddItems } from '../../../src/engine/operate/add-items.js';
import { NodeIdentity } from '../../../src/programs/process/node-identity.js';
import { EngineBench, until } from '../bench.js';

const FLOW = `flow: many
nodes:
  begin: { start: true }
  all:
    task: demo.one
    each:
      in: input.items
      more: { message: demo.more, match: { id: input.id }, items: result.items, last: each.total >= result.of }
    in: { value: item, place: index }
  done:  { end: success }
edges: [begin -> all -> done]
`;

describe('items that come while others run, by an engine', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  const open = async () => {
    const calls: { value: unknown; place: unknown }[] = [];
    bench = new EngineBench({ 'demo.one': (input) => calls.push(input as never) && input }, FLOW);
    return { calls, engine: await bench.engine() };
  };
  type Running = Awaited<ReturnType<typeof open>>['engine'];
  const send = (engine: Running, payload: object, id?: string) =>
    engine.beside.messaging.send.execute({ name: 'demo.more', payload: payload as never, ...(id && { id }) });
  const over = (id: string) =>
    until('the end', async () => {
      const instance = await bench.instance(id);
      return instance?.endedAt != null && instance;
    });
  const output = async (id: string) =>
    (await bench.views.instance(id))?.nodes.find(({ visit, node }) => node === 'all' && visit === 1)?.output;

  it('does each of them once, with its value and its place, though a message is sent twice', async () => {
    const { calls, engine } = await open();
    const id = await bench.start(engine, 'many', { id: 'x', items: ['a'] });
    await send(engine, { id: 'x', items: ['b', 'c'], of: 4 }, 'm-1');
    await send(engine, { id: 'x', items: ['b', 'c'], of: 4 }, 'm-1');
    await send(engine, { id: 'x', items: ['d'], of: 4 }, 'm-2');
    expect(await over(id)).toMatchObject({ status: 'completed' });
    expect(calls.map(({ value }) => value).sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(calls.map(({ place }) => place).sort()).toEqual([0, 1, 2, 3]);
    expect(await output(id)).toMatchObject({ total: 4, done: 4 });
  });

  it('takes those of messages that came before it was entered, and of many that come at once', async () => {
    const { calls, engine } = await open();
    await Promise.all(Array.from({ length: 20 }, (_, n) => send(engine, { id: 'y', items: [`early ${n}`], of: 40 })));
    const id = await bench.start(engine, 'many', { id: 'y', items: [] });
    await Promise.all(Array.from({ length: 20 }, (_, n) => send(engine, { id: 'y', items: [`late ${n}`], of: 40 })));
    expect(await over(id)).toMatchObject({ status: 'completed' });
    expect(new Set(calls.map(({ value }) => value)).size).toBe(40);
    expect(new Set(calls.map(({ place }) => place)).size).toBe(40);
  });

  it('goes on after the engine was stopped while it waited for more', async () => {
    const { engine } = await open();
    const id = await bench.start(engine, 'many', { id: 'z', items: ['a'] });
    await send(engine, { id: 'z', items: ['b'], of: 3 });
    await engine.stop();
    const second = await bench.engine();
    await send(second, { id: 'z', items: ['c'], of: 3 });
    await over(id);
    expect(await output(id)).toMatchObject({ total: 3, done: 3 });
  });

  it('lets a person add some, once, and close the node', async () => {
    const { engine } = await open();
    const add = new AddItems(engine.commits, bench.views, new NodeIdentity());
    const id = await bench.start(engine, 'many', { id: 'p', items: ['a'] });
    const order = { instance: id, node: 'all', items: ['b'], closes: false, seen: 1, by: 'ann' };
    await until('its list', async () => (await add.execute(order)).ok);
    expect(await add.execute(order)).toMatchObject({ ok: false, error: { reason: 'stale-attempt' } });
    expect(await add.execute({ ...order, items: ['x'.repeat(70_000)] })).toMatchObject({
      error: { reason: 'too-large' },
    });
    expect(await add.execute({ ...order, items: [], closes: true, seen: 2 })).toMatchObject({ ok: true });
    await over(id);
    expect(await output(id)).toMatchObject({ total: 2, done: 2 });
  });
});
