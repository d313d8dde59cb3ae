import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StoreUnavailable } from '../../src/engine/ports/store.js';
import type { QuarantineView } from '../../src/engine/ports/views.js';
import { ID, World } from './support/world.js';

const kept = (id: string, more: Partial<QuarantineView> = {}): QuarantineView => ({
  id,
  at: 1_000,
  source: 'start',
  code: 'UNKNOWN_FLOW',
  reason: 'Expected a published flow, but there is none.',
  exchange: 'sluice.start',
  routingKey: 'order',
  headers: {},
  body: '{}',
  encoding: 'utf8',
  size: 2,
  sha256: 'x',
  state: 'open',
  replays: 0,
  handledBy: null,
  handledAt: null,
  ...more,
});

describe('the quarantine over HTTP', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open();
    world.views.quarantineRows.push(
      kept('3'),
      kept('2', { state: 'discarded', handledBy: 'admin', handledAt: 2_000 }),
      kept('1', { state: 'replayed', replays: 2 }),
    );
  });
  beforeEach(() => {
    world.operations.length = 0;
    world.quarantineRefusal = null;
  });
  afterAll(() => world.app.close());

  it('lists what is open, or of another state when asked', async () => {
    const ids = async (query: string) =>
      (await world.get(`/api/quarantine${query}`)).json().items.map(({ id }: { id: string }) => id);
    expect(await ids('')).toEqual(['3']);
    expect(await ids('?state=discarded')).toEqual(['2']);
    expect(await ids('?state=replayed')).toEqual(['1']);
  });

  it('shows one, with who did what and when', async () => {
    const answer = (await world.get('/api/quarantine/2')).json();
    expect(answer).toMatchObject({ state: 'discarded', handledBy: 'admin', handledAt: '1970-01-01T00:00:02.000Z' });
    expect((await world.get('/api/quarantine/4')).json()).toMatchObject({ status: 404, code: 'UNKNOWN_QUARANTINED' });
    expect((await world.get("/api/quarantine/1'--")).statusCode).toBe(400);
  });

  it('replays and discards in the name of who asks', async () => {
    expect((await world.post('/api/quarantine/3/replay', {})).json()).toEqual({ id: '3', instance: ID });
    expect((await world.post('/api/quarantine/3/discard', {})).json()).toEqual({ id: '3' });
    expect(world.operations).toEqual([
      { what: 'replay', id: '3', by: 'admin' },
      { what: 'discard', id: '3', by: 'admin' },
    ]);
    expect((await world.get('/api/quarantine/3', { host: 'localhost' })).statusCode).toBe(401);
  });

  it.each([
    ['quarantine-settled', 409, 'QUARANTINE_SETTLED'],
    ['stale-dispatch', 409, 'STALE_DISPATCH'],
    ['not-replayable', 409, 'NOT_REPLAYABLE'],
    ['still-refused', 422, 'STILL_REFUSED'],
    ['busy', 429, 'BUSY'],
  ] as const)('says %s as %i', async (reason, status, code) => {
    world.quarantineRefusal = reason;
    const answer = await world.post('/api/quarantine/3/replay', {});
    expect(answer.json()).toMatchObject({ status, code, detail: 'Expected it, but 3.' });
    expect(answer.headers['retry-after']).toBe(status === 429 ? '1' : undefined);
  });
});

describe('starts while there is too much work, or no database', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open();
  });
  afterAll(() => world.app.close());
  const start = () => world.post('/api/instances', { flow: 'order', input: { id: 'a' } });

  it('H33: are told to come again in a second while the backlog is full', async () => {
    world.busy = true;
    const answer = await start();
    world.busy = false;
    expect(answer.statusCode).toBe(429);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json()).toMatchObject({ status: 429, code: 'BUSY' });
    expect((await start()).statusCode).toBe(201);
  });

  it('are told to come again later while the database is away', async () => {
    world.views.failure = new StoreUnavailable('away at 10.0.0.1');
    const answer = await start();
    world.views.failure = null;
    expect(answer.statusCode).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.json()).toMatchObject({ code: 'STORE_AWAY' });
    expect(answer.body).not.toContain('10.0.0.1');
  });
});
