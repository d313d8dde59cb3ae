import { afterEach, describe, expect, it } from 'vitest';
import type { Trigger } from '../../../src/core/definition/starting/trigger.js';
import { DatabaseClock } from '../../../src/engine/intake/database-clock.js';
import { StoreUnavailable } from '../../../src/engine/ports/store.js';
import { FireTicks } from '../../../src/engine/start/triggers/fire-ticks.js';
import { FireTriggers } from '../../../src/engine/start/triggers/fire-triggers.js';
import { Triggers } from '../../../src/engine/start/triggers/triggers.js';
import { readTriggers } from '../../../src/language/routing/triggers/read-triggers.js';
import { MemoryStore } from '../../../src/memory/memory-store.js';
import { MemoryRows } from '../../../src/memory/memory-store-rows.js';
import { VirtualClock } from '../../../src/memory/virtual-clock.js';
import { NodeIdentity } from '../../../src/programs/process/node-identity.js';
import { EngineBench, until } from '../bench.js';

const read = (...lines: readonly string[]): readonly Trigger[] => {
  const { triggers, problems } = readTriggers(
    `triggers:\n${lines.map((one) => `  - { ${one} }\n`).join('')}`,
    'x.triggers.yaml',
  );
  if (!triggers) throw new Error(problems.map(({ message }) => message).join('\n'));
  return triggers;
};

/** One database, whose clock is moved by hand, and engines that do nothing but tick. */
class Tower {
  readonly clock = new VirtualClock(Date.parse('2026-11-22T10:30:00Z'));
  readonly rows = new MemoryRows(this.clock);
  readonly store = new MemoryStore(this.rows);
  /** What was started, by its identity. */
  readonly started = new Map<
    string,
    { readonly input: unknown; readonly keyElse?: string | undefined; readonly times: number }
  >();
  busy = false;

  engine(...lines: readonly string[]) {
    const { store } = this;
    const triggers = new Triggers();
    if (lines.length > 0) triggers.follow(read(...lines));
    const identity = new NodeIdentity();
    const start: ConstructorParameters<typeof FireTriggers>[0]['start'] = {
      execute: async ({ flow, input, receipt = '', keyElse }) => {
        if (this.busy) return { ok: false, error: { code: 'BUSY', message: 'Expected room.' } };
        const before = this.started.get(receipt);
        this.started.set(receipt, { input, keyElse, times: (before?.times ?? 0) + 1 });
        const it = { id: receipt, flow, version: 1, key: null, status: 'running' as const, sent: Promise.resolve() };
        return { ok: true, value: { ...it, duplicate: before !== undefined } };
      },
    };
    const fire = new FireTriggers({ triggers, store, start, identity });
    const ticks = new FireTicks({ triggers, store, fire, identity, databaseClock: new DatabaseClock(this.clock) });
    return { triggers, ticks, run: () => ticks.execute() };
  }

  /** To a time of the 22nd of November, or of another day. */
  at(time: string): void {
    this.clock.advance(Date.parse(time.includes('T') ? time : `2026-11-22T${time}Z`) - this.clock.now());
  }

  get moments(): string[] {
    return [...this.started.values()].map(({ input }) => (input as { at: string }).at.replace(':00.000Z', ''));
  }
}

const HOURLY = 'code: hourly, cron: "0 * * * *", start: report';

describe('a trigger that goes by a clock', () => {
  it('begins when it is first seen, and starts each tick once, whichever engines there are', async () => {
    const tower = new Tower();
    const [one, other] = [tower.engine(HOURLY), tower.engine(HOURLY)];
    for (const engine of [one, other, one]) await engine.run();
    expect(tower.moments).toEqual([]);
    tower.at('11:00:00');
    await Promise.all([one.run(), other.run()]);
    await Promise.all([other.run(), one.run()]);
    tower.at('12:00:03');
    for (const engine of [other, one]) await engine.run();
    expect(tower.moments).toEqual(['2026-11-22T11:00', '2026-11-22T12:00']);
    expect([...tower.started.values()][0]).toMatchObject({
      keyElse: 'hourly@2026-11-22T11:00:00.000Z',
      input: { trigger: 'hourly', at: '2026-11-22T11:00:00.000Z', local: '2026-11-22T11:00:00', late: false },
    });
    await one.triggers.tell(tower.store.triggers);
    await other.triggers.tell(tower.store.triggers);
    expect(await tower.store.triggers.counts()).toMatchObject([{ trigger: 'hourly', started: 2 }]);
  });

  it.each([
    ['skip', ['14:00']],
    ['once', ['13:00', '14:00']],
    ['all', ['11:00', '12:00', '13:00', '14:00']],
  ] as const)('makes up for what was missed while nothing ran: %s', async (missed, wanted) => {
    const tower = new Tower();
    const trigger = `${HOURLY}, missed: ${missed}`;
    await tower.engine(trigger).run();
    tower.at('13:20:00');
    const next = tower.engine(trigger);
    await next.run();
    tower.at('14:00:00');
    await next.run();
    expect(tower.moments).toEqual(wanted.map((time) => `2026-11-22T${time}`));
    const late = [...tower.started.values()].map(({ input }) => (input as { late: boolean }).late);
    expect(late).toEqual(wanted.map((time) => time !== '14:00'));
  });

  it('finds what was started by an engine that died before it could tell', async () => {
    const tower = new Tower();
    const [dying, other] = [tower.engine(HOURLY), tower.engine(HOURLY)];
    await Promise.all([dying.run(), other.run()]);
    const { triggers } = tower.store;
    const tickedTo = triggers.tickedTo.bind(triggers);
    triggers.tickedTo = () => Promise.reject(new StoreUnavailable('The database is away.'));
    tower.at('11:00:00');
    await expect(dying.run()).rejects.toThrow(StoreUnavailable);
    triggers.tickedTo = tickedTo;
    tower.at('11:00:30');
    await other.run();
    expect([...tower.started.values()].map(({ times }) => times)).toEqual([2]);
    await other.run();
    expect([...tower.started.values()].map(({ times }) => times)).toEqual([2]);
  });

  it('goes by the clocks of its zone: the night that has 25 hours ticks once, that of 23 a little later', async () => {
    const tower = new Tower();
    tower.at('2027-03-27T12:00:00Z');
    const night = tower.engine('code: night, cron: "30 2 * * *", zone: Europe/Berlin, start: report');
    await night.run();
    for (const at of ['2027-03-28T00:30:00Z', '2027-03-28T01:00:00Z', '2027-03-28T20:00:00Z']) {
      tower.at(at);
      await night.run();
    }
    expect(tower.moments).toEqual(['2027-03-28T01:00']);
    tower.at('2027-10-30T12:00:00Z');
    await night.run();
    tower.started.clear();
    for (const at of ['2027-10-31T00:30:00Z', '2027-10-31T01:30:00Z', '2027-11-01T01:30:00Z']) {
      tower.at(at);
      await night.run();
    }
    expect(tower.moments).toEqual(['2027-10-31T00:30', '2027-11-01T01:30']);
  });

  it('starts nothing of the past when its expression changes, and all of what comes', async () => {
    const tower = new Tower();
    const engine = tower.engine('code: it, cron: "0 9 * * *", start: report');
    await engine.run();
    tower.at('15:30:00');
    engine.triggers.follow(read('code: it, cron: "0 * * * *", start: report'));
    await engine.run();
    tower.at('16:00:00');
    await engine.run();
    expect(tower.moments).toEqual(['2026-11-22T16:00']);
  });

  it('waits with a tick while too much work lies in the lanes', async () => {
    const tower = new Tower();
    const engine = tower.engine(HOURLY);
    await engine.run();
    tower.busy = true;
    tower.at('11:00:00');
    await engine.run();
    expect(engine.ticks.soonMs()).toBe(1_000);
    tower.busy = false;
    tower.at('11:00:01');
    await engine.run();
    expect(tower.moments).toEqual(['2026-11-22T11:00']);
  });

  it('counts its quota and its window by ticks', async () => {
    const tower = new Tower();
    const window = 'window: { to: "2026-11-22T12:00:00Z" }';
    const engine = tower.engine(
      `${HOURLY}, quota: { max: 1 }`,
      `code: until, cron: "0 * * * *", start: report, ${window}`,
    );
    for (const at of ['10:30:01', '11:00:00', '12:00:05', '13:00:00']) {
      tower.at(at);
      await engine.run();
    }
    expect(tower.moments).toEqual(['2026-11-22T11:00', '2026-11-22T11:00', '2026-11-22T12:00']);
  });

  it('asks the database nothing while nothing is due, and says when something will be', async () => {
    const tower = new Tower();
    const engine = tower.engine(HOURLY);
    await engine.run();
    expect(engine.ticks.soonMs()).toBe(30 * 60_000);
    tower.store.now = () => Promise.reject(new Error('Nobody is to ask.'));
    tower.at('10:59:59');
    await engine.run();
    expect(tower.engine().ticks.soonMs()).toBeNull();
    await tower.engine().run();
  });
});

describe('engines with a trigger that goes by a clock', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  it('start one instance for every second, under a key of its own, as soon as it comes', async () => {
    bench = new EngineBench(
      {},
      'flow: report\nnodes: { begin: { start: true }, done: { end: success } }\nedges: [begin -> done]\n',
    );
    const engines = [await bench.engine({ timerEveryMs: 200 }), await bench.engine({ timerEveryMs: 200 })];
    for (const { beside } of engines) beside.triggers.follow(read('code: beat, cron: "* * * * * *", start: report'));
    const instances = async () => (await bench.views.instances({ limit: 100 })).items;
    await until('three ticks', async () => (await instances()).length >= 3);
    for (const engine of engines) await engine.stop();
    const keys = (await instances()).map(({ key }) => key ?? '').sort();
    expect(new Set(keys).size).toBe(keys.length);
    const seconds = keys.map((key) => Date.parse(key.replace('beat@', '')));
    expect(seconds.slice(1).map((at, index) => at - (seconds[index] ?? 0))).toEqual(seconds.slice(1).map(() => 1_000));
  });
});
