import { afterEach, describe, expect, it } from 'vitest';
import type { TaskHandler } from '../../../src/engine/ports/handlers.js';
import { EngineBench, until } from '../bench.js';

const FLOW = `flow: stoppable
nodes:
  begin: { start: true }
  work:  { task: slow }
  done:  { end: done }
  off:   { end: stopped }
edges:
  - begin -> work -> done
  - work -> off: on message stop
`;

describe('a task that is withdrawn while its handler runs', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  it('tells the handler to stop; what it then says counts for nothing, and nobody runs it again', async () => {
    let runs = 0;
    let reason: unknown;
    const slow: TaskHandler = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        runs++;
        signal.addEventListener('abort', () => {
          reason = signal.reason;
          reject(signal.reason);
        });
      });
    bench = new EngineBench({ slow }, FLOW);
    const engine = await bench.engine();
    const id = await bench.start(engine, 'stoppable');
    await until('the handler to run', () => runs === 1);
    const sent = await engine.beside.messaging.send.execute({ name: 'stop', payload: {}, id: 'm1' });
    expect(sent).toMatchObject({ value: { takenBy: { node: 'work@2' } } });
    await until('the signal', () => reason !== undefined);
    expect(String(reason)).toContain("Expected 'work' to be wanted");
    expect(await bench.instance(id)).toMatchObject({ status: 'completed', outcome: 'stopped', active: 0 });
    await until('the delivery to be settled', () => engine.inHand.size === 0);
    expect(engine.tally.get('handler.withdrawn')).toBe(1);
    expect(engine.tally.get('delivery.released')).toBe(0);
    expect(runs).toBe(1);
  });

  it('leaves alone the handler of another node instance', async () => {
    let stopped = 0;
    const running: (() => void)[] = [];
    const slow: TaskHandler = (_, { signal }) =>
      new Promise((resolve) => {
        running.push(() => resolve({}));
        signal.addEventListener('abort', () => stopped++);
      });
    bench = new EngineBench({ slow }, FLOW);
    const engine = await bench.engine();
    const first = await bench.start(engine, 'stoppable');
    const second = await bench.start(engine, 'stoppable');
    await until('both handlers to run', () => running.length === 2);
    await engine.beside.messaging.send.execute({ name: 'stop', payload: {}, id: 'm1' });
    await until('one signal', () => stopped === 1);
    for (const finish of running) finish();
    const ends = await until('both ends', async () => {
      const all = [await bench.instance(first), await bench.instance(second)];
      return all.every((one) => one?.status === 'completed') && all.map((one) => one?.outcome).sort();
    });
    expect(ends).toEqual(['done', 'stopped']);
    expect(stopped).toBe(1);
  });
});
