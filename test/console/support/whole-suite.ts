import { afterAll, beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import * as views from '../../../src/console/views.js';
import { eventually, type TestServer } from '../../support/engine/served.js';
import { ordersOverHttp } from './orders-suite.js';
import { type Opened, repairsOverHttp } from './repair-suite.js';
import { tasksOverHttp } from './tasks-suite.js';

/**
 * The doors of the real application, with partners: what it answers is what the schemas say, whatever it runs on.
 * @param open serves, and gives what is to be done afterwards.
 */
export function holdsOverHttp(open: () => Promise<Opened>): void {
  let server: TestServer;
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
    ({ server } = opened);
    await eventually(
      () => server.ask('GET', '/health/ready'),
      ({ status }) => status === 200,
    );
  });
  afterAll(() => opened.close());

  const read = async <S extends z.ZodType>(schema: S, path: string): Promise<z.output<S>> => {
    const { status, body } = await server.ask('GET', path);
    expect(status).toBe(200);
    return schema.parse(body);
  };
  const start = async (flow: string, input: object): Promise<string> => {
    const { status, body } = await server.ask('POST', '/api/instances', { flow, input });
    expect([status, body]).toEqual([201, expect.anything()]);
    return views.Started.parse(body).id;
  };

  it('starts an order and follows it to its end by events', async () => {
    const abort = new AbortController();
    const token = new URL(server.link).hash.replace('#token=', '');
    const id = await start('order', { orderId: 'whole-1', amount: 20 });
    const stream = await fetch(`${server.url}/api/events?topics=instances,instance:${id}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: abort.signal,
    });
    const events: z.output<typeof views.InstanceEvent>[] = [];
    let text = '';
    for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const data = /^event: instance\ndata: (.*)$/.exec(text.slice(0, end))?.[1];
        text = text.slice(end + 2);
        if (data) events.push(views.InstanceEvent.parse(JSON.parse(data)));
      }
      if (events.at(-1)?.status === 'completed') break;
    }
    abort.abort();
    expect(events.every((event) => event.id === id)).toBe(true);
    const seen = events.map(({ seq }) => seq);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));

    const view = await read(views.InstanceView, `/api/instances/${id}`);
    expect(view).toMatchObject({ status: 'completed', outcome: 'shipped', key: 'whole-1', active: 0, arrivals: {} });
    expect(view.nodes.every(({ shown }) => shown === 'done')).toBe(true);
    expect((await server.ask('GET', `/api/instances/${id}/diagram`)).body).toMatch(
      /^flowchart LR[\s\S]*class [\w,]+ done/,
    );
    const page = await read(views.InstancePage, '/api/instances?flow=order&key=whole&status=completed');
    expect(page.items.map((item) => item.id)).toEqual([id]);
  });

  it('shows an incident everywhere it must be seen, and retries it', async () => {
    const source =
      'flow: lost\nnodes:\n  a: { start: true }\n  b: { task: nobody.does }\n  c: { end: c }\nedges:\n  - a -> b -> c\n';
    const published = await server.ask('POST', '/api/definitions', { source });
    expect([published.status, views.PublishedView.parse(published.body)]).toMatchObject([
      201,
      { flow: 'lost', version: 1 },
    ]);
    const id = await start('lost', {});
    const view = await eventually(
      () => read(views.InstanceView, `/api/instances/${id}`),
      ({ status }) => status === 'incident',
    );
    expect(view.incidents).toMatchObject([{ node: 'b', code: 'NO_HANDLER', instance: id }]);
    expect((await read(views.IncidentPage, '/api/incidents')).items.map((open) => open.instance)).toContain(id);
    const row = (await read(views.DefinitionRow.array(), '/api/definitions')).find(({ flow }) => flow === 'lost');
    expect(row?.instances).toEqual({ incident: 1 });
    expect((await server.ask('POST', `/api/instances/${id}/retry`, { node: 'b' })).status).toBe(202);
    expect((await server.ask('POST', `/api/instances/${id}/cancel`, {})).status).toBe(202);
    expect(await server.ask('POST', `/api/instances/${id}/retry`, {})).toMatchObject({
      status: 409,
      body: { code: 'INSTANCE_OVER' },
    });
  });

  it('publishes once, under versions that never change', async () => {
    const source = (more: string) =>
      `flow: twice${more}\nnodes:\n  a: { start: true }\n  b: { end: b }\nedges:\n  - a -> b\n`;
    const publish = (more: string, version?: number) =>
      server.ask('POST', '/api/definitions', { source: source(more), version });
    expect((await publish('')).status).toBe(201);
    expect((await publish('')).status).toBe(200);
    expect((await publish(' # other', 1)).body).toMatchObject({ status: 409, code: 'VERSION_CONFLICT' });
    expect((await publish(' # other')).body).toMatchObject({ version: 2 });
    const view = await read(views.DefinitionView, '/api/definitions/twice?version=1');
    expect(view).toMatchObject({ version: 1, source: source(''), versions: [1, 2], input: null });
    const bad = await server.ask('POST', '/api/definitions', { source: source('').replace('a -> b', 'a -> x') });
    expect(bad.body).toMatchObject({
      status: 422,
      code: 'INVALID_DEFINITION',
      problems: [{ severity: 'error', line: 6 }],
    });
  });

  it('shows every flow that is shipped, with its diagram', async () => {
    const flows = await read(views.DefinitionRow.array(), '/api/definitions');
    expect(flows.length).toBeGreaterThan(4);
    for (const { flow } of flows) {
      const { map } = await read(views.DefinitionView, `/api/definitions/${flow}`);
      const drawn = (await server.ask('GET', `/api/definitions/${flow}/diagram`)).body;
      for (const { mermaid } of map.nodes) expect(drawn).toContain(mermaid);
    }
  });

  it('S14, S19: a start that comes again is the same instance, and one that does not fit is refused with its place', async () => {
    const send = () =>
      server.ask(
        'POST',
        '/api/instances',
        { flow: 'order', input: { orderId: 'again', amount: 1 } },
        { 'idempotency-key': 'k' },
      );
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toMatchObject({ id: first.body.id, duplicate: true });
    const bad = await server.ask('POST', '/api/instances', { flow: 'order', input: { orderId: 'x', amount: 'much' } });
    expect(bad).toMatchObject({ status: 422, body: { code: 'INVALID_INPUT', violations: [{ pointer: '/amount' }] } });
    const key = await server.ask('POST', '/api/instances', {
      flow: 'order',
      key: 'a\u0000b',
      input: { orderId: 'x', amount: 1 },
    });
    expect(key).toMatchObject({ status: 422, body: { code: 'INVALID_KEY' } });
  });

  it('H16: a cursor that nobody gave breaks nothing', async () => {
    for (const path of ['instances', 'incidents', 'quarantine']) {
      expect(await server.ask('GET', `/api/${path}?cursor=nonsense%00`)).toMatchObject({
        status: 400,
        body: { code: 'UNKNOWN_CURSOR' },
      });
    }
  });

  tasksOverHttp(() => opened);
  repairsOverHttp(() => opened);
  ordersOverHttp(() => opened);
}
