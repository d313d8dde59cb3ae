import { describe, expect, it } from 'vitest';
import type { LaneName } from '../../../src/core/routing/lane.js';
import { hasGivenWay, isCrowding } from '../../../src/core/routing/limits/crowd.js';
import type { Routable } from '../../../src/core/routing/opinion.js';
import { Health } from '../../../src/engine/health/health.js';
import { Places } from '../../../src/engine/health/places.js';
import { Router } from '../../../src/engine/health/router.js';
import { Tally } from '../../../src/engine/tally.js';
import { KeptLog } from '../../engine/bench.js';

const SIZES = { fast: 40, normal: 40, slow: 10, retry: 10, probe: 4 };

describe('one subject among others', () => {
  it.each([
    ['a lane that is not half full', { all: 19, own: 18 }, false],
    ['a lane that is half full, mostly of it', { all: 20, own: 19 }, true],
    ['a lane where nobody else is', { all: 29, own: 29 }, false],
    ['a lane where nobody else is, and few could be', { all: 30, own: 30 }, true],
    ['exactly its part', { all: 30, own: 10 }, true],
    ['less than its part', { all: 40, own: 9 }, false],
  ])('is told by %s', (_, crowd, is) => {
    expect(isCrowding({ lane: 'normal', places: 40, ...crowd })).toBe(is);
  });

  it('may take all places of a lane that is for it', () => {
    for (const lane of ['slow', 'retry', 'probe'] as const)
      expect(isCrowding({ lane, places: 10, all: 10, own: 10 })).toBe(false);
  });

  it('has given way at half of its part', () => {
    expect([hasGivenWay(5, 40), hasGivenWay(4, 40)]).toEqual([false, true]);
  });
});

describe('places', () => {
  it('are counted by lane, and whoever took too many is known until half are free', () => {
    const places = new Places(SIZES);
    const sick = { subject: 'sick', lane: 'normal' } as const;
    for (let count = 0; count < 30; count++) places.enter(sick);
    expect(places.isTooMany({ subject: 'other', lane: 'normal' })).toBe(false);
    expect(places.isTooMany({ subject: 'sick', lane: 'fast' })).toBe(false);
    expect([...places.crowding]).toEqual([]);
    expect(places.isTooMany(sick)).toBe(true);
    expect([...places.crowding]).toEqual(['sick']);
    for (let count = 0; count < 25; count++) places.leave(sick);
    expect([...places.crowding]).toEqual(['sick']);
    places.leave(sick);
    expect([...places.crowding]).toEqual([]);
  });
});

describe('the router', () => {
  const arrived = (subject: string): Routable => ({
    kind: 'task',
    cause: 'entered',
    node: 'pay',
    handler: 'bank.pay',
    attempt: 1,
    delayMs: 0,
    id: 'i',
    flow: 'paying',
    tags: [],
    polls: 0,
    subject,
  });
  const admit = (router: Router, subject: string, lane: LaneName = 'normal') =>
    router.admit(subject, () => arrived(subject), lane);

  it('sends what crowds a lane to the slow one, lets it run there, and lets others through', () => {
    const router = new Router(new Health(new KeptLog(), new Tally()), () => 1_000, true, SIZES);
    const passes = Array.from({ length: 30 }, () => admit(router, 'sick'));
    expect(passes.every((pass) => pass !== null)).toBe(true);
    expect(admit(router, 'sick')).toBeNull();
    expect(admit(router, 'other')).toMatchObject({ subject: 'other' });
    expect(admit(router, 'sick', 'slow')).toMatchObject({ subject: 'sick', lane: 'slow' });
    expect(router.snapshot.crowding?.has('sick')).toBe(true);
  });

  it('lets it run where an operator has put it', () => {
    const router = new Router(new Health(new KeptLog(), new Tally()), () => 1_000, true, SIZES);
    const match = { flow: null, node: null, handler: null, tag: null, dims: {}, attemptFrom: 1, attemptTo: 99 };
    const pin = {
      code: 'pin',
      match,
      lane: 'normal' as const,
      hold: false,
      ignoreCircuit: false,
      until: 9_000,
      reason: 'x',
    };
    router.follow({ rules: [], overrides: [pin], version: '1' });
    for (let count = 0; count < 40; count++) expect(admit(router, 'sick')).not.toBeNull();
  });
});
