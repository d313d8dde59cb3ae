import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUTH, ID, World } from './support/world.js';

describe('bodies and queries', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open();
  });
  afterAll(() => world.app.close());

  const send = (payload: string, type = 'application/json') =>
    world.post('/api/instances', payload, { 'content-type': type });
  const start = (input: string) => send(`{"flow":"order","input":${input}}`);

  it.each([
    ['S1', '{"flow":', 400, 'NOT_JSON'],
    ['S3', '[]', 422, 'NOT_AN_OBJECT'],
    ['S5', `{"flow":"order","input":${'{"a":'.repeat(100)}1${'}'.repeat(101)}`, 422, 'TOO_DEEP'],
    ['S6', '{"flow":"order","input":{"a":[{"__proto__":{"x":1}}]}}', 422, 'RESERVED_NAME'],
    ['S8', '{"flow":"order","input":{"n":12345678901234567890}}', 422, 'NUMBER_TOO_LARGE'],
    ['S10', '{"flow":"order","input":{"t":"\\ud800"}}', 422, 'LONE_SURROGATE'],
  ])('%s: %s is refused', async (_case, payload, status, code) => {
    const answer = await send(payload);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ status, code, offset: expect.any(Number) });
    expect(world.starts).toEqual([]);
  });

  it('S4, H17: more than 1 MiB is refused before it is read', async () => {
    const answer = await start(`{"a":"${'x'.repeat(1_048_576)}"}`);
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ code: 'TOO_LARGE' });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp'])(
    'H3: a body of type %s is refused, so no form of another site can send one',
    async (type) => {
      const answer = await send('{"flow":"order"}', type);
      expect(answer.statusCode).toBe(415);
      expect(answer.json()).toMatchObject({ code: 'MEDIA_TYPE' });
    },
  );

  it('H17: compressed bodies are not inflated', async () => {
    const answer = await world.post('/api/instances', '{}', {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    });
    expect(answer.statusCode).toBe(415);
    expect(answer.json()).toMatchObject({ code: 'CONTENT_ENCODING' });
  });

  it.each([
    ['{"flow":{"role":"admin"},"input":{}}', '/flow'],
    ['{"flow":"order","input":{},"extra":1}', ''],
    ['{"flow":"../etc/passwd","input":{}}', '/flow'],
    ['{"flow":"order","input":[]}', '/input'],
    ['{"flow":"order","version":0,"input":{}}', '/version'],
    ['{"input":{}}', '/flow'],
  ])('H14: %s is refused with the place', async (payload, pointer) => {
    const answer = await send(payload);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'INVALID_REQUEST',
      violations: [expect.objectContaining({ pointer })],
    });
  });

  it.each([
    ['{"input":{}}', 'at /flow: expected a text, but it is missing.'],
    ['{"flow":["a"],"input":{}}', 'at /flow: expected a text, but it is a list.'],
    ['{"flow":"order","input":null}', 'at /input: expected an object, but it is null.'],
    ['{"flow":"order","key":5}', 'at /key: expected a text, but it is a number.'],
    ['{"flow":"order","extra":1}', 'but: expected no other members, but there is `extra`.'],
    [`{"flow":"order","key":"${'k'.repeat(191)}"}`, 'at /key: expected at most 190 characters.'],
    ['{"flow":"order","key":""}', 'at /key: expected at least 1 characters.'],
  ])('says of %s what was expected, in one language', async (payload, sentence) => {
    expect((await send(payload)).json().detail).toContain(sentence);
  });

  it('takes no YAML whose bytes are no text', async () => {
    const bytes = Buffer.concat([Buffer.from('flow: a # '), Buffer.from([0xe9])]);
    const answer = await world.app.inject({
      method: 'POST',
      url: '/api/definitions/check',
      payload: bytes,
      headers: { ...AUTH, 'content-type': 'application/yaml' },
    });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'NOT_UTF8']);
  });

  it('names the header that is wrong', async () => {
    const answer = await world.post('/api/instances', '{"flow":"order"}', {
      'content-type': 'application/json',
      'idempotency-key': 'a b',
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toContain('Expected the header Idempotency-Key to be 1 to 190 visible');
  });

  it('does not take somebody who goes away for a fault of its own', async () => {
    await world.app.listen(0, '127.0.0.1');
    const { port } = world.app.getHttpServer().address() as AddressInfo;
    const headers = { ...AUTH, 'content-type': 'application/json', 'content-length': '500' };
    const gone = request({ port, host: '127.0.0.1', path: '/api/instances', method: 'POST', headers });
    gone.on('error', () => {});
    gone.write('{"flow":');
    await new Promise((resolve) => setTimeout(resolve, 100));
    gone.destroy();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(world.log.lines.join()).not.toContain('a request failed');
  });

  it('tells everything that is wrong at once', async () => {
    const answer = await send('{"flow":1,"version":"x","key":""}');
    expect(answer.json().violations.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/flow',
      '/version',
      '/key',
    ]);
  });

  it.each(['0', '-1', '201', '1e9', 'NaN', '', '5.5', '1&limit=2', '0x10'])(
    'H16: limit=%s is refused',
    async (limit) => {
      const answer = await world.get(`/api/instances?limit=${limit}`);
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ code: 'INVALID_REQUEST', violations: [{ pointer: '/limit' }] });
    },
  );

  it.each([
    'status=sleeping',
    'flow=a-b',
    'id[role]=admin',
    'sort=startedAt;drop',
    `key=${'x'.repeat(200)}`,
    '__proto__=1',
  ])('H13, H14, H15: ?%s is refused', async (query) => {
    expect((await world.get(`/api/instances?${query}`)).statusCode).toBe(400);
  });

  it.each([
    '..%2f..%2fetc%2fpasswd',
    '%00',
    'a'.repeat(150),
    '__proto__',
    'constructor',
    `${ID}'--`,
    ID.toUpperCase().replace('E', 'E'),
  ])('H8, H34: the id %s finds nothing and breaks nothing', async (id) => {
    for (const path of [`/api/instances/${id}`, `/api/definitions/${id}`]) {
      const answer = await world.get(path);
      expect([400, 404, 414]).toContain(answer.statusCode);
      expect(answer.headers['content-type']).toContain('problem+json');
    }
  });

  it('H8: a path that cannot be decoded is a 400', async () => {
    const answer = await world.get('/api/instances/%ff');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('an unknown path of the API is a 404, not the console', async () => {
    for (const url of ['/api/nothing', '/api', '/health/other', '/metrics/x']) {
      const answer = await world.get(url);
      expect([url, answer.statusCode]).toEqual([url, 404]);
      expect(answer.json()).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(
      (await world.app.inject({ method: 'DELETE', url: `/api/instances/${ID}`, headers: { host: 'localhost' } }))
        .statusCode,
    ).toBe(404);
  });

  it('H32: what breaks here stays here, and can be found in the log', async () => {
    world.views.failure = new Error("ER_PARSE_ERROR near 'SELECT secret FROM mysql://root:pw@db'");
    const answer = await world.get('/api/instances');
    world.views.failure = null;
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/SELECT|pw@db|\.ts|at /);
    expect(world.log.lines.join()).toContain(answer.json().request);
    expect(world.log.lines.join()).toContain('ER_PARSE_ERROR');
  });
});
