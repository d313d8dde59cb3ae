import { Module } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Task } from '../../src/worker/task.decorator.js';
import { eventually, serveForTest, type TestServer } from '../support/engine/served.js';
import { QUICK, Stage } from '../support/engine/stage.js';

const FLOW = `flow: paying
nodes:
  begin: { start: true }
  pay: { task: bank.pay, retry: { local: [20ms, 20ms], remote: [250ms, 500ms, 1s], max: 3 } }
  done: { end: paid }
edges: [begin -> pay -> done]
`;
const calls: { readonly attempt: number; readonly at: number }[] = [];
let isDown = true;

class Bank {
  @Task('bank.pay')
  pay(_input: unknown, { attempt }: { readonly attempt: number }): object {
    calls.push({ attempt, at: performance.now() });
    if (isDown) throw new Error('the bank does not answer');
    return {};
  }
}

@Module({ providers: [Bank] })
class BankModule {}

let stage: Stage;
let server: TestServer;
let alerts: Awaited<ReturnType<Stage['hear']>>;
beforeAll(async () => {
  stage = await Stage.open();
  server = await serveForTest(stage.env(), { modules: [BankModule], tuning: QUICK });
  await eventually(
    () => server.ask('GET', '/health/ready'),
    ({ status }) => status === 200,
  );
  alerts = await stage.hear('incident.raised.#');
  await server.ask('POST', '/api/definitions', { source: FLOW });
});
afterAll(async () => {
  await alerts.close();
  await server.stop();
  await stage.close();
});

it('has gone through every delay of RabbitMQ, tells why each time, and stands still with one alert till a person retries', async () => {
  const { body } = await server.ask('POST', '/api/instances', { flow: 'paying', input: {} });
  const show = async () => (await server.ask('GET', `/api/instances/${body.id}`)).body;
  const shown = await eventually(show, ({ status }) => status === 'incident');
  expect(calls.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
  const firsts = [0, 3, 6, 9].map((at) => calls[at]?.at ?? 0);
  for (const [hop, ms] of [250, 500, 1_000].entries())
    expect((firsts[hop + 1] as number) - (firsts[hop] as number), `ms of hop ${hop + 1}`).toBeGreaterThanOrEqual(ms);
  const rows = await stage.rows('SELECT attempt, decision, lane FROM attempt WHERE instance = ? ORDER BY attempt', [
    body.id,
  ]);
  expect(rows).toMatchObject([
    { attempt: 1, decision: 'retried in 250 ms', lane: 'normal' },
    { attempt: 2, decision: 'retried in 500 ms', lane: 'normal' },
    { attempt: 3, decision: 'retried in 1 s', lane: 'retry' },
    { attempt: 4, decision: 'became the incident EXHAUSTED', lane: 'retry' },
  ]);
  const node = shown.nodes.find((one: { readonly node: string }) => one.node === 'pay');
  expect(node.reason).toContain('attempt 4 is the third or later after 1000 ms');
  await eventually(
    async () => alerts.ids,
    (ids) => ids.length === 1,
  );

  isDown = false;
  await server.ask('POST', `/api/instances/${body.id}/retry`, {});
  await eventually(show, ({ status }) => status === 'completed');
  expect(alerts.ids).toHaveLength(1);
}, 60_000);
