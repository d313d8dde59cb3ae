import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aNode, anInstance, ORDER, OTHER, World } from '../support/world.js';

describe('definitions', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(() => world.app.close());

  it('lists the newest of every flow, with how its instances fare', async () => {
    world.views.put(anInstance());
    world.views.put(anInstance({ id: OTHER, status: 'incident' }));
    const answer = await world.get('/api/definitions');
    expect(answer.json()).toEqual([
      {
        flow: 'order',
        version: 1,
        title: 'Order',
        description: 'What a shop does.',
        instances: { running: 1, incident: 1 },
      },
    ]);
  });

  it('shows one: source, versions, input schema and the map of its diagram', async () => {
    const view = (await world.get('/api/definitions/order')).json();
    expect(view).toMatchObject({ flow: 'order', version: 1, title: 'Order', source: ORDER, versions: [1] });
    expect(view.input).toMatchObject({ type: 'object', required: ['id'] });
    expect(view.map.nodes.map(({ id, kind }: { id: string; kind: string }) => `${kind} ${id}`)).toEqual([
      'start begin',
      'task charge',
      'end done',
    ]);
    expect(view.map.edges).toEqual([
      { index: 0, from: 'begin', to: 'charge', label: null },
      { index: 1, from: 'charge', to: 'done', label: null },
    ]);
    const mermaid = (await world.get('/api/definitions/order/diagram?version=1')).body;
    for (const node of view.map.nodes) expect(mermaid).toContain(node.mermaid);
  });

  it.each(['/api/definitions/nothing', '/api/definitions/order?version=7', '/api/definitions/nothing/diagram'])(
    '%s is a 404',
    async (url) => {
      const answer = await world.get(url);
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'UNKNOWN_FLOW' });
    },
  );

  it('publishes YAML, and JSON that holds it', async () => {
    const yaml = await world.post('/api/definitions', 'flow: fresh\n', { 'content-type': 'text/yaml' });
    expect(yaml.statusCode).toBe(201);
    expect(yaml.json()).toEqual({ flow: 'fresh', version: 1, problems: [] });
    const same = await world.post('/api/definitions', { source: 'flow: fresh\n' });
    expect(same.statusCode).toBe(200);
    const next = await world.post('/api/definitions', { source: 'flow: fresh\nx: 1\n', version: 4 });
    expect(next.json()).toMatchObject({ version: 4 });
    expect(next.headers['location']).toBe('/api/definitions/fresh?version=4');
  });

  it('refuses what has errors, with all of them', async () => {
    const answer = await world.post('/api/definitions', 'nothing', { 'content-type': 'application/yaml' });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'INVALID_DEFINITION',
      problems: [{ code: 'YAML01', file: 'request', line: 1, column: 1, hint: null }],
    });
  });

  it('checks without storing: what is sound is drawn, what is not is told with every problem', async () => {
    const sound = await world.post('/api/definitions/check', 'flow: draft\n', { 'content-type': 'text/yaml' });
    expect(sound.statusCode).toBe(200);
    expect(sound.json()).toMatchObject({ flow: 'order', problems: [], mermaid: expect.stringMatching(/^flowchart/) });
    expect(sound.json().map.nodes).toHaveLength(3);
    const faulty = await world.post('/api/definitions/check', { source: 'nothing' });
    expect(faulty.json()).toMatchObject({ flow: null, problems: [{ code: 'YAML01' }], mermaid: null, map: null });
    expect((await world.get('/api/definitions/draft')).statusCode).toBe(404);
    expect((await world.post('/api/definitions/check', {})).statusCode).toBe(422);
  });

  it('refuses other content under a version that exists', async () => {
    const answer = await world.post('/api/definitions', { source: 'flow: order\n', version: 1 });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'VERSION_CONFLICT' });
  });

  it('tells how far the newest instances of a version came', async () => {
    world.views.put(anInstance(), [
      aNode({ node: 'begin', via: [], status: 'done' }),
      aNode({ node: 'charge', via: [0], status: 'incident' }),
    ]);
    world.views.put(anInstance({ id: OTHER, version: 7 }), [aNode({ node: 'begin', via: [] })]);
    const answer = await world.get('/api/definitions/order/funnel?last=50');
    expect(answer.json()).toEqual({
      flow: 'order',
      version: 1,
      instances: 1,
      nodes: [
        { node: 'begin', entered: 1, passed: 1, stands: 0, incidents: 0 },
        { node: 'charge', entered: 1, passed: 0, stands: 1, incidents: 1 },
        { node: 'done', entered: 0, passed: 0, stands: 0, incidents: 0 },
      ],
      edges: [
        { from: 'begin', to: 'charge', taken: 1 },
        { from: 'charge', to: 'done', taken: 0 },
      ],
    });
    expect((await world.get('/api/definitions/order/funnel?last=201')).statusCode).toBe(400);
    expect((await world.get('/api/definitions/none/funnel')).statusCode).toBe(404);
  });

  it('tells how two versions differ', async () => {
    const same = (await world.get('/api/definitions/order/diff?from=1')).json();
    expect(same).toMatchObject({ flow: 'order', from: 1, to: 1, same: true, nodes: [], edges: [] });
    expect(same.yaml.every(({ mark }: { mark: string }) => mark === ' ')).toBe(true);
    expect(same.mermaid).toMatch(/^flowchart LR/);
    expect((await world.get('/api/definitions/order/diff?from=7')).statusCode).toBe(404);
    expect((await world.get('/api/definitions/order/diff')).statusCode).toBe(400);
  });
});
