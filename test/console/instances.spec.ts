import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreUnavailable } from '../../src/engine/ports/store.js';
import { aNode, anInstance, ID, OTHER, World } from './support/world.js';

describe('instances', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(() => world.app.close());

  it('starts one: 201 with where it is', async () => {
    const answer = await world.post('/api/instances', { flow: 'order', key: '4711', input: { id: 'a' } });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['location']).toBe(`/api/instances/${ID}`);
    expect(answer.json()).toEqual({ id: ID, flow: 'order', version: 1, key: '4711', status: 'running' });
    expect(world.starts).toEqual([{ flow: 'order', key: '4711', input: { id: 'a' } }]);
  });

  it('S14: the same Idempotency-Key answers 200 and duplicate', async () => {
    const send = () =>
      world.post('/api/instances', { flow: 'order', input: { id: 'a' } }, { 'idempotency-key': 'r-1' });
    expect((await send()).json()).not.toHaveProperty('duplicate');
    const again = await send();
    expect(again.statusCode).toBe(200);
    expect(again.json()).toMatchObject({ id: ID, duplicate: true });
    expect(world.starts[0]).toMatchObject({ receipt: 'r-1' });
  });

  it('refuses an Idempotency-Key that cannot be kept', async () => {
    const answer = await world.post(
      '/api/instances',
      { flow: 'order', input: {} },
      { 'idempotency-key': 'x'.repeat(191) },
    );
    expect(answer.statusCode).toBe(400);
  });

  it('S18: an unknown flow, or version, is a 404', async () => {
    for (const body of [{ flow: 'nothing' }, { flow: 'order', version: 9 }]) {
      const answer = await world.post('/api/instances', body);
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'UNKNOWN_FLOW' });
    }
  });

  it('S19: an input that does not fit is a 422 with JSON pointers', async () => {
    const answer = await world.post('/api/instances', { flow: 'order', input: {} });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'INVALID_INPUT',
      violations: [{ pointer: '/id', message: 'must be there' }],
    });
  });

  it('while the database is away, 503 says when to ask again', async () => {
    world.views.failure = new StoreUnavailable('connect ECONNREFUSED 10.0.0.5:3306');
    const answer = await world.post('/api/instances', { flow: 'order', input: { id: 'a' } });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.json()).toMatchObject({ code: 'STORE_AWAY' });
    expect(answer.body).not.toContain('10.0.0.5');
  });

  it('lists pages by flow, status and key', async () => {
    for (let n = 0; n < 5; n += 1) {
      const status = n === 0 ? 'completed' : 'running';
      world.views.put(anInstance({ id: ID.slice(0, -1) + n, key: `k-${n}`, status, endedAt: n === 0 ? 5_000 : null }));
    }
    const first = (await world.get('/api/instances?limit=3')).json();
    expect(first.items.map(({ key }: { key: string }) => key)).toEqual(['k-4', 'k-3', 'k-2']);
    const second = (await world.get(`/api/instances?limit=3&cursor=${first.next}`)).json();
    expect(second.items.map(({ key }: { key: string }) => key)).toEqual(['k-1', 'k-0']);
    expect(second.next).toBeNull();
    const done = (await world.get('/api/instances?flow=order&status=completed&key=k-')).json();
    expect(done.items).toEqual([
      {
        id: `${ID.slice(0, -1)}0`,
        flow: 'order',
        version: 1,
        key: 'k-0',
        status: 'completed',
        outcome: null,
        startedAt: '1970-01-01T00:00:01.000Z',
        endedAt: '1970-01-01T00:00:05.000Z',
        active: 1,
        ending: null,
        incidents: 0,
      },
    ]);
  });

  it('shows one with its nodes, attempts and why', async () => {
    const error = { code: 'TIMEOUT', message: 'slow', permanent: false };
    const node = aNode({ attempt: 2, error, wakeAt: 60_000 });
    const record = {
      node: 'charge',
      visit: 1,
      attempt: 1,
      poll: 0,
      how: 'failed',
      error,
      decision: 'retried in 5 s',
      lane: 'normal',
      at: 3_000,
    } as const;
    const instance = anInstance({ state: { arrivals: { 1: 1 }, absorbing: {}, visits: {}, facts: {} } });
    world.views.put(instance, [node], { attempts: [record], input: { id: 'a' }, vars: { n: 1 } });
    const answer = await world.get(`/api/instances/${ID}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      id: ID,
      input: { id: 'a' },
      vars: { n: 1 },
      arrivals: { 1: 1 },
      incidents: [],
    });
    expect(answer.json().nodes).toEqual([
      {
        id: `${ID}.charge.1`,
        node: 'charge',
        visit: 1,
        item: null,
        items: null,
        status: 'ready',
        shown: 'retrying',
        attempt: 2,
        polls: 0,
        lane: 'normal',
        reason: node.reason,
        via: [0],
        wakeAt: '1970-01-01T00:01:00.000Z',
        startedAt: '1970-01-01T00:00:02.000Z',
        endedAt: null,
        output: null,
        error,
        attempts: [
          {
            attempt: 1,
            how: 'failed',
            decision: 'retried in 5 s',
            error,
            at: '1970-01-01T00:00:03.000Z',
            lane: 'normal',
          },
        ],
      },
    ]);
  });

  it('shows a node as running while this process has it in hand', async () => {
    world.views.put(anInstance(), [aNode()]);
    const shown = async () => (await world.get(`/api/instances/${ID}`)).json().nodes[0].shown;
    expect(await shown()).toBe('queued');
    world.takeInHand(ID, 'charge');
    expect(await shown()).toBe('running');
  });

  it('draws one as Mermaid', async () => {
    world.views.put(anInstance(), [aNode({ status: 'incident' })]);
    const answer = await world.get(`/api/instances/${ID}/diagram`);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.body).toContain('flowchart');
    expect(answer.body).toContain('Charge the card');
    expect(answer.body).toContain('incident');
  });

  it('an unknown id is a 404 everywhere', async () => {
    for (const answer of [
      await world.get(`/api/instances/${OTHER}`),
      await world.get(`/api/instances/${OTHER}/diagram`),
      await world.post(`/api/instances/${OTHER}/retry`, {}),
      await world.post(`/api/instances/${OTHER}/cancel`, {}),
    ]) {
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'UNKNOWN_INSTANCE' });
    }
  });

  it('retries all incidents, or one: the newest visit when none is named', async () => {
    world.views.put(anInstance(), [
      aNode({ status: 'incident' }),
      aNode({ status: 'incident', visit: 2 }),
      aNode({ visit: 3 }),
    ]);
    for (const body of [{}, { node: 'charge' }, { node: 'charge', visit: 1 }]) {
      const answer = await world.post(`/api/instances/${ID}/retry`, body);
      expect(answer.statusCode).toBe(202);
      expect(answer.json()).toEqual({ id: ID });
    }
    const only = [null, { node: 'charge', visit: 2 }, { node: 'charge', visit: 1 }];
    expect(world.operations).toEqual(only.map((node) => ({ what: 'retry', instance: ID, only: node, by: 'admin' })));
  });

  it('adds items to those of a node, and says why not', async () => {
    world.views.put(anInstance());
    const body = { node: 'charge', items: [1, { a: 2 }], last: true, seen: 3 };
    expect((await world.post(`/api/instances/${ID}/items`, body)).statusCode).toBe(202);
    expect((await world.post(`/api/instances/${ID}/items`, { node: 'charge', visit: 2 })).statusCode).toBe(202);
    const of = { what: 'add', instance: ID, node: 'charge', by: 'admin' };
    expect(world.operations).toEqual([
      { ...of, items: [1, { a: 2 }], closes: true, seen: 3 },
      { ...of, visit: 2, items: [], closes: false },
    ]);
    world.views.put(anInstance({ status: 'completed', endedAt: 9 }));
    expect((await world.post(`/api/instances/${ID}/items`, body)).statusCode).toBe(409);
    expect((await world.post(`/api/instances/${ID}/items`, { ...body, items: 'a' })).statusCode).toBe(422);
    expect((await world.post(`/api/instances/${OTHER}/items`, body)).json()).toMatchObject({
      code: 'UNKNOWN_INSTANCE',
    });
  });

  it('H22: cancelling twice is a 409 that says why', async () => {
    world.views.put(anInstance());
    expect((await world.post(`/api/instances/${ID}/cancel`, {})).statusCode).toBe(202);
    world.views.put(anInstance({ status: 'cancelled', endedAt: 9 }));
    const again = await world.post(`/api/instances/${ID}/cancel`, {});
    expect(again.statusCode).toBe(409);
    expect(again.json()).toMatchObject({ code: 'INSTANCE_OVER', detail: 'Expected it to run.' });
  });

  it('operations take a POST without a body too', async () => {
    world.views.put(anInstance());
    const answer = await world.post(`/api/instances/${ID}/cancel`, undefined);
    expect(answer.statusCode).toBe(202);
  });
});
