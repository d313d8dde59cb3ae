import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { eventually, serveForTest } from '../support/engine/served.js';
import { call } from './support/call.js';

const FLOW = `flow: claim
key: input.id
nodes:
  begin: { start: true }
  look: { manual: { title: Look at it, assignee: "'finance'" } }
  done: { end: done }
edges:
  - begin -> look -> done
`;

const folder = mkdtempSync(join(tmpdir(), 'sluice-access-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function made(name: string, ...more: readonly string[]): Promise<{ token: string; entry: unknown }> {
  const { code, out, err } = await call(['token', name, ...more]);
  expect(code).toBe(0);
  const token = /(slc_[\w-]{43})/.exec(err)?.[1] ?? '';
  expect(out).not.toContain(token);
  return { token, entry: JSON.parse(out) };
}

it('people get tokens, complete what is for them alone, and what they did is told under their names', async () => {
  expect(await call(['token', 'x', '--role', 'oprator'])).toMatchObject({
    code: 2,
    err: expect.stringContaining("did you mean 'operator'?"),
  });
  const finn = await made('Finn', '--role', 'viewer', '--group', 'finance', 'travel');
  const otto = await made('Otto', '--role', 'operator', '--until', '2099-01-01T00:00:00Z');
  expect(finn.entry).toMatchObject({ name: 'Finn', roles: ['viewer'], groups: ['finance', 'travel'] });
  const file = join(folder, 'people.json');
  writeFileSync(file, JSON.stringify({ people: [finn.entry, otto.entry] }));
  writeFileSync(join(folder, 'claim.flow.yaml'), FLOW);
  const server = await serveForTest({ SLUICE_DEFINITIONS: folder, SLUICE_PEOPLE: file });
  try {
    const sluice = (token: string, ...args: readonly string[]) =>
      call(args, { env: { SLUICE_URL: server.url, SLUICE_TOKEN: token } });
    await eventually(
      () => server.ask('GET', '/health/ready'),
      ({ status }) => status === 200,
    );
    const start = ['start', 'claim', '--input', '{"id":"c-1"}'];
    expect(await sluice(finn.token, ...start)).toMatchObject({
      code: 1,
      err: expect.stringContaining('Expected somebody with the role operator, but Finn has viewer.'),
    });
    const id = (await sluice(otto.token, ...start)).out.trim();
    await eventually(
      () => sluice(finn.token, 'tasks'),
      ({ out }) => out.includes('c-1'),
    );
    const mine = async (token: string) => (await sluice(token, 'tasks', '--mine')).out.includes('c-1');
    expect([await mine(finn.token), await mine(otto.token)]).toEqual([true, false]);
    expect(await sluice(otto.token, 'complete', id, 'look')).toMatchObject({
      code: 1,
      err: expect.stringContaining("to complete 'Look at it', but Otto is neither"),
    });
    expect((await sluice(finn.token, 'complete', id, 'look')).code).toBe(0);
    expect((await sluice(finn.token, 'show', id, '--json')).out).toContain('completed by Finn');
    const { out } = await sluice(finn.token, 'audit');
    const told = out.split('\n').map((line) => line.slice(19).trim().split(/ {2,}/));
    expect(told).toEqual([
      ['WHO', 'DID', 'TO', 'ANSWER', 'DETAIL'],
      ['Finn', 'completeTask', `${id} look`, '200', 'visit=1'],
      ['Otto', 'completeTask', `${id} look`, '403', 'refused=NOT_THEIRS'],
      ['Finn', 'startInstance', '-', '403', 'refused=FORBIDDEN'],
    ]);
    expect((await sluice(finn.token, 'audit', '--who', 'Otto', '--json')).out).toContain('NOT_THEIRS');
  } finally {
    await server.stop();
  }
});
