import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Access } from '../../../src/console/access/access.js';
import { AUTH, TOKEN, World } from '../support/world.js';

describe('access', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open();
  });
  afterAll(() => world.app.close());

  it('H1: without a token, 401 says which scheme', async () => {
    const answer = await world.get('/api/me', { host: 'localhost' });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="sluice"');
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toMatchObject({ status: 401, code: 'UNAUTHORIZED', title: 'Unauthorized' });
  });

  it.each([`Basic ${TOKEN}`, 'Bearer', 'Bearer wrong', `Bearer ${TOKEN}x`, TOKEN])(
    'H1: %s opens nothing',
    async (authorization) => {
      const remoteAddress = '127.0.0.9';
      const answer = await world.app.inject({
        method: 'GET',
        url: '/api/me',
        headers: { ...AUTH, authorization },
        remoteAddress,
      });
      expect(answer.statusCode).toBe(401);
    },
  );

  it('H1: the token opens, and says who you are', async () => {
    const answer = await world.get('/api/me');
    expect(answer.json()).toEqual({
      name: 'admin',
      roles: ['admin'],
      groups: [],
      engine: { mode: 'embedded', version: expect.stringMatching(/^\d/) },
    });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each(['/api/me', '/api//me', '/%61pi/me', '/api/%6de', '/API/me', '/api/me/', '/metrics', '/%6detrics'])(
    'no spelling of %s gets around the token',
    async (url) => {
      const answer = await world.get(url, { host: 'localhost' });
      expect([401, 404, 503]).toContain(answer.statusCode);
      expect(answer.body).not.toContain('embedded');
      expect(answer.body).not.toContain('process_cpu');
    },
  );

  it.each(['evil.example', 'evil.example:3000', '127.0.0.1.evil.example'])(
    'H4: the host %j is sent away',
    async (host) => {
      for (const url of ['/api/me', '/health/live', '/']) {
        const answer = await world.get(url, { ...AUTH, host });
        expect(answer.statusCode).toBe(421);
      }
    },
  );

  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:80', '[::1]:3000'])(
    'H4: the host %s is this machine',
    async (host) => {
      expect((await world.get('/api/me', { ...AUTH, host })).statusCode).toBe(200);
    },
  );

  it('H5: no origin is allowed to read', async () => {
    const answer = await world.get('/api/me', { ...AUTH, origin: 'https://evil.example' });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    const preflight = await world.app.inject({
      method: 'OPTIONS',
      url: '/api/me',
      headers: { host: 'localhost', origin: 'https://evil.example' },
    });
    expect(preflight.statusCode).toBe(404);
  });

  it('H20: pages cannot be framed, and load nothing from elsewhere', async () => {
    const { headers } = await world.get('/');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;font-src 'self';" +
        "connect-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none';object-src 'none'",
    );
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers['strict-transport-security']).toBeUndefined();
  });
});

describe('Access', () => {
  let now = 0;
  let access: Access;
  beforeEach(() => {
    now = 1_000;
    access = new Access(TOKEN, [], { elapsed: () => now, now: () => now });
  });

  it('H1: ten wrong tokens in a minute close the door to that address alone', () => {
    for (let count = 0; count < 10; count += 1)
      expect(access.judge('Bearer no', '10.0.0.1')).toEqual({ type: 'wrong' });
    expect(access.judge(`Bearer ${TOKEN}`, '10.0.0.1')).toEqual({ type: 'limited', seconds: 60 });
    expect(access.judge(`Bearer ${TOKEN}`, '10.0.0.2')).toMatchObject({ type: 'granted', asker: { name: 'admin' } });
    now += 60_001;
    expect(access.judge(`Bearer ${TOKEN}`, '10.0.0.1')).toMatchObject({ type: 'granted', asker: { name: 'admin' } });
  });

  it('a request without a token is no guess', () => {
    for (let count = 0; count < 20; count += 1)
      expect(access.judge(undefined, '10.0.0.1')).toEqual({ type: 'missing' });
    expect(access.judge(`Bearer ${TOKEN}`, '10.0.0.1').type).toBe('granted');
  });

  it('makes a token that cannot be guessed when none is set', () => {
    const [one, two] = [new Access(null), new Access(null)];
    expect(one.random).toBe(true);
    expect(one.token).toMatch(/^slc_[\w-]{43}$/);
    expect(one.token).not.toBe(two.token);
    expect(access.random).toBe(false);
  });
});
