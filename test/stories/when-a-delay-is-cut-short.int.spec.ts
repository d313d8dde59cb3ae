import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tally } from '../../src/engine/tally.js';
import { Task } from '../../src/worker/task.decorator.js';
import { eventually, serveForTest, type TestServer } from '../support/engine/served.js';
import { freshDatabase, freshVhost } from '../support/servers.mjs';

/** The shortest rung of the ladder: the copy that waits comes while the test looks. */
const DELAY_MS = 5_000;
const flow = (name: string, reads: string): string => `flow: ${name}
nodes:
  begin: { start: true }
  call: { task: count.calls, in: { ${reads} }, retry: { remote: [5s], max: 3 } }
  done: { end: done }
edges: [begin -> call -> done]
`;
const calls = new Map<string, number>();

class Counting {
  @Task('count.calls')
  count(_input: unknown, { instance }: { readonly instance: string }): object {
    calls.set(instance, (calls.get(instance) ?? 0) + 1);
    if (calls.get(instance) === 1) throw new Error('the first time it fails');
    return {};
  }
}

@Module({ providers: [Counting] })
class CountingModule {}

describe.each(['ladder', 'database'])('a delay that is cut short, with the driver %s', (driver) => {
  let server: TestServer;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const [database, vhost] = await Promise.all([freshDatabase(), freshVhost()]);
    const settings = {
      SLUICE_DATABASE_URL: database.url,
      SLUICE_BROKER_URL: vhost.url,
      SLUICE_TOPOLOGY_PREFIX: vhost.prefix,
      SLUICE_DELAY: driver,
    };
    server = await serveForTest(settings, { modules: [CountingModule] });
    // What is dispatched before the broker is there waits for the sweep, half a minute.
    await eventually(
      () => server.ask('GET', '/health/ready'),
      ({ status }) => status === 200,
    );
    for (const [name, reads] of [
      ['reads_input', 'id: input.id'],
      ['reads_nothing', 'id: "1"'],
    ] as const)
      await server.ask('POST', '/api/definitions', { source: flow(name, reads) });
    close = async () => {
      await server.stop();
      await Promise.all([database.drop(), vhost.drop()]);
    };
  });
  afterAll(() => close());

  it.each(['reads_input', 'reads_nothing'])('runs the handler of %s at once, and no second time', async (name) => {
    const { body } = await server.ask('POST', '/api/instances', { flow: name, input: { id: 'a' } });
    const waiting = async () => (await server.ask('GET', `/api/delays?flow=${name}`)).body.items;
    const [row] = await eventually(waiting, (items) => items.length === 1);
    expect(row).toMatchObject({ instance: body.id, node: 'call', attempt: 2, kind: 'retry' });
    const path = `/api/instances/${body.id}/nodes/call/reschedule`;
    const seen = { dispatch: row.dispatch + 1 };
    expect(await server.ask('POST', path, seen)).toMatchObject({ status: 409, body: { code: 'STALE_ATTEMPT' } });
    const asked = performance.now();
    expect((await server.ask('POST', path, { dispatch: row.dispatch })).status).toBe(202);
    await eventually(
      () => server.ask('GET', `/api/instances/${body.id}`),
      ({ body: shown }) => shown.status === 'completed',
    );
    expect(performance.now() - asked).toBeLessThan(DELAY_MS - 1_000);
    expect(await server.ask('POST', path, {})).toMatchObject({ status: 409, body: { code: 'INSTANCE_OVER' } });
    const tally = server.app.get(Tally);
    const stale = tally.get('delivery.stale');
    const comesBack = driver === 'ladder';
    await new Promise((wake) => setTimeout(wake, DELAY_MS + 1_500));
    expect(tally.get('delivery.stale') - stale).toBe(comesBack ? 1 : 0);
    expect(calls.get(body.id)).toBe(2);
    expect((await server.ask('GET', '/api/incidents')).body.items).toEqual([]);
    expect(await waiting()).toEqual([]);
  });

  it('is cancelled: the handler does not run when its time has come, and a retry goes on', async () => {
    const { body } = await server.ask('POST', '/api/instances', { flow: 'reads_input', input: { id: 'b' } });
    const waiting = async () => {
      const { items } = (await server.ask('GET', '/api/delays?flow=reads_input')).body;
      return items.filter(({ instance }: { instance: string }) => instance === body.id);
    };
    const [row] = await eventually(waiting, (items) => items.length === 1);
    const path = `/api/instances/${body.id}/nodes/call/cancel-delay`;
    const reason = 'they are closed today';
    expect((await server.ask('POST', path, { dispatch: row.dispatch, reason })).status).toBe(202);
    expect(await waiting()).toEqual([]);
    await new Promise((wake) => setTimeout(wake, DELAY_MS + 1_500));
    expect(calls.get(body.id)).toBe(1);
    const [incident] = (await server.ask('GET', '/api/incidents')).body.items;
    expect(incident).toMatchObject({ instance: body.id, node: 'call', code: 'DELAY_CANCELLED' });
    expect(incident.message).toContain(`but admin has cancelled that: ${reason}.`);
    expect((await server.ask('POST', `/api/instances/${body.id}/retry`, { node: 'call' })).status).toBe(202);
    await eventually(
      () => server.ask('GET', `/api/instances/${body.id}`),
      ({ body: shown }) => shown.status === 'completed',
    );
    expect(calls.get(body.id)).toBe(2);
  });
});
