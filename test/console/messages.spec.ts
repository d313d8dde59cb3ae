import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ID, World } from './support/world.js';

describe('messages', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(() => world.app.close());

  it('are taken with 202, and the answer says who went on with them', async () => {
    const answer = await world.post('/api/messages', { name: 'paid', payload: { id: 'a' }, ttlSeconds: 60 });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({ id: 'm-1', takenBy: { instance: ID, node: 'charge', visit: 1 } });
    expect(world.messages.sent).toEqual([{ name: 'paid', payload: { id: 'a' }, ttlMs: 60_000 }]);
    expect((await world.post('/api/messages', { name: 'other' })).json()).toEqual({ id: 'm-1', takenBy: null });
  });

  it('are the same with the same Idempotency-Key', async () => {
    const send = () => world.post('/api/messages', { name: 'paid' }, { 'idempotency-key': 'k' });
    expect((await send()).statusCode).toBe(202);
    const again = await send();
    expect([again.statusCode, again.json().duplicate]).toEqual([200, true]);
  });

  it.each([
    [{ name: 'not a name' }, 'INVALID_NAME'],
    [{ name: 'paid', payload: [] }, 'INVALID_REQUEST'],
    [{ payload: {} }, 'INVALID_REQUEST'],
  ])('%j is refused', async (body, code) => {
    const answer = await world.post('/api/messages', body);
    expect([answer.statusCode, answer.json().code]).toEqual([422, code]);
  });
});
