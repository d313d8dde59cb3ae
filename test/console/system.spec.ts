import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricNameOf } from '../../src/console/system/metrics.js';
import { Readiness } from '../../src/console/system/readiness.js';
import { COUNTERS } from '../../src/engine/tally.js';
import { World } from './support/world.js';

describe('system', () => {
  let world: World;
  const anyone = { host: 'localhost' };
  beforeAll(async () => {
    world = await World.open();
  });
  afterAll(() => world.app.close());

  it('H31: health is public and says no more than up and down', async () => {
    expect((await world.get('/health/live', anyone)).json()).toEqual({ status: 'up' });
    const ready = await world.get('/health/ready', anyone);
    expect(ready.statusCode).toBe(200);
    expect(ready.json()).toEqual({ status: 'up', database: 'up', broker: 'up' });
  });

  it('is not ready while the broker or the database is away', async () => {
    world.brokerReady = false;
    const noBroker = await world.get('/health/ready', anyone);
    world.brokerReady = true;
    world.databaseAnswers = false;
    const noDatabase = await world.get('/health/ready', anyone);
    world.databaseAnswers = true;
    expect([noBroker.statusCode, noDatabase.statusCode]).toEqual([503, 503]);
    expect(noBroker.json()).toEqual({ status: 'down', database: 'up', broker: 'down' });
    expect(noDatabase.json()).toEqual({ status: 'down', database: 'down', broker: 'up' });
  });

  it('is not ready once it stops, though all else is there', async () => {
    const stopping = await World.open();
    stopping.app.get(Readiness).stop();
    const answer = await stopping.get('/health/ready', anyone);
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({ status: 'down', database: 'up', broker: 'up' });
    expect((await stopping.get('/health/live', anyone)).statusCode).toBe(200);
    await stopping.app.close();
  });

  it('tells how the loops do, and sends again when it is asked to', async () => {
    const report = (await world.get('/api/repair')).json();
    expect(report).toMatchObject({
      loops: [{ name: 'sweep', everyMs: 15_000, rounds: 0, lastAt: null }],
      inHand: 0,
      leases: 3,
      waitingCommits: 2,
      broker: { ready: true, blocked: false, since: '1970-01-01T00:00:00.000Z', about: { product: 'test' } },
      database: { up: true },
    });
    expect(report.lanes).toContainEqual({ lane: 'probe', watermark: null, depth: null });
    expect((await world.post('/api/repair/republish', {})).json()).toEqual({ dispatches: 7 });
    expect((await world.get('/api/repair', anyone)).statusCode).toBe(401);
    world.databaseAnswers = false;
    const away = await world.get('/api/repair');
    world.databaseAnswers = true;
    expect(away.json().database).toEqual({ up: false, pingMs: null });
  });

  it('H31: metrics are behind the token, and count what the engine counts', async () => {
    expect((await world.get('/metrics', anyone)).statusCode).toBe(401);
    world.tally.count('delivery.taken', 7);
    const answer = await world.get('/metrics');
    expect(answer.headers['content-type']).toContain('text/plain');
    expect(answer.body).toContain('\nsluice_delivery_taken_total 7\n');
    for (const [name, help] of Object.entries(COUNTERS)) {
      expect(answer.body).toContain(`# HELP ${metricNameOf(name)} ${help}\n# TYPE ${metricNameOf(name)} counter\n`);
    }
    for (const gauge of ['broker_blocked 0', 'in_hand 0', 'leases 3', 'commits_waiting 2', 'batches_unconfirmed 1']) {
      expect(answer.body).toContain(`\nsluice_${gauge}\n`);
    }
    expect(answer.body).toContain('sluice_lane_depth{lane="normal"} 3');
    expect(answer.body).not.toContain('lane="probe"');
    expect(answer.body).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(answer.body).toContain('sluice_broker_ready 1');
    expect(answer.body).toContain('process_cpu_seconds_total');
  });
});

describe('pages', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-pages-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<title>Sluice</title>');
    writeFileSync(join(folder, 'assets', 'app-1a.js'), 'console.log(1)');
    writeFileSync(join(folder, '.env'), 'SECRET');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('says how to build the console when it is not built', async () => {
    const world = await World.open();
    const answer = await world.get('/', { host: 'localhost' });
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('npm run build');
    await world.app.close();
  });

  it('serves the page for every path of the console, and files as they are', async () => {
    const world = await World.open({}, folder);
    const get = (url: string) => world.get(url, { host: 'localhost' });
    for (const url of ['/', '/instances/1', '/definitions/order?x=1']) {
      const answer = await get(url);
      expect([url, answer.statusCode, answer.body]).toEqual([url, 200, '<title>Sluice</title>']);
      expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
    }
    const script = await get('/assets/app-1a.js');
    expect(script.headers).toMatchObject({
      'content-type': expect.stringContaining('javascript'),
      'cache-control': expect.stringContaining('immutable'),
    });
    await world.app.close();
  });

  it.each([
    '/.env',
    '/%2eenv',
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/assets/%00.js',
    '/assets/nothing.js',
    '/%ff.js',
  ])('H8: %s gives no file', async (url) => {
    const world = await World.open({}, folder);
    const answer = await world.get(url, { host: 'localhost' });
    expect([400, 403, 404]).toContain(answer.statusCode);
    expect(answer.body).not.toContain('SECRET');
    expect(answer.body).not.toContain('"sluice"');
    await world.app.close();
  });
});
