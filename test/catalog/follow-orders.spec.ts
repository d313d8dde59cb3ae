import { beforeEach, describe, expect, it } from 'vitest';
import { FollowOrders } from '../../src/catalog/orders/follow-orders.js';
import type { Override, Rule } from '../../src/core/routing/rules.js';
import { OrdersBus } from '../../src/engine/health/orders/orders-bus.js';
import type { Orders } from '../../src/engine/health/router.js';
import type { Consumer } from '../../src/engine/ports/broker.js';
import { MemoryOrdersBus } from '../../src/memory/health/memory-orders-bus.js';
import { VirtualClock } from '../../src/memory/virtual-clock.js';
import { MemoryOrders } from '../console/support/memory-orders.js';
import { MemoryLog } from '../console/support/memory-ports.js';

const match = { flow: null, node: null, handler: null, tag: null, dims: {}, attemptFrom: 1, attemptTo: 9 };
const rule = (code: string): Rule => ({ code, match, lane: 'slow', minDelayMs: 0, reason: 'r' });
const override = (code: string): Override => {
  return { code, match, lane: null, hold: true, ignoreCircuit: false, until: 8e15, reason: 'r' };
};
const FILES: Orders = { rules: [rule('a'), rule('b')], overrides: [override('o')], version: 'f1' };
const source = (...codes: string[]): string =>
  `rules:\n${codes.map((code) => `  - { code: ${code}, lane: retry, reason: r }\n`).join('')}`;
const published = (text: string) => ({ source: text, sha256: text, note: null, restores: null, by: 'ops' });

/** A broker that is away: whoever heeds waits until it is back, and words are lost. */
class AwayBus extends OrdersBus {
  override async nudge(): Promise<void> {}
  override heed(): Promise<Consumer> {
    return new Promise(() => {});
  }
}

describe('what people tell the router', () => {
  let clock: VirtualClock;
  let store: MemoryOrders;
  let log: MemoryLog;
  let bus: OrdersBus;
  let orders: FollowOrders;
  let obeyed: Orders;
  let told: number;

  beforeEach(async () => {
    clock = new VirtualClock();
    store = new MemoryOrders(() => clock.now());
    log = new MemoryLog();
    bus = new AwayBus();
    orders = new FollowOrders(store, clock, log, bus);
    told = 0;
    await orders.start(FILES, (all) => {
      obeyed = all;
      told++;
    });
  });

  const shown = (): string =>
    [...obeyed.rules.map(({ code, lane }) => `${code} ${lane}`), ...obeyed.overrides.map(({ code }) => code)].join(
      ', ',
    );
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    for (let turn = 0; turn < 10; turn++) await new Promise((wake) => setImmediate(wake));
  };

  it('is what the files say, as long as nothing else is said', async () => {
    expect([shown(), obeyed.version]).toEqual(['a slow, b slow, o', 'f1']);
    await pass(5_000);
    expect(told).toBe(1);
  });

  it('is heard of within a second, from whichever process it came', async () => {
    await store.set(override('hold'), 'ann');
    await store.publish(published(source('c', 'b')));
    await pass(1_000);
    expect([shown(), obeyed.version]).toEqual(['c retry, b retry, a slow, hold, o', 'v1+f1']);
    await store.remove('hold', 'ann', null);
    await pass(1_000);
    expect(shown()).toBe('c retry, b retry, a slow, o');
    orders.close();
    await store.set(override('late'), 'ann');
    await pass(5_000);
    expect(shown()).not.toContain('late');
  });

  it('is heard of at once from whoever says so, and asked for seldom then', async () => {
    orders.close();
    bus = new MemoryOrdersBus();
    orders = new FollowOrders(store, clock, log, bus);
    const other = new FollowOrders(store, clock, log, bus);
    await orders.start(FILES, (all) => {
      obeyed = all;
    });
    await pass(500);
    let asked = 0;
    const lastChange = store.lastChange.bind(store);
    store.lastChange = () => {
      asked++;
      return lastChange();
    };
    await pass(4_900);
    expect(asked).toBe(0);
    await store.set(override('hold'), 'ann');
    await other.announce();
    await pass(0);
    expect(shown()).toContain('hold');
    await store.remove('hold', 'ann', null);
    await pass(5_000);
    expect(shown()).not.toContain('hold');
    expect(asked).toBe(3);
    orders.close();
    await store.set(override('late'), 'ann');
    await other.announce();
    await pass(0);
    expect(shown()).not.toContain('late');
  });

  it('stands before what files say, and files may change beside it', async () => {
    await store.publish(published(source('c')));
    await orders.refresh();
    orders.files({ ...FILES, rules: [rule('z')], version: 'f2' });
    expect([shown(), obeyed.version]).toEqual(['c retry, z slow, o', 'v1+f2']);
    expect(orders.with([rule('z'), rule('y')]).map(({ code }) => code)).toEqual(['z', 'y']);
  });

  it('stays in force when the newest rules cannot be read, and overrides still count', async () => {
    await store.publish(published(source('c')));
    await store.publish(published('rules: [{ code: x, lane: of_tomorrow, reason: r }]'));
    await store.set(override('hold'), 'ann');
    await orders.refresh();
    expect(shown()).toBe('a slow, b slow, hold, o');
    expect(log.lines.filter((line) => line.includes('cannot be read'))).toHaveLength(1);
    await store.publish(published(source('d')));
    await orders.refresh();
    expect(shown()).toBe('d retry, a slow, b slow, hold, o');
    await store.publish(published('rules: soon'));
    await orders.refresh();
    expect(shown()).toBe('d retry, a slow, b slow, hold, o');
  });

  it('stays in force while the database is away, which is told once', async () => {
    await store.set(override('hold'), 'ann');
    await orders.refresh();
    store.failure = new Error('away');
    await pass(500);
    await pass(500);
    await pass(500);
    expect(shown()).toBe('a slow, b slow, hold, o');
    expect(log.lines.filter((line) => line.includes('could not be read'))).toHaveLength(1);
    store.failure = null;
    await store.remove('hold', 'ann', null);
    await pass(500);
    expect(shown()).toBe('a slow, b slow, o');
  });

  it('is read anew when the database is of another day', async () => {
    for (const code of ['a', 'b', 'c']) await store.set(override(code), 'ann');
    await orders.refresh();
    store.log.length = 1;
    await store.remove('c', 'ann', null);
    await orders.refresh();
    expect(obeyed.overrides.map(({ code }) => code)).toEqual(['a', 'b', 'o']);
  });
});
