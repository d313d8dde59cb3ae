import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MOST_BEHIND, Watcher } from '../../src/console/live/watcher.js';
import { AUTH, aNode, anInstance, ID, OTHER, World } from './support/world.js';

/** An open stream: what it said so far, and whether it ended. */
class Stream {
  text = '';
  ended = false;
  aborted = false;
  constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (text: string) => (this.text += text));
    response.on('end', () => (this.ended = true));
    response.on('error', () => (this.aborted = true));
  }
  get events() {
    return [...this.text.matchAll(/event: instance\ndata: (.*)\n\n/g)].map((match) => JSON.parse(match[1] ?? ''));
  }
}

describe('the event stream', () => {
  let world: World;
  let port: number;
  const open = (topics: string, headers: Record<string, string> = AUTH): Promise<Stream> =>
    new Promise((resolve, reject) => {
      get({ port, host: '127.0.0.1', path: `/api/events?topics=${topics}`, headers, agent: false }, (response) =>
        resolve(new Stream(response)),
      ).on('error', reject);
    });

  beforeEach(async () => {
    world = await World.open();
    await world.app.listen(0, '127.0.0.1');
    port = (world.app.getHttpServer().address() as AddressInfo).port;
  });
  afterEach(() => world.app.close());

  it('H6: needs the token', async () => {
    expect((await open('instances', { host: 'localhost' })).response.statusCode).toBe(401);
  });

  it.each([
    '',
    'everything',
    `instance:${ID.slice(1)}`,
    `instance:${ID},x`,
    Array(21)
      .fill(`instance:${ID}`)
      .map((t, n) => t.slice(0, -2) + (n + 10))
      .join(),
  ])('refuses the topics %s', async (topics) => {
    expect((await open(topics)).response.statusCode).toBe(400);
  });

  it('tells the state at once, then only what changed', async () => {
    world.views.put(anInstance(), [aNode(), aNode({ node: 'begin', status: 'done' })]);
    world.views.put(anInstance({ id: OTHER, key: 'other' }));
    const stream = await open(`instances,instance:${ID}`);
    expect(stream.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    await vi.waitFor(() => expect(stream.events).toHaveLength(2));
    expect(stream.events[0]).toMatchObject({
      id: ID,
      seq: 1,
      arrivals: {},
      nodes: [{ node: 'charge', shown: 'queued' }, { node: 'begin' }],
    });
    expect(stream.events[1]).toMatchObject({ id: OTHER, key: 'other' });
    expect(stream.events[1]).not.toHaveProperty('nodes');

    world.views.put(anInstance({ seq: 2, status: 'incident', incidents: 1 }), [
      aNode({ status: 'incident' }),
      aNode({ node: 'begin', status: 'done' }),
    ]);
    await vi.waitFor(() => expect(stream.events).toHaveLength(3), 2_000);
    expect(stream.events[2]).toMatchObject({
      id: ID,
      seq: 2,
      status: 'incident',
      nodes: [{ node: 'charge', status: 'incident' }],
    });
    expect(stream.events[2].nodes).toHaveLength(1);
    stream.response.destroy();
  });

  it('tells when a node begins to run, although no row changed', async () => {
    world.views.put(anInstance(), [aNode()]);
    const stream = await open(`instance:${ID}`);
    await vi.waitFor(() => expect(stream.events).toHaveLength(1));
    world.takeInHand(ID, 'charge');
    await vi.waitFor(() => expect(stream.events.at(-1).nodes[0].shown).toBe('running'), 2_000);
    stream.response.destroy();
  });

  it('reads once for all who watch, and nothing when nobody does', async () => {
    world.views.put(anInstance());
    const streams = await Promise.all([open('instances'), open('instances'), open('instances')]);
    for (const stream of streams) await vi.waitFor(() => expect(stream.events).toHaveLength(1));
    const before = world.views.reads;
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(world.views.reads - before).toBeLessThanOrEqual(3);
    for (const stream of streams) stream.response.destroy();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const after = world.views.reads;
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(world.views.reads).toBe(after);
  });

  it('goes on when a reading fails', async () => {
    world.views.failure = new Error('away');
    const stream = await open('instances');
    await vi.waitFor(() => expect(world.log.lines.join()).toContain('live updates could not be read'));
    world.views.failure = null;
    world.views.put(anInstance());
    await vi.waitFor(() => expect(stream.events).toHaveLength(1), 2_000);
    stream.response.destroy();
  });

  it('forgets what is among the newest no more', () => {
    const watcher = new Watcher(true, new Set([ID]));
    for (const key of [ID, `${ID}.charge.1`, OTHER, OTHER.replace('0', '1')]) watcher.sent.set(key, '{}');
    watcher.forget(new Set([OTHER]));
    expect([...watcher.sent.keys()]).toEqual([ID, `${ID}.charge.1`, OTHER]);
  });

  it('H7: a token holds at most five streams', async () => {
    const streams = await Promise.all(Array.from({ length: 5 }, () => open('instances')));
    const sixth = await open('instances');
    expect(sixth.response.statusCode).toBe(503);
    expect(sixth.response.headers['retry-after']).toBe('5');
    streams[0]?.response.destroy();
    await vi.waitFor(async () => {
      const next = await open('instances');
      streams.push(next);
      expect(next.response.statusCode).toBe(200);
    });
    for (const stream of streams) stream.response.destroy();
  });

  it('ends cleanly when the server stops, and does not hold it up', async () => {
    const stream = await open('instances');
    const started = performance.now();
    await world.app.close();
    expect(performance.now() - started).toBeLessThan(1_000);
    await vi.waitFor(() => expect(stream.ended).toBe(true));
    expect(stream.aborted).toBe(false);
  });

  it('a client that does not read does not hold up the stop either', async () => {
    const stream = await open('instances');
    stream.response.pause();
    const started = performance.now();
    await world.app.close();
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('Watcher', () => {
  it('H7: drops a client that is more than 1 MiB behind', async () => {
    const watcher = new Watcher(true, new Set());
    const dropped = new Promise((resolve) => watcher.stream.once('error', resolve));
    const body = { text: 'x'.repeat(100_000) };
    for (let sent = 0; sent <= MOST_BEHIND; sent += 100_000) watcher.send('instance', body);
    await dropped;
    expect(watcher.stream.destroyed).toBe(true);
    expect(() => watcher.beat()).not.toThrow();
  });
});
