import { afterEach, describe, expect, it } from 'vitest';
import { itemVisit } from '../../../src/core/definition/work/each.js';
import { EngineBench, until } from '../bench.js';

const FLOW = (each: string, more = '') => `flow: many
nodes:
  begin: { start: true }
  all:   { task: demo.one, each: ${each}, in: { value: item, place: index }, retry: { remote: [1ms], max: 1 }${more} }
  done:  { end: success }
edges: [begin -> all -> done]
`;
const CALLER = `flow: caller
output: { sums: all.results }
nodes:
  begin: { start: true }
  all:   { call: child, each: { in: input.items, parallel: 2 }, in: { n: item.n } }
  done:  { end: success }
edges: [begin -> all -> done]
`;
const CHILD = `flow: child
output: { twice: work.twice }
nodes:
  begin: { start: true }
  work:  { task: demo.double, in: { n: input.n } }
  done:  { end: success }
edges: [begin -> work -> done]
`;

describe('each, by an engine', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  const over = (id: string) =>
    until('the end', async () => {
      const instance = await bench.instance(id);
      return instance?.endedAt != null && instance;
    });
  const wholeOf = async (id: string) =>
    (await bench.views.instance(id))?.nodes.find(({ visit, node }) => node === 'all' && visit === 1);

  it('gives every item its value, its place and a key of its own, and no more at a time than it may', async () => {
    let running = 0;
    let most = 0;
    const keys: string[] = [];
    const one = async (input: object, { idempotencyKey, visit }: { idempotencyKey: string; visit: number }) => {
      most = Math.max(most, ++running);
      await new Promise((wake) => setTimeout(wake, 2));
      running--;
      keys.push(idempotencyKey);
      return { ...input, visit };
    };
    bench = new EngineBench({ 'demo.one': one }, FLOW('{ in: input.items, parallel: 3 }'));
    const engine = await bench.engine();
    const items = Array.from({ length: 12 }, (_, n) => `i${n}`);
    const id = await bench.start(engine, 'many', { items });
    expect(await over(id)).toMatchObject({ status: 'completed' });
    expect((await wholeOf(id))?.output).toMatchObject({
      total: 12,
      done: 12,
      results: items.map((value, place) => ({ value, place, visit: 1 })),
    });
    expect(most).toBe(3);
    expect(keys.sort()).toEqual(items.map((_, n) => `${id}.all.1.${n}`).sort());
  });

  it('sees the list as it was when the node was entered, and a handler that changes its item changes no other', async () => {
    const one = (input: { value: { n: number } }) => {
      input.value.n += 1;
      return { n: input.value.n };
    };
    bench = new EngineBench({ 'demo.one': one as never }, FLOW('{ in: "[input.a, input.a]", parallel: 1 }'));
    const engine = await bench.engine();
    const id = await bench.start(engine, 'many', { a: { n: 1 } });
    await over(id);
    expect((await wholeOf(id))?.output).toMatchObject({ results: [{ n: 2 }, { n: 2 }] });
  });

  it('repairs only what failed: an item that is retried is asked again, the others are not', async () => {
    let broken = true;
    const calls: number[] = [];
    const one = ({ place }: { place?: unknown }) => {
      calls.push(Number(place));
      if (place === 1 && broken) throw new Error('down');
      return place;
    };
    bench = new EngineBench({ 'demo.one': one }, FLOW('3'));
    const engine = await bench.engine();
    const id = await bench.start(engine, 'many');
    const [incident] = await until('an incident', async () => {
      const view = await bench.views.instance(id);
      return view?.instance.active === 2 && view.incidents.length > 0 && view.incidents;
    });
    expect(incident).toMatchObject({ node: 'all', visit: itemVisit(1, 1), code: 'EXHAUSTED' });
    broken = false;
    await engine.retryIncidents.execute({ instance: id, only: null, by: 'ops' });
    expect(await over(id)).toMatchObject({ status: 'completed' });
    expect(calls.sort()).toEqual([0, 1, 1, 1, 2]);
    expect((await wholeOf(id))?.output).toMatchObject({ results: [0, 1, 2] });
  });

  it('calls a flow for each item', async () => {
    const double = ({ n }: { n?: unknown }) => ({ twice: Number(n) * 2 });
    bench = new EngineBench({ 'demo.double': double }, CALLER, CHILD);
    const engine = await bench.engine();
    const id = await bench.start(engine, 'caller', { items: [{ n: 1 }, { n: 2 }, { n: 3 }] });
    expect(await over(id)).toMatchObject({ status: 'completed' });
    expect((await wholeOf(id))?.output).toMatchObject({ results: [{ twice: 2 }, { twice: 4 }, { twice: 6 }] });
  });

  it('goes on after the engine was stopped amid its items', async () => {
    const one = ({ place }: { place?: unknown }) => new Promise((wake) => setTimeout(() => wake(place), 5));
    bench = new EngineBench({ 'demo.one': one }, FLOW('{ in: 20, parallel: 4 }'));
    const first = await bench.engine();
    const id = await bench.start(first, 'many');
    await until('some items', async () => ((await bench.views.instance(id))?.nodes.length ?? 0) > 6);
    await first.stop();
    await bench.engine();
    expect(await over(id)).toMatchObject({ status: 'completed' });
    expect((await wholeOf(id))?.output).toMatchObject({ done: 20, results: Array.from({ length: 20 }, (_, n) => n) });
  });

  it('tells the handlers of items that are not wanted any more', async () => {
    let told = 0;
    const one = ({ place }: { place?: unknown }, { signal }: { signal: AbortSignal }) => {
      if (place === 0) return new Promise((wake) => setTimeout(() => wake(0), 20));
      return new Promise((_, end) =>
        signal.addEventListener('abort', () => {
          told++;
          end(signal.reason);
        }),
      );
    };
    bench = new EngineBench({ 'demo.one': one }, FLOW('{ in: 3, until: 1 }'));
    const engine = await bench.engine();
    const id = await bench.start(engine, 'many');
    expect(await over(id)).toMatchObject({ status: 'completed' });
    await until('both were told', () => told === 2);
  });

  it('does rules and sequences for each item, and what an item has done before it failed is not done again', async () => {
    const asked: string[] = [];
    const broken = new Set([1]);
    const one = ({ value }: { value?: unknown }) => {
      asked.push(`one ${value}`);
      return { first: value };
    };
    const two = ({ value }: { value?: unknown }) => {
      asked.push(`two ${value}`);
      if (broken.delete(Number(value))) throw new Error('down');
      return { second: value };
    };
    const work = (kind: string, more: string) => `flow: ${kind}
nodes:
  begin: { start: true }
  all:   { ${kind}: ${more}, each: 2, in: { value: item }, retry: { remote: [1ms], max: 1 } }
  done:  { end: success }
edges: [begin -> all -> done]
`;
    const steps = '[{ name: a, do: demo.one, checkpoint: true }, { name: b, do: demo.two }]';
    const tree = '{ and: [{ when: item > 1 }, { result: demo.one }, { result: demo.two }] }';
    const flows = [
      work('sequence', steps).replace('flow: sequence', 'flow: steps'),
      work('rules', tree).replace('flow: rules', 'flow: tree'),
    ];
    bench = new EngineBench({ 'demo.one': one, 'demo.two': two }, ...flows);
    const engine = await bench.engine();
    expect(await over(await bench.start(engine, 'steps'))).toMatchObject({ status: 'completed' });
    expect(asked.toSorted()).toEqual(['one 1', 'one 2', 'two 1', 'two 1', 'two 2']);
    asked.length = 0;
    broken.add(2);
    const id = await bench.start(engine, 'tree');
    expect(await over(id)).toMatchObject({ status: 'completed' });
    expect(asked).toEqual(['one 2', 'two 2', 'two 2']);
    expect((await wholeOf(id))?.output).toMatchObject({
      done: 2,
      yes: 1,
      results: [{ state: 'false' }, { state: 'true' }],
    });
  });

  it('is an incident when its list cannot be told, or all results are too much together', async () => {
    bench = new EngineBench(
      { 'demo.one': () => 'x'.repeat(60_000) },
      FLOW('input.missing'),
      FLOW('5').replace('many', 'large'),
    );
    const engine = await bench.engine();
    const codeOf = (id: string) =>
      until('an incident', async () => (await bench.views.instance(id))?.incidents[0]?.code ?? false);
    expect(await codeOf(await bench.start(engine, 'many'))).toBe('BAD_EACH');
    expect(await codeOf(await bench.start(engine, 'large'))).toBe('CONTEXT_TOO_LARGE');
  });
});
