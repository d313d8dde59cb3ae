import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InstanceView } from '../../web/src/api/wire.js';
import { eventually, serveForTest, type TestServer } from '../support/engine/served.js';
import { call } from './support/call.js';

const FLOW = `flow: claim
nodes:
  begin: { start: true }
  ask:
    task: log
    each:
      in: input.witnesses
      more: { message: witness.named, match: { claim: input.claim }, last: "false" }
    in: { message: item }
  done: { end: heard }
edges: [begin -> ask -> done]
`;

const cwd = mkdtempSync(join(tmpdir(), 'sluice-items-'));
let server: TestServer;
let env: Record<string, string>;
beforeAll(async () => {
  writeFileSync(join(cwd, 'claim.flow.yaml'), FLOW);
  writeFileSync(join(cwd, 'two.json'), '["c", "d"]');
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

it('adds items from a list, a file and nowhere, once each, and closes the node', async () => {
  const ask = (...args: string[]) => call(args, { env, cwd });
  const id = (await ask('start', 'claim', '-i', '{"claim":"c-1","witnesses":["a"]}')).out;
  const whole = async () => JSON.parse((await ask('show', id, '--json')).out) as InstanceView;
  const itemsOf = ({ nodes }: InstanceView) => nodes.find(({ node, items }) => node === 'ask' && items)?.items;
  await eventually(whole, (view) => itemsOf(view)?.done === 1);

  expect(await ask('add', id, 'ask', '-i', '["b"]', '--seen', '1')).toEqual({ code: 0, out: '', err: 'Added 1.' });
  const again = await ask('add', id, 'ask', '-i', '["b"]', '--seen', '1');
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('some were added since') });
  expect((await ask('add', id, 'ask', '--items', 'two.json')).err).toBe('Added 2.');
  await eventually(whole, (view) => itemsOf(view)?.done === 4);

  expect((await ask('add', id, 'ask')).err).toContain('Expected --items, --last or both');
  const wrong = await ask('add', id, 'ask', '-i', '{"b":1}');
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('Expected a JSON list of items') });
  expect(await ask('add', id, 'ask', '-i', '[1', '--last')).toMatchObject({ code: 2 });
  expect((await ask('add', id, 'ask', '--last', '--seen', 'x')).code).toBe(2);
  expect((await ask('add', id, 'ask', '--last', '--seen', '4')).err).toBe('Nothing added; no more are to come.');
  await eventually(whole, ({ outcome }) => outcome === 'heard');
});
