import { describe, expect, it } from 'vitest';
import { NotedStore, SharedWorld } from './shared-world.js';

const SUBJECTS = Array.from({ length: 12 }, (_, at) => `bank.pay[bank=${at}]`);
const SOUTH = 'bank.pay[bank=south]';

/** All shared circuits of an engine, as the database has them. */
async function differing(world: SharedWorld): Promise<string[]> {
  const { subjects, version } = await world.store.after(0);
  return world.members.flatMap(({ name, health, sharing }) => {
    const wrong = subjects.filter(({ subject, circuit }) => {
      const known = health.subjects.get(subject)?.circuit;
      return circuit.state === 'open' && (known?.since ?? null) !== circuit.since && known?.state === 'closed';
    });
    const behind = sharing.state.version === version ? [] : [`${name} is at ${sharing.state.version} of ${version}`];
    return [...behind, ...wrong.map(({ subject }) => `${name} ${subject}`)];
  });
}

describe('engines that share what they know of partners', () => {
  for (const [lostChanges, bound] of [
    [0, 1_000],
    [0.05, 10_000],
    [0.5, 10_000],
    [1, 10_000],
  ] as const)
    for (const seed of [1, 2, 3])
      it(`agree within ${bound / 1_000} s when ${lostChanges * 100} % of what is told is lost (seed ${seed})`, async () => {
        const world = new SharedWorld(seed);
        Object.assign(world.bus.network, { lostChanges, doubled: 0.2, latestMs: 300 });
        await world.join(5);
        world.traffic(SUBJECTS, 100, 120_000);
        for (let round = 0; round < 12; round++) {
          const subject = SUBJECTS[Math.floor(world.random() * SUBJECTS.length)] as string;
          if (!world.down.delete(subject)) world.down.add(subject);
          await world.pass(10_000);
        }
        await world.pass(10_000);
        expect(world.store.writtenAt.size).toBeGreaterThan(5);
        expect(world.worstLagMs).toBeGreaterThan(0);
        expect(world.worstLagMs).toBeLessThanOrEqual(bound);
        expect(await differing(world)).toEqual([]);
      });

  it('open for all by the calls of all, and take five probes together', async () => {
    const world = new SharedWorld(4);
    await world.join(3);
    await world.pass(1_000);
    world.down.add(SOUTH);
    world.traffic([SOUTH], 200, 60_000);
    await world.pass(2_000);
    expect(world.statesOf(SOUTH)).toEqual(['open', 'open', 'open']);
    const total = (): number => [...world.calls.values()].reduce((sum, one) => sum + one, 0);
    const before = total();
    // Alone, each of the three would have failed five times.
    expect(before).toBeLessThan(12);
    await world.pass(20_000);
    expect(total()).toBe(before);
    await world.pass(18_000);
    expect(total() - before).toBeGreaterThan(1);
    expect(total() - before).toBeLessThanOrEqual(5);
    expect(world.statesOf(SOUTH)).toEqual(['open', 'open', 'open']);
  });

  it('close for all after a partner is back', async () => {
    const world = new SharedWorld(5);
    await world.join(3);
    await world.pass(1_000);
    world.down.add(SOUTH);
    world.traffic([SOUTH], 200, 200_000);
    await world.pass(5_000);
    world.down.clear();
    await world.pass(150_000);
    expect(world.statesOf(SOUTH)).toEqual(['closed', 'closed', 'closed']);
    const { subjects } = await world.store.after(0);
    expect(subjects.find(({ subject }) => subject === SOUTH)?.circuit.state).toBe('closed');
    // Transitions only: opened, ramp and closed, and the three of its chain became fast.
    expect(world.store.writtenAt.size).toBe(6);
  });

  it('tell the outside once that a circuit has opened, and once that it is closed, whoever judges meanwhile', async () => {
    const world = new SharedWorld(5);
    await world.join(3);
    await world.pass(1_000);
    world.down.add(SOUTH);
    world.traffic([SOUTH], 200, 400_000);
    await world.pass(5_000);
    const keys = () => world.announced.map(({ routingKey }) => routingKey);
    expect(keys()).toEqual([`circuit.opened.${SOUTH}`]);
    expect(world.announced[0]?.body).toMatchObject({
      subject: SOUTH,
      dims: { bank: 'south' },
      cause: expect.stringMatching(/failures in a row/),
      probesAt: expect.stringMatching(/Z$/),
    });
    // It opens again and again; that is the same opening. And who judged goes.
    await world.pass(120_000);
    const [gone] = world.members.splice(0, 1);
    await gone?.sharing.stop();
    expect(keys()).toHaveLength(1);
    world.down.clear();
    await world.pass(250_000);
    expect(world.statesOf(SOUTH)).toEqual(['closed', 'closed']);
    expect(keys()).toEqual([`circuit.opened.${SOUTH}`, `circuit.closed.${SOUTH}`]);
    expect(new Set(world.announced.map(({ id }) => id)).size).toBe(2);
  });

  it('are judged by another one when the one who judged is gone', async () => {
    const world = new SharedWorld(6);
    await world.join(3);
    await world.pass(6_000);
    expect(world.members.map(({ sharing }) => sharing.state.isMaintainer)).toEqual([true, false, false]);
    const [gone] = world.members.splice(0, 1);
    await gone?.sharing.stop();
    world.down.add(SOUTH);
    world.traffic([SOUTH], 200, 60_000);
    await world.pass(2_000);
    expect(world.statesOf(SOUTH)).toEqual(['open', 'open']);
    expect(world.store.writtenAt.size).toBe(1);
    expect(world.members.map(({ sharing }) => sharing.state.isMaintainer)).toEqual([true, false]);
  });

  it('judge for themselves while no word passes, and agree again afterwards', async () => {
    const world = new SharedWorld(7);
    await world.join(2);
    await world.pass(6_000);
    Object.assign(world.bus.network, { lostChanges: 1, lostReports: 1 });
    world.down.add(SOUTH);
    const [here, there] = world.members as [(typeof world.members)[0], (typeof world.members)[0]];
    await world.pass(30_000);
    expect(here.sharing.state.isLed).toBe(false);
    for (let count = 0; count < 5; count++) world.call(here, SOUTH);
    expect(world.statesOf(SOUTH)).toEqual(['open', 'closed']);
    // A whole opening, and not the short one of an engine that waits for word.
    await world.pass(20_000);
    expect(world.stateOf(here, SOUTH)).toBe('open');
    Object.assign(world.bus.network, { lostChanges: 0, lostReports: 0 });
    await world.pass(6_000);
    expect(world.stateOf(there, SOUTH)).toBe('open');
    expect((await world.store.after(0)).subjects).toMatchObject([{ subject: SOUTH, circuit: { state: 'open' } }]);
  });

  it('keep what they knew while the database is away, and write what changed when it is back', async () => {
    const world = new SharedWorld(8);
    await world.join(2);
    world.down.add(SOUTH);
    world.traffic([SOUTH], 200, 90_000);
    await world.pass(3_000);
    expect(world.statesOf(SOUTH)).toEqual(['open', 'open']);
    world.store.isAway = true;
    const other = 'card.pay';
    world.down.add(other);
    world.traffic([other], 200, 60_000);
    await world.pass(3_000);
    // By the calls of each alone, for the moment.
    expect(world.statesOf(other)).toEqual(['open', 'open']);
    expect(world.statesOf(SOUTH)).toEqual(['open', 'open']);
    world.store.isAway = false;
    await world.pass(6_000);
    const { subjects } = await world.store.after(0);
    expect(subjects.map(({ subject }) => subject).sort()).toEqual([SOUTH, other]);
    expect(await differing(world)).toEqual([]);
  });

  it('keep back what fails here for five seconds at most, if nobody confirms it', async () => {
    const world = new SharedWorld(9);
    await world.join(1);
    await world.pass(6_000);
    const [one] = world.members as [(typeof world.members)[0]];
    world.bus.network.lostReports = 1;
    world.down.add(SOUTH);
    for (let count = 0; count < 5; count++) world.call(one, SOUTH);
    expect(world.stateOf(one, SOUTH)).toBe('open');
    await world.pass(5_600);
    expect(world.stateOf(one, SOUTH)).toBe('half-open');
  });

  it('read everything anew when the database is another one', async () => {
    const world = new SharedWorld(10);
    await world.join(2);
    world.down.add(SOUTH);
    world.traffic([SOUTH], 200, 3_000);
    await world.pass(4_000);
    expect(world.statesOf(SOUTH)).toEqual(['open', 'open']);
    world.store = new NotedStore(world.clock, 'second');
    await world.pass(10_000);
    expect(world.statesOf(SOUTH)).toEqual(['closed', 'closed']);
    expect(world.members.map(({ tally }) => tally.get('health.reloaded'))).toEqual([1, 1]);
    world.down.clear();
    world.down.add('x');
    for (let count = 0; count < 5; count++) world.call(world.members[0] as (typeof world.members)[0], 'x');
    await world.pass(6_000);
    expect(world.statesOf('x')).toEqual(['open', 'open']);
  });

  it('give probes out again that died with who took them', async () => {
    const world = new SharedWorld(11);
    await world.join(1);
    await world.pass(1_000);
    const [one] = world.members as [(typeof world.members)[0]];
    world.down.add(SOUTH);
    for (let count = 0; count < 5; count++) world.call(one, SOUTH);
    await world.pass(40_000);
    const version = one.health.sharedVersion(SOUTH) as number;
    for (let count = 0; count < 5; count++) expect(await world.store.takeProbe(SOUTH, version)).toBe(true);
    expect(await world.store.takeProbe(SOUTH, version)).toBe(false);
    world.down.clear();
    await world.pass(130_000);
    const renewed = one.health.sharedVersion(SOUTH) as number;
    expect(renewed).toBeGreaterThan(version);
    expect(await world.store.takeProbe(SOUTH, renewed)).toBe(true);
  });
});
