import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anInstance, ID, OTHER, World } from './support/world.js';

describe('what participants have begun', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(() => world.app.close());

  it('keeps an instance that has been ended from being over', async () => {
    const ending = { status: 'cancelled', by: 'ann', at: 4_000 } as const;
    const { state } = anInstance();
    world.views.put(anInstance({ status: 'compensating', state: { ...state, ending } }));
    const told = { status: 'cancelled', by: 'ann', at: '1970-01-01T00:00:04.000Z' };
    expect((await world.get(`/api/instances/${ID}`)).json()).toMatchObject({ status: 'compensating', ending: told });
    expect((await world.get('/api/instances')).json().items[0]).toMatchObject({ ending: told });
  });

  it('is settled by hand, with a reason that the audit keeps', async () => {
    world.views.put(anInstance());
    const body = { node: 'charge', participant: 'prize', reason: ' paid out at the counter ' };
    expect((await world.post(`/api/instances/${ID}/settle`, body)).statusCode).toBe(202);
    expect(
      (await world.post(`/api/instances/${ID}/settle`, { node: 'charge', visit: 7, reason: 'x' })).statusCode,
    ).toBe(202);
    const of = { what: 'settle', instance: ID, node: 'charge', by: 'admin' };
    expect(world.operations).toEqual([
      { ...of, participant: 'prize', reason: 'paid out at the counter' },
      { ...of, visit: 7, reason: 'x' },
    ]);
    expect((await world.get('/api/audit')).json().items[1]).toMatchObject({
      action: 'settleParticipant',
      instance: ID,
      node: 'charge',
      detail: { participant: 'prize', reason: ' paid out at the counter ' },
    });
    world.views.put(anInstance({ status: 'completed', endedAt: 9 }));
    expect((await world.post(`/api/instances/${ID}/settle`, body)).statusCode).toBe(409);
    expect((await world.post(`/api/instances/${ID}/settle`, { ...body, reason: ' ' })).statusCode).toBe(422);
    expect((await world.post(`/api/instances/${OTHER}/settle`, body)).json()).toMatchObject({
      code: 'UNKNOWN_INSTANCE',
    });
  });
});
