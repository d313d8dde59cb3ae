import { expect, it } from 'vitest';
import type { z } from 'zod';
import { RepairView, RepublishedView } from '../../../src/console/system/repair-view.js';
import * as views from '../../../src/console/views.js';
import { eventually, type TestServer } from '../../support/engine/served.js';

/** The whole application, and a stranger who sends start messages to its broker. */
export interface Opened {
  readonly server: TestServer;
  send(flow: string, body: string, messageId: string): Promise<void>;
  close(): Promise<void>;
}

/** What an operator can do about what went wrong, whatever it runs on. */
export function repairsOverHttp(opened: () => Opened): void {
  const ask: TestServer['ask'] = (...asked) => opened().server.ask(...asked);
  const kept = async (messageId: string): Promise<z.output<typeof views.QuarantineRow>> => {
    const page = await eventually(
      async () => views.QuarantinePage.parse((await ask('GET', '/api/quarantine')).body),
      ({ items }) => items.some(({ headers }) => headers['messageId'] === messageId),
    );
    return page.items.find(({ headers }) => headers['messageId'] === messageId) as never;
  };

  it('S18: keeps a start of an unknown flow, and replays it once that is published', async () => {
    const body = JSON.stringify({ text: 'ü🚀'.repeat(10_000) });
    await opened().send('late_flow', body, 'late-1');
    const row = await kept('late-1');
    expect(row).toMatchObject({ code: 'UNKNOWN_FLOW', state: 'open', routingKey: 'late_flow' });
    expect([body.startsWith(row.body), [...row.body].length]).toEqual([true, 4_096]);
    const path = `/api/quarantine/${row.id}`;
    expect(views.QuarantineView.parse((await ask('GET', path)).body).body === body).toBe(true);
    expect(await ask('POST', `${path}/replay`, {})).toMatchObject({ status: 422, body: { code: 'STILL_REFUSED' } });
    const source = 'flow: late_flow\nnodes: { a: { start: true }, b: { end: done } }\nedges: [a -> b]\n';
    expect((await ask('POST', '/api/definitions', { source })).status).toBe(201);
    const replayed = await ask('POST', `${path}/replay`, {});
    expect(replayed.status).toBe(200);
    const { instance } = views.Replayed.parse(replayed.body);
    expect((await ask('GET', `/api/instances/${instance}`)).body).toMatchObject({ status: 'completed' });
    expect((await ask('GET', path)).body).toMatchObject({ state: 'replayed', replays: 2, handledBy: 'admin' });
    expect(await ask('POST', `${path}/replay`, {})).toMatchObject({
      status: 409,
      body: { code: 'QUARANTINE_SETTLED' },
    });
  });

  it('S1: keeps what is no JSON, until it is discarded', async () => {
    await opened().send('order', 'not json', 'rubbish-1');
    const { id, code } = await kept('rubbish-1');
    expect(code).toBe('NOT_JSON');
    expect((await ask('POST', `/api/quarantine/${id}/discard`, {})).status).toBe(200);
    const of = async (state: string) =>
      views.QuarantinePage.parse((await ask('GET', `/api/quarantine?state=${state}`)).body).items.map((row) => row.id);
    expect(await of('open')).not.toContain(id);
    expect(await of('discarded')).toContain(id);
  });

  it('tells how its loops do, and sends again when it is asked to', async () => {
    const report = await eventually(
      async () => RepairView.parse((await ask('GET', '/api/repair')).body),
      ({ loops }) => loops.every(({ rounds }) => rounds > 0),
    );
    expect(report.loops.map(({ failed }) => failed)).toEqual(report.loops.map(() => 0));
    expect(report).toMatchObject({ broker: { ready: true }, database: { up: true } });
    expect(report.lanes.every(({ depth }) => depth !== null)).toBe(true);
    const answer = await ask('POST', '/api/repair/republish', {});
    expect(answer.status).toBe(200);
    RepublishedView.parse(answer.body);
    const metrics = String((await ask('GET', '/metrics')).body);
    expect(metrics).toMatch(/^sluice_start_stored_total [1-9]/m);
    expect(metrics).toMatch(/^sluice_lane_depth\{lane="normal"\} \d+$/m);
    expect(metrics).toMatch(/^sluice_audit_stuck_total 0$/m);
  });
}
