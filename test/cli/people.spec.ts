import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, serveForTest, type TestServer } from '../support/engine/served.js';
import { call } from './support/call.js';

const FLOW = `flow: expense
key: input.id
input: { type: object, required: [id], properties: { id: { type: string } } }
nodes:
  begin: { start: true }
  approve:
    manual:
      title: Approve the expense
      assignee: "'finance'"
      form: { type: object, required: [approved], properties: { approved: { type: boolean } } }
    due: 0s
  done: { end: approved }
  refused: { end: refused }
edges:
  - begin -> approve
  - approve -> done: result.approved
  - approve -> refused: else
`;

describe('what people and messages do, on the command line', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'sluice-people-'));
  let server: TestServer;
  let env: Record<string, string>;
  beforeAll(async () => {
    writeFileSync(join(cwd, 'expense.flow.yaml'), FLOW);
    writeFileSync(
      join(cwd, 'expense.triggers.yaml'),
      'triggers: [{ code: filed, on: expense.filed, start: expense, input: { id: event.id } }]\n',
    );
    server = await serveForTest({ SLUICE_DEFINITIONS: cwd });
    env = { SLUICE_URL: server.url, SLUICE_TOKEN: new URL(server.link).hash.replace('#token=', '') };
    await eventually(
      () => server.ask('GET', '/health/ready'),
      ({ status }) => status === 200,
    );
  });
  afterAll(async () => {
    await server.stop();
    rmSync(cwd, { recursive: true });
  });
  const ask = (...args: string[]) => call(args, { env, cwd });

  it('starts by a message, lists the task, and completes it once', async () => {
    expect((await ask('tasks')).err).toBe('There are none.');
    const sent = await ask('message', 'expense.filed', '-p', '{"id":"e-1"}');
    expect(sent).toEqual({ code: 0, out: expect.stringMatching(/^[0-9a-f-]{36} filed$/), err: '' });
    const { out } = await eventually(
      () => ask('tasks', '--assignee', 'finance', '--flow', 'expense'),
      (answer) => answer.out.includes('e-1'),
    );
    expect(out.split('\n')[0]).toMatch(/^INSTANCE +FLOW +KEY +NODE +ASSIGNEE +SINCE +DUE +TITLE$/);
    expect(out).toMatch(/expense +e-1 +approve +finance +\S+ \S+ +\S+ \S+ \(late\) +Approve the expense/);
    const id = /^[0-9a-f-]{36}/m.exec(out)?.[0] ?? '';

    const bad = await ask('complete', id, 'approve', '--output', '{"approved":"yes"}');
    expect(bad).toMatchObject({
      code: 1,
      err: expect.stringContaining('Expected what the form allows, but `/approved` must be'),
    });
    expect((await ask('complete', id, 'approve', '--visit', 'x')).code).toBe(2);
    const done = await ask('complete', id, 'approve', '-o', '{"approved":true}');
    expect(done).toEqual({ code: 0, out: '', err: 'Completed.' });
    const again = await ask('complete', id, 'approve', '-o', '{"approved":true}');
    expect(again).toEqual({ code: 0, out: '', err: 'It was completed before, with the same.' });
    expect((await ask('complete', id, 'approve', '-o', '{"approved":false}')).code).toBe(1);
    expect((await ask('list', '--flow', 'expense')).out).toContain('completed (approved)');
  });

  it('lists triggers with what they did', async () => {
    const { out } = await eventually(
      () => ask('triggers'),
      (answer) => / 1 +0 +0 +0 +0 /.test(answer.out),
    );
    expect(out.split('\n')[0]).toMatch(/^CODE +ON +STARTS +STARTED +DUPLICATE +PASSED +OVER +FAILED +LAST +NEXT$/);
    expect(out).toMatch(/^filed +expense\.filed +expense +1 +0 +0 +0 +0 +\d{4}-/m);
    expect(JSON.parse((await ask('triggers', '--json')).out)).toMatchObject([
      { code: 'filed', counts: { started: 1 } },
    ]);
  });
});
