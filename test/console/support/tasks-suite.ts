import { expect, it } from 'vitest';
import { CompletedView, TaskPage, TaskView } from '../../../src/console/instances/tasks/task-views.js';
import * as views from '../../../src/console/views.js';
import { eventually, type TestServer } from '../../support/engine/served.js';
import type { Opened } from './repair-suite.js';

const SOURCE = `flow: signing
key: input.contract
input: { type: object, properties: { contract: { type: string }, desk: { type: string } } }
nodes:
  begin: { start: true }
  sign:
    manual:
      title: Sign the contract
      assignee: input.desk
      form: { type: object, required: [signed], properties: { signed: { type: boolean }, note: { type: string } } }
    in: { contract: input.contract }
    due: 0s
    timeout: 2h
  done: { end: signed }
  refused: { end: refused }
edges:
  - begin -> sign
  - sign -> done: result.signed
  - sign -> refused: else
`;

/** What people are asked to do, whatever it runs on. */
export function tasksOverHttp(opened: () => Opened): void {
  const ask: TestServer['ask'] = (...asked) => opened().server.ask(...asked);

  it('lists what people are asked to do, shows its form, and takes what they give once', async () => {
    expect((await ask('POST', '/api/definitions', { source: SOURCE })).status).toBe(201);
    const input = { contract: 'c-7', desk: 'Zoë' };
    const { id } = views.Started.parse((await ask('POST', '/api/instances', { flow: 'signing', input })).body);
    const list = async (query: string) => TaskPage.parse((await ask('GET', `/api/tasks?${query}`)).body).items;
    const [row] = await eventually(
      () => list(`assignee=${encodeURIComponent('Zoë')}`),
      (items) => items.length > 0,
    );
    const wanted = { instance: id, flow: 'signing', version: 1, key: 'c-7', node: 'sign', visit: 1 };
    expect(row).toMatchObject({ ...wanted, title: 'Sign the contract', assignee: 'Zoë', overdue: true });
    expect(await list('assignee=Bo')).toEqual([]);

    const path = `/api/instances/${id}/nodes/sign`;
    const task = TaskView.parse((await ask('GET', `${path}/task`)).body);
    expect(task).toMatchObject({ ...wanted, shown: { contract: 'c-7' }, form: { required: ['signed'] } });

    const bad = await ask('POST', `${path}/complete`, { output: { note: 'no' } });
    expect(bad).toMatchObject({ status: 422, body: { code: 'INVALID_OUTPUT', violations: [{ pointer: '' }] } });
    const output = { signed: true, note: 'ü🚀' };
    const done = await ask('POST', `${path}/complete`, { output });
    expect([done.status, CompletedView.parse(done.body)]).toEqual([200, { id, node: 'sign', visit: 1 }]);
    const again = await ask('POST', `${path}/complete`, { output });
    expect([again.status, CompletedView.parse(again.body).duplicate]).toEqual([200, true]);
    expect(await ask('POST', `${path}/complete`, { output: { signed: false } })).toMatchObject({ status: 409 });
    expect(await ask('GET', `${path}/task`)).toMatchObject({ status: 404, body: { code: 'UNKNOWN_TASK' } });
    const over = views.InstanceView.parse((await ask('GET', `/api/instances/${id}`)).body);
    expect(over).toMatchObject({ status: 'completed', outcome: 'signed' });
    expect(over.nodes.find(({ node }) => node === 'sign')).toMatchObject({ output, reason: 'completed by admin' });
  });

  it('says what cannot be completed', async () => {
    const none = '00000000-0000-7000-8000-000000000000';
    const status = async (id: string, node: string) =>
      (await ask('POST', `/api/instances/${id}/nodes/${node}/complete`, {})).status;
    expect(await status(none, 'sign')).toBe(404);
    const start = { flow: 'signing', input: { contract: 'c-8', desk: 'Bo' } };
    const { id } = views.Started.parse((await ask('POST', '/api/instances', start)).body);
    expect(await status(id, 'begin')).toBe(409);
    expect(await status(id, 'done')).toBe(409);
    expect(await status(id, 'nowhere')).toBe(404);
  });
}
