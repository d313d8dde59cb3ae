import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PermanentError } from '../../../src/engine/ports/handlers.js';
import { Partners } from '../partners.js';

const CLOSED_AGAIN_MS = 300_000;

describe('a partner that is down', () => {
  let world: Partners;

  beforeEach(async () => {
    world = new Partners();
    await world.engine.start();
  });
  afterEach(async () => {
    const stopped = world.engine.stop();
    await world.pass(60_000);
    await stopped;
  });

  const startMany = (bank: string, count: number): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, () => world.start(bank)));

  it('gets no call while its circuit is open, and others go on', async () => {
    world.down.add('south');
    const south = await startMany('south', 40);
    await world.pass(1_000);
    const called = world.calls.get('south') as number;
    expect(world.stateOf('bank.pay[bank=south]')).toBe('open');
    const north = await startMany('north', 40);
    await world.pass(20_000);
    expect(world.calls.get('south')).toBe(called);
    for (const id of north) expect((await world.show(id)).status).toBe('completed');
    const { pay } = await world.show(south[0] as string);
    expect([pay.lane, pay.receipt?.code, pay.receipt?.subject]).toEqual([
      'probe',
      'circuit.open',
      'bank.pay[bank=south]',
    ]);
    expect(pay.reason).toMatch(/^probe: the circuit of bank.pay\[bank=south\] is open: 5 failures in a row; looked at/);
    expect(world.stateOf('bank.pay')).toBe('closed');
  });

  it('keeps back what was sent before it opened, which costs no attempt, and gets it all when it is back', async () => {
    world.down.add('south');
    world.answersAfterMs = 1_000;
    // The lane has 300 places, of which one subject gets three quarters; 64 more are in the slow lane. The others lie
    // there while the first ones fail.
    const late = (await startMany('south', 400)).slice(-50);
    await world.pass(2_000);
    expect(world.calls.get('south')).toBeGreaterThanOrEqual(225 + 64);
    expect(world.calls.get('south')).toBeLessThan(225 + 64 + 10);
    expect(world.engine.tally.get('delivery.deferred')).toBeGreaterThanOrEqual(400 - 225 - 64);
    const waiting = await world.show(late.at(-1) as string);
    expect([waiting.pay.attempt, waiting.pay.status]).toEqual([1, 'ready']);
    world.down.delete('south');
    await world.pass(CLOSED_AGAIN_MS);
    for (const id of late) {
      const { status, pay } = await world.show(id);
      expect([status, pay.attempt]).toEqual(['completed', 1]);
    }
    expect(world.stateOf('bank.pay[bank=south]')).toMatch(/closed|ramp/);
    expect(world.engine.tally.get('circuit.half-open')).toBeGreaterThan(0);
    expect(world.engine.tally.get('circuit.ramp')).toBe(1);
  });

  it('is tried by few while it is half-open, and is left alone for longer each time', async () => {
    world.down.add('south');
    await startMany('south', 50);
    await world.pass(1_000);
    const before = world.calls.get('south') as number;
    await world.pass(40_000);
    // Half-open once: five probes at most.
    const probed = (world.calls.get('south') as number) - before;
    expect(probed).toBeGreaterThan(0);
    expect(probed).toBeLessThanOrEqual(5);
    expect(world.stateOf('bank.pay[bank=south]')).toBe('open');
    const circuit = world.engine.router.health.subjects.get('bank.pay[bank=south]')?.circuit;
    expect(circuit).toMatchObject({ opens: 2 });
  });

  it('closes the handler for everybody only when several of its values are down', async () => {
    for (const bank of ['south', 'east']) world.down.add(bank);
    await startMany('north', 3);
    await startMany('south', 8);
    await world.pass(1_000);
    expect(world.stateOf('bank.pay')).toBe('closed');
    await startMany('east', 8);
    await world.pass(1_000);
    expect(world.stateOf('bank.pay')).toBe('open');
    const unseen = await world.start('west');
    await world.pass(1_000);
    const { pay } = await world.show(unseen);
    expect([pay.lane, pay.attempt, world.calls.get('west')]).toEqual(['probe', 1, undefined]);
  });
});

describe('a partner that says no', () => {
  it('is well, however often it says so', async () => {
    let calls = 0;
    const world = new Partners({
      handler: () => {
        calls++;
        throw new PermanentError('ACCOUNT_CLOSED', 'no');
      },
    });
    await world.engine.start();
    for (let count = 0; count < 30; count++) await world.start('north');
    await world.pass(1_000);
    expect(calls).toBe(30);
    expect(world.stateOf('bank.pay[bank=north]')).toBeUndefined();
    const stopped = world.engine.stop();
    await world.pass(60_000);
    await stopped;
  });
});
