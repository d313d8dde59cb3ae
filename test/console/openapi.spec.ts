import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/console/openapi/operations.js';
import { aNode, anInstance, ID, NOW, OTHER, World } from './support/world.js';

// biome-ignore lint/suspicious/noExplicitAny: the document is read as any client reads it
type Json = Record<string, any>;

const CANCEL = { reason: 'they called' };

describe('the OpenAPI document', () => {
  let world: World;
  let document: Json;
  let ajv: Ajv2020;

  beforeAll(async () => {
    world = await World.open();
    document = (await world.get('/api/openapi.json')).json();
    ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addSchema({ $id: 'http://document/', ...document });
    const error = { code: 'TIMEOUT', message: 'slow', permanent: false };
    const record = {
      node: 'charge',
      visit: 1,
      attempt: 1,
      poll: 0,
      how: 'failed',
      error,
      decision: 'retried',
      lane: null,
      at: 3_000,
    } as const;
    const incident = {
      id: '7',
      instance: ID,
      flow: 'order',
      key: null,
      node: 'charge',
      visit: 1,
      code: 'EXHAUSTED',
      message: 'm',
      raisedAt: 4_000,
    };
    world.views.put(anInstance({ incidents: 1, status: 'incident' }), [aNode({ status: 'incident', error })], {
      attempts: [record],
      incidents: [incident],
    });
    world.health.observe('card.charge[bank=south]', { verdict: 'ok', durationMs: 9, probe: false }, NOW);
    world.dispatches.rows.push({
      instance: ID,
      flow: 'order',
      version: 1,
      key: null,
      node: aNode({ wakeAt: NOW + 9 }),
    });
    await world.post('/api/routing/overrides', { code: 'pin', lane: 'slow', reason: 'r' });
    world.views.incidentRows.push(incident);
    world.views.quarantineRows.push({
      id: '1',
      at: 1_000,
      source: 'start',
      code: 'NOT_JSON',
      reason: 'r',
      exchange: 'sluice.start',
      routingKey: 'order',
      headers: { a: 1 },
      body: '{',
      encoding: 'utf8',
      size: 1,
      sha256: 'x',
      state: 'open',
      replays: 0,
      handledBy: null,
      handledAt: null,
    });
  });
  afterAll(() => world.app.close());

  /** Holds an answer against what the document says about that route and status. */
  async function check(
    method: 'get' | 'post',
    url: string,
    path: string,
    payload?: unknown,
    headers: Record<string, string> = {},
  ) {
    const answer = method === 'get' ? await world.get(url) : await world.post(url, payload, headers);
    const described = document['paths'][path][method]['responses'][answer.statusCode];
    expect(described, `${answer.statusCode} of ${method} ${path}: ${answer.body}`).toBeDefined();
    const [type] = String(answer.headers['content-type']).split(';');
    expect(Object.keys(described.content)).toContain(type);
    const schema = described.content[type ?? ''].schema;
    const body = type?.endsWith('json') ? answer.json() : answer.body;
    const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"http://document/#/')));
    expect(validate(body), JSON.stringify(validate.errors)).toBe(true);
    return answer.statusCode;
  }

  it('is OpenAPI 3.1 with unique ids, and every reference leads somewhere', () => {
    expect(document['openapi']).toBe('3.1.0');
    const ids = Object.values<Json>(document['paths']).flatMap((item) =>
      Object.values<Json>(item).map((operation) => operation['operationId']),
    );
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      const name = reference.replace('#/components/schemas/', '');
      expect(document['components']['schemas']).toHaveProperty(name);
    }
    for (const [name, schema] of Object.entries(document['components']['schemas'])) {
      expect(() => ajv.compile({ $ref: `http://document/#/components/schemas/${name}` }), name).not.toThrow();
      expect(JSON.stringify(schema)).not.toContain('$schema');
    }
  });

  it('describes exactly the routes that are served', () => {
    const served = new Set<string>();
    const fastify = world.app.getHttpAdapter().getInstance();
    for (const [path, item] of Object.entries<Json>(document['paths'])) {
      for (const method of Object.keys(item)) {
        const url = path.replaceAll(/\{(\w+)\}/g, ':$1');
        expect(fastify.hasRoute({ method: method.toUpperCase() as 'GET', url }), `${method} ${path}`).toBe(true);
        served.add(`${method.toUpperCase()} ${url}`);
      }
    }
    expect(served).toEqual(world.routes);
  });

  it.each([
    ['get', '/api/instances?limit=1', '/api/instances', 200],
    ['get', '/api/instances?limit=x', '/api/instances', 400],
    ['get', `/api/instances/${ID}`, '/api/instances/{id}', 200],
    ['get', `/api/instances/${OTHER}`, '/api/instances/{id}', 404],
    ['get', `/api/instances/${ID}/diagram`, '/api/instances/{id}/diagram', 200],
    ['get', '/api/definitions', '/api/definitions', 200],
    ['get', '/api/definitions/order', '/api/definitions/{flow}', 200],
    ['get', '/api/definitions/order/diagram', '/api/definitions/{flow}/diagram', 200],
    ['get', '/api/node-types', '/api/node-types', 200],
    ['get', '/api/incidents', '/api/incidents', 200],
    ['get', '/api/quarantine', '/api/quarantine', 200],
    ['get', '/api/quarantine?state=x', '/api/quarantine', 400],
    ['get', '/api/quarantine/1', '/api/quarantine/{id}', 200],
    ['get', '/api/quarantine/2', '/api/quarantine/{id}', 404],
    ['get', `/api/instances/${ID}/nodes/charge/why`, '/api/instances/{id}/nodes/{node}/why', 200],
    ['get', `/api/instances/${ID}/nodes/charge/why?visit=x`, '/api/instances/{id}/nodes/{node}/why', 400],
    ['get', `/api/instances/${ID}/nodes/other/why`, '/api/instances/{id}/nodes/{node}/why', 404],
    ['get', '/api/routing/subjects', '/api/routing/subjects', 200],
    ['get', '/api/routing/lanes', '/api/routing/lanes', 200],
    ['get', '/api/routing/groups', '/api/routing/groups', 200],
    ['get', '/api/routing/rules', '/api/routing/rules', 200],
    ['get', '/api/routing/overrides', '/api/routing/overrides', 200],
    ['get', '/api/routing/transitions', '/api/routing/transitions', 200],
    ['get', '/api/delays?limit=5', '/api/delays', 200],
    ['get', '/api/delays?limit=0', '/api/delays', 400],
    ['get', '/api/routing/changes', '/api/routing/changes', 200],
    ['get', '/api/routing/rules/versions', '/api/routing/rules/versions', 200],
    ['get', '/api/routing/rules/versions/7', '/api/routing/rules/versions/{version}', 404],
    ['get', '/api/repair', '/api/repair', 200],
    ['get', '/api/me', '/api/me', 200],
    ['get', '/api/openapi.json', '/api/openapi.json', 200],
    ['get', '/api/events?topics=x', '/api/events', 400],
    ['get', '/health/live', '/health/live', 200],
    ['get', '/health/ready', '/health/ready', 200],
    ['get', '/metrics', '/metrics', 200],
  ] as const)('%s %s answers as described', async (method, url, path, status) => {
    expect(await check(method, url, path)).toBe(status);
  });

  it.each([
    ['/api/instances', '/api/instances', { flow: 'order', input: { id: 'a' } }, 201],
    ['/api/instances', '/api/instances', { flow: 'order', input: {} }, 422],
    ['/api/instances', '/api/instances', { flow: 'nothing' }, 404],
    [`/api/instances/${ID}/retry`, '/api/instances/{id}/retry', {}, 202],
    [`/api/instances/${ID}/cancel`, '/api/instances/{id}/cancel', {}, 202],
    [`/api/instances/${ID}/pause`, '/api/instances/{id}/pause', {}, 202],
    [`/api/instances/${ID}/resume`, '/api/instances/{id}/resume', {}, 202],
    ['/api/messages', '/api/messages', { name: 'paid', payload: { id: 'a' } }, 202],
    ['/api/messages', '/api/messages', { name: 'not a name' }, 422],
    ['/api/quarantine/2/replay', '/api/quarantine/{id}/replay', {}, 404],
    ['/api/quarantine/1/replay', '/api/quarantine/{id}/replay', {}, 200],
    ['/api/quarantine/1/replay', '/api/quarantine/{id}/replay', { force: true }, 422],
    ['/api/quarantine/1/discard', '/api/quarantine/{id}/discard', {}, 200],
    ['/api/routing/overrides', '/api/routing/overrides', { code: 'a', hold: true, reason: 'r' }, 201],
    ['/api/routing/overrides', '/api/routing/overrides', { hold: true }, 422],
    [`/api/instances/${ID}/nodes/charge/reschedule`, '/api/instances/{id}/nodes/{node}/reschedule', {}, 202],
    [`/api/instances/${ID}/nodes/charge/reschedule`, '/api/instances/{id}/nodes/{node}/reschedule', { at: 1 }, 422],
    [`/api/instances/${ID}/nodes/charge/cancel-delay`, '/api/instances/{id}/nodes/{node}/cancel-delay', CANCEL, 202],
    [`/api/instances/${ID}/nodes/charge/cancel-delay`, '/api/instances/{id}/nodes/{node}/cancel-delay', {}, 422],
    ['/api/routing/overrides/a/remove', '/api/routing/overrides/{code}/remove', { reason: 'r' }, 200],
    ['/api/routing/overrides/a/remove', '/api/routing/overrides/{code}/remove', {}, 404],
    ['/api/routing/rules', '/api/routing/rules', { source: 'rules: [{ code: a, lane: slow, reason: r }]' }, 201],
    ['/api/routing/rules', '/api/routing/rules', { source: 'rules: [{ code: a, lane: slow, reason: r }]' }, 200],
    ['/api/routing/rules', '/api/routing/rules', { source: 'soon' }, 422],
    ['/api/routing/explain', '/api/routing/explain', { flow: 'order', node: 'charge' }, 200],
    ['/api/routing/explain', '/api/routing/explain', {}, 422],
    ['/api/routing/replay', '/api/routing/replay', { source: 'rules: [{ code: a, lane: slow, reason: r }]' }, 200],
    ['/api/routing/rules/versions/1/restore', '/api/routing/rules/versions/{version}/restore', {}, 200],
    ['/api/routing/rules/versions/7/restore', '/api/routing/rules/versions/{version}/restore', {}, 404],
    ['/api/repair/republish', '/api/repair/republish', {}, 200],
    ['/api/definitions', '/api/definitions', { source: 'flow: fresh' }, 201],
    ['/api/definitions', '/api/definitions', { source: 'nothing' }, 422],
    ['/api/definitions', '/api/definitions', { source: 'flow: order', version: 1 }, 409],
  ])('post %s answers as described (%#)', async (url, path, payload, status) => {
    expect(await check('post', url, path, payload)).toBe(status);
  });

  it('says which parameters may be left out', () => {
    const list = document['paths']['/api/instances']['get']['parameters'];
    expect(list.map(({ name, required }: Json) => `${name} ${required}`)).toEqual([
      'flow false',
      'play false',
      'status false',
      'key false',
      'cursor false',
      'limit false',
    ]);
    expect(document['paths']['/api/instances/{id}']['get']['parameters'][0]).toMatchObject({
      name: 'id',
      in: 'path',
      required: true,
    });
    expect(document['paths']['/api/events']['get']['parameters'][0]).toMatchObject({ name: 'topics', required: true });
  });

  it('is told in words too, route by route', () => {
    const page = readFileSync(new URL('../../docs/http-api.md', import.meta.url), 'utf8');
    for (const { method, path } of OPERATIONS.filter(({ id }) => id !== 'describeApi')) {
      expect(page).toContain(`| \`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}\` |`);
    }
  });
});
