import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { HandlerRegistry } from '../../src/worker/handler-registry.js';
import { call } from '../cli/support/call.js';
import { eventually, serveForTest, type TestServer } from '../support/engine/served.js';

const FOLDER = join(import.meta.dirname, '../../docs/examples/campaigns');

/** What the partners gave, in order: `ann balance 5`. */
const given: string[] = [];
let balances = Number.POSITIVE_INFINITY;

class Partners {}
const partners = {
  module: Partners,
  providers: [
    {
      provide: Partners,
      inject: [HandlerRegistry],
      useFactory: (registry: HandlerRegistry) => {
        const gives = (name: string, what: string) =>
          registry.register(name, ({ uid, ...more }) => {
            given.push(`${uid} ${what} ${more[what]}`);
            return {};
          });
        registry.register('balance.give', ({ uid, balance }) => {
          if (balances-- <= 0) return false;
          given.push(`${uid} balance ${balance}`);
          return {};
        });
        gives('points.give', 'points');
        gives('task.issue', 'days');
        gives('reward.diamonds', 'diamonds');
        gives('coupon.give', 'worth');
        return new Partners();
      },
    },
  ],
};

let server: TestServer;
beforeAll(async () => {
  server = await serveForTest({ SLUICE_DEFINITIONS: FOLDER }, { modules: [partners] });
  await eventually(
    () => server.ask('GET', '/health/ready'),
    ({ status }) => status === 200,
  );
});
afterAll(() => server.stop());

const put = async (path: string, body: JsonObject): Promise<JsonObject> => {
  const { status, body: answer } = await server.ask('POST', `/api/plays${path}`, body);
  expect([status, answer]).toEqual([expect.any(Number), expect.objectContaining({ revision: expect.any(Number) })]);
  return answer;
};
/** Tells what happened, and answers with what the partners gave because of it. */
async function told(name: string, payload: JsonObject, expected: number): Promise<readonly string[]> {
  given.length = 0;
  const { body } = await server.ask('POST', '/api/messages', { name, payload });
  for (const { instance } of (body.started ?? []) as { instance: string }[]) {
    await eventually(
      () => server.ask('GET', `/api/instances/${instance}`),
      (answer) => answer.body.status === 'completed' || given.length >= expected,
    );
  }
  return [...given];
}

describe('operators who put campaigns online', () => {
  let count = 0;
  const paid = (spend: number, day: string, expected = 1) =>
    told('recharge.paid', { id: `r-${++count}`, uid: 'ann', amount: spend, day }, expected);
  const FIRST = '2026-10-01';
  const FIFTH = '2026-10-05';
  const EIGHTH = '2026-10-08';
  const WEEK = { full: 100, balance: 5, half: 50, points: 10, pointsFrom: FIFTH, both: false };

  it('run the recharge campaign, and change it three times by what they type', async () => {
    expect(await paid(100, FIRST)).toEqual([]);
    const audience = 'input.day >= "2026-10-01" and input.day <= "2026-10-07"';
    await put('', { code: 'national-day', flow: 'recharge_campaign', params: WEEK, audience });
    expect(await paid(100, FIRST)).toEqual(['ann balance 5']);
    expect(await paid(50, FIRST)).toEqual([]);
    expect(await paid(50, FIFTH)).toEqual(['ann points 10']);
    expect(await paid(100, FIFTH)).toEqual(['ann balance 5']);
    expect(await paid(100, EIGHTH)).toEqual([]);

    // The threshold was too high, the points too few, and it lasts a day longer.
    const first = { params: { ...WEEK, full: 80, points: 20 }, audience: audience.replace('07', '08') };
    await put('/national-day/change', { ...first, reason: 'Too few reached it' });
    expect(await paid(80, FIRST)).toEqual(['ann balance 5']);
    expect(await paid(60, EIGHTH)).toEqual(['ann points 20']);

    // Both can be had.
    await put('/national-day/change', { params: { ...first.params, both: true } });
    expect(await paid(100, FIFTH, 2)).toEqual(['ann balance 5', 'ann points 20']);

    // There is a stock of balances: whoever comes late still gets the points, and nothing is to be changed.
    balances = 1;
    expect(await paid(100, FIFTH, 2)).toEqual(['ann balance 5', 'ann points 20']);
    expect(await paid(100, FIFTH)).toEqual(['ann points 20']);

    const revisions = (await server.ask('GET', '/api/plays/national-day/revisions')).body.items;
    expect(revisions.map(({ revision, reason }: { revision: number; reason: string }) => [revision, reason])).toEqual([
      [3, null],
      [2, 'Too few reached it'],
      [1, null],
    ]);
  });

  it('give newcomers a task for three days, and what was promised although the campaign changed meanwhile', async () => {
    const params = { days: 3, diamonds: 50 };
    const play = { code: 'novice-october', flow: 'novice_video', params, audience: 'input.stage == "novice"' };
    await put('', { ...play, quota: { max: 1, by: 'input.uid' } });
    expect(await told('video.finished', { uid: 'eve', stage: 'regular' }, 1)).toEqual([]);
    expect(await told('video.finished', { uid: 'ann', stage: 'novice' }, 1)).toEqual(['ann days 3']);
    await put('/novice-october/change', { params: { days: 5, diamonds: 10 } });
    expect(await told('video.finished', { uid: 'bob', stage: 'novice' }, 1)).toEqual(['bob days 5']);
    await put('/novice-october/end', {});
    for (const uid of ['ann', 'bob']) {
      const waiting = (await server.ask('GET', `/api/instances?play=novice-october&key=${uid}`)).body.items[0].id;
      await eventually(
        () => server.ask('GET', `/api/instances/${waiting}`),
        ({ body }) => body.nodes.some(({ status }: { status: string }) => status === 'waiting'),
      );
      given.length = 0;
      await server.ask('POST', '/api/messages', { name: 'streak.done', payload: { uid } });
      await eventually(
        async () => given.length,
        (many) => many === 1,
      );
      expect(given).toEqual([uid === 'ann' ? 'ann diamonds 50' : 'bob diamonds 10']);
    }
    expect(await told('video.finished', { uid: 'cid', stage: 'novice' }, 1)).toEqual([]);
  });

  it('give coupons for carts, each play to its own, once for an event', async () => {
    const quota = { max: 1, by: 'input.uid' };
    await put('', {
      code: 'cart-cn',
      flow: 'cart_coupon',
      params: { worth: 3 },
      audience: 'input.country == "CN"',
      quota,
    });
    await put('', { code: 'cart-all', flow: 'cart_coupon', params: { worth: 1 }, audience: 'input.country != "CN"' });
    const cart = { id: 'e-1', uid: 'ann', sku: 'tea', country: 'CN', stock: 4, onPromotion: true };
    expect(await told('cart.item-added', { ...cart, id: 'e-0', onPromotion: false }, 1)).toEqual([]);
    expect(await told('cart.item-added', cart, 1)).toEqual(['ann worth 3']);
    expect(await told('cart.item-added', cart, 1)).toEqual([]);
    expect(await told('cart.item-added', { ...cart, id: 'e-2' }, 1)).toEqual([]);
    expect(await told('cart.item-added', { ...cart, id: 'e-3', country: 'DE' }, 1)).toEqual(['ann worth 1']);
  });

  it('has tests for the flows beside them', async () => {
    const { code, out, err } = await call(['test', FOLDER]);
    expect({ code, err, out }).toMatchObject({ code: 0, err: '' });
    expect(out.match(/edges taken \(100 %\)/g)).toHaveLength(3);
    expect((await call(['validate', FOLDER, '--max-warnings', '0'])).code).toBe(0);
  });
});
