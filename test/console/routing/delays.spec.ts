import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NodeInstance } from '../../../src/core/flow/instance.js';
import type { TraceLine } from '../../../src/core/routing/opinion.js';
import { call } from '../../cli/support/call.js';
import { aNode, anInstance, ID, NOW, OTHER, TOKEN, World } from '../support/world.js';

const line = (action: 'hold' | 'defer'): TraceLine => ({
  stage: 'override',
  code: 'override.x',
  said: 's',
  action,
  won: ['action'],
});
const receipt = (action: 'hold' | 'defer') => ({ subject: 's', code: 'c', rules: null, trace: [line(action)] });
const iso = (ms: number): string => new Date(ms).toISOString();

describe('what waits', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(() => world.app.close());
  const wait = (more: Partial<NodeInstance>): void => {
    world.dispatches.rows.push({
      instance: ID,
      flow: 'order',
      version: 1,
      key: '4711\u001b[2J',
      node: aNode({ wakeAt: NOW + 60_000, ...more }),
    });
  };
  const path = `/api/instances/${ID}/nodes/charge/reschedule`;

  it.each<[Partial<NodeInstance>, string]>([
    [{ receipt: receipt('hold'), attempt: 3 }, 'held'],
    [{ receipt: receipt('defer'), attempt: 3 }, 'circuit'],
    [{ status: 'waiting' }, 'timer'],
    [{ attempt: 2, polls: 3 }, 'retry'],
    [{ polls: 3 }, 'poll'],
    [{}, 'delay'],
  ])('%j waits for: %s', async (more, kind) => {
    wait(more);
    expect((await world.get('/api/delays')).json().items[0].kind).toBe(kind);
  });

  it('is listed with its time, its reason, and who counts', async () => {
    wait({ attempt: 2, queue: 0, reason: 'normal: later', dispatch: 7 });
    wait({ lane: 'retry' });
    const { items, next } = (await world.get('/api/delays?limit=1')).json();
    expect(items).toEqual([
      {
        instance: ID,
        flow: 'order',
        version: 1,
        key: '4711\u001b[2J',
        node: 'charge',
        visit: 1,
        attempt: 2,
        dispatch: 7,
        kind: 'retry',
        lane: 'normal',
        reason: 'normal: later',
        dueAt: iso(NOW + 60_000),
        where: 'database',
      },
    ]);
    expect((await world.get(`/api/delays?limit=1&cursor=${next}`)).json()).toMatchObject({
      items: [{ lane: 'retry', where: 'broker' }],
      next: null,
    });
    expect((await world.get('/api/delays?lane=retry&flow=order')).json().items).toHaveLength(1);
    expect((await world.get('/api/delays?lanes=retry')).statusCode).toBe(400);
  });

  it('goes now, or at another time, in the visit that was meant', async () => {
    world.views.put(anInstance(), [aNode({ visit: 1 }), aNode({ visit: 3 })]);
    expect((await world.post(path, {})).statusCode).toBe(202);
    expect((await world.post(path, { visit: 1, dispatch: 4, dueAt: iso(NOW + 5_000) })).json()).toEqual({ id: ID });
    const moved = { what: 'move', instance: ID, node: 'charge', by: 'admin' };
    expect(world.operations).toEqual([
      { ...moved, visit: 3, dispatch: null, dueAt: null },
      { ...moved, visit: 1, dispatch: 4, dueAt: NOW + 5_000 },
    ]);
    world.views.put(anInstance({ endedAt: 1 }), []);
    expect((await world.post(path, {})).json()).toMatchObject({ status: 409, code: 'INSTANCE_OVER' });
    const unknown = await world.post(`/api/instances/${OTHER}/nodes/charge/reschedule`, {});
    expect(unknown.json()).toMatchObject({ status: 404, code: 'UNKNOWN_INSTANCE' });
    const late = await world.post(path, { dueAt: iso(NOW + 366 * 86_400_000) });
    expect(late.json()).toMatchObject({ status: 422, violations: [{ pointer: '/dueAt' }] });
  });

  it('is cancelled, with a reason', async () => {
    const cancel = `/api/instances/${ID}/nodes/charge/cancel-delay`;
    world.views.put(anInstance(), [aNode({ visit: 1 }), aNode({ visit: 3 })]);
    expect((await world.post(cancel, {})).statusCode).toBe(422);
    expect((await world.post(cancel, { reason: 'they called' })).json()).toEqual({ id: ID });
    expect((await world.post(cancel, { visit: 1, dispatch: 4, reason: 'r' })).statusCode).toBe(202);
    const about = { what: 'cancel-delay', instance: ID, node: 'charge', by: 'admin' };
    expect(world.operations).toEqual([
      { ...about, visit: 3, dispatch: null, reason: 'they called' },
      { ...about, visit: 1, dispatch: 4, reason: 'r' },
    ]);
    world.views.put(anInstance({ endedAt: 1 }), []);
    expect((await world.post(cancel, { reason: 'r' })).json()).toMatchObject({ status: 409, code: 'INSTANCE_OVER' });
    const unknown = await world.post(`/api/instances/${OTHER}/nodes/charge/cancel-delay`, { reason: 'r' });
    expect(unknown.json()).toMatchObject({ status: 404, code: 'UNKNOWN_INSTANCE' });
  });

  it('is asked on the command line', async () => {
    await world.app.listen(0, '127.0.0.1');
    const env = { SLUICE_URL: (await world.app.getUrl()).replace(/\/$/, ''), SLUICE_TOKEN: TOKEN };
    const ask = (...args: string[]) => call(['delays', ...args], { env, cwd: import.meta.dirname });
    expect((await ask()).err).toBe('There are none.');
    wait({ attempt: 2, reason: 'normal: later' });
    world.views.put(anInstance(), [aNode()]);
    const { out } = await ask('list', '--flow', 'order');
    expect(out).toMatch(
      /^DUE +WAITS FOR +FLOW .*\n1970-01-01 00:17:40 +retry +order +4711\ufffd\[2J .* normal: later$/,
    );
    expect(await ask('run', ID, 'charge', '--dispatch', '4')).toEqual({ code: 0, out: '', err: 'It goes now.' });
    const until = iso(NOW + 9_000);
    expect((await ask('move', ID, 'charge', '--until', until)).err).toBe('It goes at 1970-01-01 00:16:49.');
    expect(world.operations).toMatchObject([
      { dispatch: 4, dueAt: null },
      { dispatch: null, dueAt: NOW + 9_000 },
    ]);
    expect((await ask('move', ID, 'charge')).code).toBe(2);
    expect((await ask('move', ID, 'charge', '--for', '1h', '--until', until)).code).toBe(2);
    expect((await ask('run', ID, 'charge', '--visit', 'one')).code).toBe(2);
    expect((await ask('run', OTHER, 'charge')).code).toBe(1);
    const cancelled = await ask('cancel', ID, 'charge', '--reason', 'they called');
    expect(cancelled.err).toBe(
      `It waits no more, and is an incident. To go on after all: sluice retry ${ID} --node charge`,
    );
    expect(world.operations).toContainEqual(expect.objectContaining({ what: 'cancel-delay', reason: 'they called' }));
    expect((await ask('cancel', ID, 'charge')).code).toBe(2);
  });
});
