import { afterEach, describe, expect, it } from 'vitest';
import { EngineBench, until } from '../bench.js';

const SCHEMA = 'input: { type: object, properties: { n: { type: number } } }';
const PARENT = `flow: parent
${SCHEMA}
output: { doubled: c.doubled }
nodes:
  begin: { start: true }
  c:     { call: child, in: { n: input.n } }
  done:  { end: success }
  lost:  { end: lost }
edges:
  - begin -> c -> done
  - c -> lost: on error TOO_*
`;
const CHILD = `flow: child
${SCHEMA}
output: { doubled: work.twice }
nodes:
  begin: { start: true }
  work:  { task: demo.double, in: { n: input.n } }
  done:  { end: success }
  bad:   { end: { fail: TOO_BIG } }
edges:
  - begin -> work
  - work -> done: work.twice < 100
  - work -> bad:  else
`;
const LOOP = `flow: loop
nodes: { begin: { start: true }, is: { gateway: exclusive }, c: { call: loop }, done: { end: success } }
edges:
  - begin -> is
  - is -> done: has(input, "stop")
  - is -> c: else
  - c -> done
`;

describe('a call', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  const over = (id: string) =>
    until('the end', async () => {
      const instance = await bench.instance(id);
      return instance?.endedAt != null && instance;
    });
  const childOf = (id: string) =>
    until('the called', () => [...bench.rows.instances.values()].find((one) => one.state.caller?.instance === id));
  const double = ({ n }: { n?: unknown }) => ({ twice: Number(n) * 2 });

  it('starts an instance of its own, waits for it, and goes on with its output', async () => {
    bench = new EngineBench({ 'demo.double': double }, PARENT, CHILD);
    const engine = await bench.engine();
    const id = await bench.start(engine, 'parent', { n: 21 });
    expect(await over(id)).toMatchObject({ status: 'completed', outcome: 'success' });
    const child = await childOf(id);
    expect(child).toMatchObject({ flow: 'child', status: 'completed' });
    expect((await bench.views.instance(id))?.nodes.find(({ node }) => node === 'c')?.output).toEqual({
      instance: child.id,
      outcome: 'success',
      doubled: 42,
    });
    await until('nothing left to say', () => bench.rows.signals.size === 0);
  });

  it('hears of a failure by its code', async () => {
    bench = new EngineBench({ 'demo.double': double }, PARENT, CHILD);
    const engine = await bench.engine();
    expect(await over(await bench.start(engine, 'parent', { n: 60 }))).toMatchObject({ outcome: 'lost' });
  });

  it('of a flow that is not there, or whose input does not fit, is an incident', async () => {
    bench = new EngineBench({}, PARENT);
    const engine = await bench.engine();
    const id = await bench.start(engine, 'parent', { n: 1 });
    const [incident] = await until('an incident', async () => {
      const incidents = (await bench.views.instance(id))?.incidents ?? [];
      return incidents.length > 0 && incidents;
    });
    expect(incident).toMatchObject({ code: 'PERMANENT_FAILURE', message: expect.stringContaining('UNKNOWN_FLOW') });
  });

  it('cancels what it called when it is cancelled', async () => {
    bench = new EngineBench({ 'demo.double': () => new Promise(() => {}) }, PARENT, CHILD);
    const engine = await bench.engine();
    const id = await bench.start(engine, 'parent', { n: 1 });
    const child = await childOf(id);
    await until('the wait', () => bench.rows.nodes.get(id)?.get('c.1')?.node.status === 'waiting');
    await engine.cancelInstance.execute({ instance: id, by: 'ops' });
    expect(await over(child.id)).toMatchObject({ status: 'cancelled' });
  });

  it('cancelled before the called instance is there leaves a cancelled one in its place', async () => {
    bench = new EngineBench({ 'demo.double': double }, PARENT, CHILD);
    const engine = await bench.engine();
    const states = bench.views.states.bind(bench.views);
    let goOn = (): void => {};
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let asked = false;
    bench.views.states = async (ids) => {
      if (!asked) {
        asked = true;
        await held;
      }
      return states(ids);
    };
    const id = await bench.start(engine, 'parent', { n: 1 });
    await until('the call', () => asked);
    await engine.cancelInstance.execute({ instance: id, by: 'ops' });
    await until('nothing left to say', () => engine.tally.get('signal.delivered') === 1);
    goOn();
    await until(
      'the late word',
      () => engine.tally.get('rejected.node-instance-over') + engine.tally.get('rejected.instance-over') > 0,
    );
    const children = [...bench.rows.instances.values()].filter(({ flow }) => flow === 'child');
    expect(children.map(({ status }) => status)).toEqual(['cancelled']);
  });

  it('is not lost when the engine dies after the called instance has ended: the loop tells the caller', async () => {
    bench = new EngineBench({ 'demo.double': double }, PARENT, CHILD);
    const engine = await bench.engine({ timerEveryMs: 60_000 });
    const after = engine.commits.execute.bind(engine.commits);
    let dead = true;
    engine.commits.execute = (pending) => {
      if (dead && pending.event.type === 'call.ended') return Promise.reject(new Error('dead'));
      return after(pending);
    };
    const id = await bench.start(engine, 'parent', { n: 2 });
    await over((await childOf(id)).id);
    expect((await bench.instance(id))?.status).toBe('running');
    dead = false;
    const other = await bench.engine({ timerEveryMs: 20 });
    for (const [key, signal] of bench.rows.signals) bench.rows.signals.set(key, { ...signal, wakeAt: 0 });
    expect(await over(id)).toMatchObject({ status: 'completed' });
    expect(other.tally.get('signal.swept')).toBe(1);
  });

  it('of a call of a call … ends at sixteen', async () => {
    bench = new EngineBench({}, LOOP);
    const engine = await bench.engine();
    await bench.start(engine, 'loop');
    const deep = await until('the incident', () => [...bench.rows.incidents.values()][0]);
    expect(deep.message).toContain('CALL_TOO_DEEP');
    expect(bench.rows.instances.size).toBe(17);
  });
});
