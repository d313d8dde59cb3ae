import { afterEach, describe, expect, it } from 'vitest';
import { EngineBench, until } from '../bench.js';

const WAIT = `flow: wait
nodes: { begin: { start: true }, a: { timer: 1h }, done: { end: success } }
edges: [begin -> a -> done]
`;

describe('the auditor', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  it('raises STUCK once for an instance that has nothing to do, counts it and logs it', async () => {
    bench = new EngineBench({}, WAIT);
    const engine = await bench.engine();
    const [lost, sound] = [await bench.start(engine, 'wait'), await bench.start(engine, 'wait')];
    bench.rows.nodes.get(lost)?.delete('a.1');
    for (let round = 0; round < 3; round++) await engine.audit.execute();
    expect(await bench.views.instance(lost)).toMatchObject({
      instance: { status: 'incident' },
      incidents: [{ code: 'STUCK', node: 'begin', visit: 2 }],
    });
    expect((await bench.instance(sound))?.status).toBe('running');
    expect([engine.tally.get('audit.stuck'), bench.log.errors.length]).toEqual([1, 1]);
    expect(engine.tally.get('audit.looked')).toBeGreaterThanOrEqual(6);
  });

  it('says nothing about one that moved on between two reads', async () => {
    bench = new EngineBench({}, WAIT);
    const engine = await bench.engine();
    const id = await bench.start(engine, 'wait');
    bench.views.audit = async () => ({ looked: 1, odd: [id], next: null });
    await engine.audit.execute();
    expect((await bench.instance(id))?.status).toBe('running');
    expect([engine.tally.get('audit.stuck'), engine.tally.get('rejected.nothing-stuck')]).toEqual([0, 2]);
  });

  it('cancels what is left in one that is over', async () => {
    bench = new EngineBench({}, WAIT);
    const engine = await bench.engine();
    const id = await bench.start(engine, 'wait');
    const instance = bench.rows.instances.get(id);
    if (instance) bench.rows.instances.set(id, { ...instance, status: 'completed', active: 0, endedAt: 7 });
    await engine.audit.execute();
    const view = await bench.views.instance(id);
    expect(view?.instance).toMatchObject({ status: 'completed', active: 0, endedAt: 7 });
    expect(view?.nodes.map(({ status }) => status).sort()).toEqual(['cancelled', 'done']);
    expect([view?.incidents, engine.tally.get('audit.stuck')]).toEqual([[], 1]);
  });

  it('runs by itself, a part of the instances in each round, and begins anew at the end', async () => {
    bench = new EngineBench({}, WAIT);
    const engine = await bench.engine({ auditEveryMs: 20 });
    for (let at = 0; at < 30; at++) await bench.start(engine, 'wait');
    const asked: number[] = [];
    const audit = bench.views.audit.bind(bench.views);
    bench.views.audit = (statuses, after, limit) => {
      asked.push(limit);
      return audit(statuses, after, Math.min(limit, 7));
    };
    await until('two walks', () => engine.tally.get('audit.looked') > 60);
    expect(Math.max(...asked)).toBeLessThanOrEqual(200);
    expect(engine.tally.get('audit.stuck')).toBe(0);
  });
});

describe('the report of the repair loops', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  it('tells what each loop did, what it last failed of, and what is under way', async () => {
    bench = new EngineBench({}, WAIT);
    const audit = bench.views.audit.bind(bench.views);
    bench.views.audit = () => Promise.reject(new Error('no audit today'));
    const engine = await bench.engine({ auditEveryMs: 10 });
    await bench.start(engine, 'wait');
    await until('two failures', () => engine.tally.get('loop.failed') >= 2);
    bench.views.audit = audit;
    const report = await engine.reportRepair.execute();
    expect(report.loops.map(({ name }) => name)).toEqual([
      'sweep',
      'timer',
      'lease',
      'handler',
      'hold',
      'signal',
      'trigger',
      'cron',
      'claim',
      'message',
      'audit',
      'lane',
    ]);
    const failing = report.loops.find(({ name }) => name === 'audit');
    expect(failing).toMatchObject({ everyMs: 10, lastError: 'Error: no audit today' });
    expect(failing?.failed).toBeGreaterThanOrEqual(2);
    expect(report.loops[0]).toMatchObject({ rounds: 1, failed: 0, lastError: null, lastMs: expect.any(Number) });
    expect(report.lanes.map(({ lane, depth }) => [lane, depth])).toContainEqual(['normal', 0]);
    expect(report).toMatchObject({ inHand: 0, waitingCommits: 0, unconfirmed: 0, broker: { ready: true } });
    expect(report.databaseMs).toBeGreaterThanOrEqual(0);
    expect(report.counts).toMatchObject({ 'start.stored': 1 });
  });

  it('says that the database takes no writes, and answers itself', async () => {
    bench = new EngineBench({}, WAIT);
    const engine = await bench.engine();
    bench.store.writable = () => Promise.reject(new Error('away'));
    expect((await engine.reportRepair.execute()).databaseMs).toBeNull();
  });
});
