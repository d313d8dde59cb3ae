import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Match, Override } from '../../../src/core/routing/rules.js';
import { Partners } from '../partners.js';

const about = (bank: string): Match => ({
  flow: null,
  node: null,
  handler: null,
  tag: null,
  dims: { bank },
  attemptFrom: 1,
  attemptTo: Number.MAX_SAFE_INTEGER,
});

describe('what people have written for the router', () => {
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
  const override = (more: Partial<Override>): Override => ({
    code: 'now',
    match: about('south'),
    lane: null,
    hold: false,
    ignoreCircuit: false,
    until: world.clock.now() + 60_000,
    reason: 'maintenance',
    ...more,
  });

  it('gives messages a lane and a delay, and counts them', async () => {
    const rule = {
      code: 'late',
      match: about('south'),
      lane: 'slow',
      minDelayMs: 5_000,
      reason: 'by contract',
    } as const;
    world.engine.router.follow({ rules: [rule], overrides: [], version: 'v1' });
    const id = await world.start('south');
    const other = await world.start('north');
    await world.pass(4_000);
    expect((await world.show(other)).status).toBe('completed');
    const { status, pay } = await world.show(id);
    expect([status, pay.lane, pay.reason]).toEqual(['running', 'slow', 'slow: by contract after 5000 ms']);
    expect(pay.receipt).toMatchObject({ code: 'rule.late', rules: 'v1' });
    expect(world.engine.router.hitsOf('late')).toBe(1);
    await world.pass(2_000);
    expect((await world.show(id)).status).toBe('completed');
    world.engine.router.follow({ rules: [], overrides: [], version: null });
    expect(world.engine.router.hitsOf('late')).toBe(0);
  });

  it('holds messages until it is taken back, or ends', async () => {
    world.engine.router.follow({ rules: [], overrides: [override({ hold: true })], version: 'v1' });
    const [first, second] = [await world.start('south'), await world.start('south')];
    await world.pass(30_000);
    expect(world.calls.get('south')).toBeUndefined();
    const { pay } = await world.show(first);
    expect([pay.status, pay.queue, pay.receipt?.code]).toEqual(['ready', 0, 'override.now']);
    world.engine.router.follow({ rules: [], overrides: [], version: 'v2' });
    await world.pass(12_000);
    for (const id of [first, second]) expect((await world.show(id)).status).toBe('completed');
    world.engine.router.follow({ rules: [], overrides: [override({ hold: true })], version: 'v3' });
    const third = await world.start('south');
    await world.pass(55_000);
    expect((await world.show(third)).status).toBe('running');
    await world.pass(10_000);
    expect((await world.show(third)).status).toBe('completed');
  });

  it('holds what is in a lane already, where it arrives, and hastens no retry', async () => {
    world.down.add('south');
    const id = await world.start('south');
    await world.pass(1_000);
    world.down.delete('south');
    world.engine.router.follow({ rules: [], overrides: [override({ hold: true })], version: 'v1' });
    await world.pass(30_000);
    expect(world.calls.get('south')).toBe(1);
    expect((await world.show(id)).pay.attempt).toBe(2);
    await world.pass(60_000);
    const { status, pay } = await world.show(id);
    expect([status, pay.attempt, world.calls.get('south')]).toEqual(['completed', 2, 2]);
  });

  it('lets messages go although a circuit is open', async () => {
    world.down.add('south');
    for (let count = 0; count < 6; count++) await world.start('south');
    await world.pass(1_000);
    world.down.delete('south');
    expect(world.stateOf('bank.pay[bank=south]')).toBe('open');
    world.engine.router.follow({
      rules: [],
      overrides: [override({ ignoreCircuit: true, lane: 'slow' })],
      version: 'v1',
    });
    const id = await world.start('south');
    await world.pass(1_000);
    expect((await world.show(id)).status).toBe('completed');
  });
});
