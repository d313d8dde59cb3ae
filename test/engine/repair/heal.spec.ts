import { afterEach, expect, it } from 'vitest';
import { EngineBench, until } from '../bench.js';

const FLOW = `
flow: pay
nodes:
  begin: { start: true }
  charge: { task: a.charge, undo: { task: a.refund } }
  back: { compensate: all }
  done: { end: done }
edges:
  - begin -> charge
  - charge -> back: on error GONE
  - charge -> done
  - back -> done
`;

let bench: EngineBench;
afterEach(() => bench.end());

it('heals what has no handler when all are there that an attempt asks for, also to be undone, and not before', async () => {
  bench = new EngineBench({ 'a.charge': () => ({ ok: true }) }, FLOW);
  const engine = await bench.engine({ healEveryMs: 20 });
  const id = await bench.start(engine, 'pay', {});
  await until('an incident', async () => (await bench.instance(id))?.incidents === 1);
  const rounds = async (): Promise<number> =>
    (await engine.reportRepair.execute()).loops.find(({ name }) => name === 'handler')?.rounds ?? 0;
  const before = await rounds();
  await until('three rounds', async () => (await rounds()) >= before + 3);
  expect(engine.tally.get('healed')).toBe(0);

  bench.handlers.register('a.refund', () => ({ ok: true }));
  await until('its end', async () => (await bench.instance(id))?.status === 'completed');
  expect(engine.tally.get('healed')).toBe(1);
});
