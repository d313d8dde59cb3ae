import { expect, it } from 'vitest';
import { type BuiltInLane, LANE_NAMES, LANES } from '../../../src/core/routing/lane.js';
import type { StoredDispatch } from '../../../src/engine/ports/store.js';
import { Sweep, type SweepParts } from '../../../src/engine/repair/sweep.js';
import { Watermarks } from '../../../src/engine/repair/watermarks.js';

const GRACE_MS = 30_000;
const EVERY_MS = 5_000;

/** One late row, a lane of a given depth, and a sweep every five seconds; database and process have one clock. */
class Room {
  now = 1_000_000;
  since = 0;
  depth: number | null = 0;
  row: { readonly lane: BuiltInLane; wakeAt: number } | null = null;
  readonly watermarks = new Watermarks();
  readonly sweptAt: number[] = [];
  private readonly sweep: Sweep;

  constructor(quietMs = 0) {
    const parts = {
      store: {
        earliest: async () =>
          Object.assign(new Map(this.row ? [[LANES[this.row.lane], this.row.wakeAt]] : []), { now: this.now }),
        claimLost: async (queue: number, before: number) => {
          const { row } = this;
          if (!row || LANES[row.lane] !== queue || row.wakeAt >= before) return [];
          row.wakeAt = this.now;
          return [{ instance: 'i', node: { node: 'n', visit: 1 } } as unknown as StoredDispatch];
        },
      },
      broker: {
        state: () => ({ ready: true, blocked: false, since: this.since, about: {} }),
        depth: async () => this.depth,
      },
      republish: { due: async () => void this.sweptAt.push(this.now) },
      router: { saw: () => {} },
      lanes: { all: LANE_NAMES.map((lane) => ({ lane, number: LANES[lane] })) },
      watermarks: this.watermarks,
      inHand: { has: () => false },
      databaseClock: { read: () => {} },
      clock: { now: () => this.now },
      tally: { count: () => {} },
      tuning: { sweepGraceMs: GRACE_MS, sweepQuietMs: quietMs },
      checkpoint: { reach: () => {} },
    };
    this.sweep = new Sweep(parts as unknown as SweepParts);
  }

  async pass(ms: number, meanwhile: () => void = () => {}): Promise<void> {
    for (const end = this.now + ms; this.now < end; this.now += EVERY_MS) {
      meanwhile();
      await this.sweep.execute();
    }
  }

  late(byMs = 1): number {
    this.row = { lane: 'retry', wakeAt: this.now - byMs };
    return this.now;
  }
}

it('sends a lost dispatch of an idle lane again within a grace and two rounds', async () => {
  const room = new Room();
  await room.pass(60_000);
  const lostAt = room.late();
  await room.pass(60_000);
  expect(room.sweptAt).toHaveLength(1);
  expect((room.sweptAt[0] as number) - lostAt).toBeLessThanOrEqual(GRACE_MS + 2 * EVERY_MS);
});

it('sends what a delay lost again while later dispatches of its lane come, though the lane is never empty', async () => {
  const room = new Room();
  room.depth = 3;
  const flow = (): void => room.watermarks.saw('retry', room.now);
  await room.pass(60_000, flow);
  const lostAt = room.late();
  await room.pass(60_000, flow);
  expect(room.sweptAt.length).toBeGreaterThan(0);
  expect((room.sweptAt[0] as number) - lostAt).toBeLessThanOrEqual(GRACE_MS + 2 * EVERY_MS);
});

it('takes nothing from a lane that is neither empty nor beyond the row', async () => {
  const room = new Room();
  room.depth = 3;
  room.late();
  await room.pass(300_000);
  expect(room.sweptAt).toEqual([]);
});

it('has forgotten after a reconnect how far a lane was: what was in hand lies in it again', async () => {
  const room = new Room();
  await room.pass(60_000, () => room.watermarks.saw('retry', room.now));
  // Due before much that has come, and in hand all the time.
  room.late(20_000);
  room.since = room.now;
  room.depth = 500;
  await room.pass(120_000);
  expect(room.sweptAt).toEqual([]);
});

it.each([20_000, 60_000])(
  'gathers evidence while it keeps quiet for %d ms after a reconnect, and then acts',
  async (quietMs) => {
    const room = new Room(quietMs);
    await room.pass(60_000);
    room.since = room.now;
    const reconnectedAt = room.late();
    await room.pass(120_000);
    const tookMs = (room.sweptAt[0] as number) - reconnectedAt;
    expect(tookMs).toBeGreaterThanOrEqual(quietMs);
    expect(tookMs).toBeLessThanOrEqual(Math.max(GRACE_MS, quietMs) + 2 * EVERY_MS);
  },
);
