import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ID, TOKEN, World } from '../console/support/world.js';
import { call } from './support/call.js';

const KEPT = {
  at: 1_000,
  source: 'start',
  code: 'NOT_JSON',
  reason: 'Expected JSON, but it is not.',
  exchange: 'sluice.start',
  routingKey: 'order',
  headers: { 'sluice-key': 'k' },
  body: 'not json\u001b[2J',
  encoding: 'utf8',
  size: 12,
  sha256: 'x',
  replays: 0,
  handledBy: null,
  handledAt: null,
} as const;

describe('commands for what went wrong around the flows', () => {
  let world: World;
  let env: Record<string, string>;
  beforeAll(async () => {
    world = await World.open();
    await world.app.listen(0, '127.0.0.1');
    env = { SLUICE_URL: (await world.app.getUrl()).replace(/\/$/, ''), SLUICE_TOKEN: TOKEN };
    world.views.quarantineRows.push(
      { ...KEPT, id: '2', state: 'open' },
      { ...KEPT, id: '1', state: 'discarded', handledBy: 'admin', handledAt: 5_000 },
    );
  });
  beforeEach(() => {
    world.operations.length = 0;
    world.quarantineRefusal = null;
  });
  afterAll(() => world.app.close());
  const ask = (...args: string[]) => call(args, { env });

  it('lists unusable messages by what became of them; without a verb the open ones', async () => {
    expect((await ask('quarantine')).out).toMatch(/^ID +SOURCE +KEY .*\n2 +start +order +NOT_JSON +12 B/);
    expect((await ask('quarantine', 'list', '--state', 'discarded')).out).toMatch(/\n1 +start/);
    expect((await ask('quarantine', 'list', '--state', 'replayed')).err).toBe('There are none.');
    expect((await ask('quarantine', 'list', '--state', 'lost')).code).toBe(2);
  });

  it('shows one, and lets its text do nothing to the terminal', async () => {
    expect((await ask('quarantine', 'show', '1')).out.split('\n')).toEqual([
      'start 1',
      'discarded by admin at 1970-01-01 00:00:05, 0 replays, kept 1970-01-01 00:00:01',
      'NOT_JSON: Expected JSON, but it is not.',
      'exchange sluice.start   key order   12 B as utf8',
      'headers {"sluice-key":"k"}',
      'not json\ufffd[2J',
    ]);
    expect(JSON.parse((await ask('quarantine', 'show', '2', '--json')).out)).toMatchObject({ id: '2', state: 'open' });
    expect((await ask('quarantine', 'show', '3')).code).toBe(1);
  });

  it('replays and discards several, and tells of each that was refused', async () => {
    const replayed = await ask('quarantine', 'replay', '2', '9');
    expect(replayed).toEqual({ code: 1, out: ID, err: '9: Expected a message, but there is none.' });
    expect(await ask('quarantine', 'discard', '1', '2')).toEqual({ code: 0, out: '', err: '' });
    expect(world.operations).toEqual(
      ['replay 2', 'replay 9', 'discard 1', 'discard 2'].map((asked) => {
        const [what, id] = asked.split(' ');
        return { what, id, by: 'admin' };
      }),
    );
    expect((await ask('quarantine', 'replay')).code).toBe(2);
  });

  it('shows how the engine does, and sends again', async () => {
    world.tally.count('swept', 3);
    const { code, out } = await ask('repair');
    expect(code).toBe(0);
    expect(out).toMatch(/^broker ready {3}database answers in \d+ ms\nin hand 0 {3}waiting commits 2/);
    expect(out).toMatch(/\nsweep +15 s +0 +0 +-/);
    expect(out).toMatch(/\nprobe +\? +-\n/);
    expect(out).toMatch(/\nswept +3$/);
    expect(JSON.parse((await ask('repair', '--json')).out)).toMatchObject({ counts: { swept: 3 } });
    expect(await ask('republish')).toMatchObject({ code: 0, out: '7', err: expect.stringContaining('duplicate') });
  });
});
