import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, serveForTest, type TestServer } from '../support/engine/served.js';

let server: TestServer;

beforeAll(async () => {
  server = await serveForTest();
});

afterAll(() => server.stop());

const source = (flow: string, end: string, version?: number): string =>
  `flow: ${flow}\n${version === undefined ? '' : `version: ${version}\n`}nodes:\n  begin: { start: true }\n` +
  `  wait: { timer: 300ms }\n  done: { end: ${end} }\nedges: [begin -> wait -> done]\n`;
const publish = (text: string) => server.ask('POST', '/api/definitions', { source: text });
const start = (flow: string, version?: number) =>
  server.ask('POST', '/api/instances', { flow, input: {}, ...(version !== undefined && { version }) });
const outcome = async (id: string): Promise<string> => {
  const show = () => server.ask('GET', `/api/instances/${id}`);
  return (await eventually(show, ({ body }) => body.status === 'completed')).body.outcome;
};

it('F28 same content: is the same version; other content under a version that exists: is a conflict', async () => {
  expect(await publish(source('f28', 'one'))).toMatchObject({ status: 201, body: { version: 1 } });
  expect(await publish(source('f28', 'one'))).toMatchObject({ status: 200, body: { version: 1 } });
  expect(await publish(source('f28', 'two', 1))).toMatchObject({ status: 409 });
  expect(await publish(source('f28', 'two'))).toMatchObject({ status: 201, body: { version: 2 } });
});

it('F29 a lower version than the newest: is published, and starts still take the newest', async () => {
  await publish(source('f29', 'high', 7));
  expect(await publish(source('f29', 'low', 3))).toMatchObject({ status: 201, body: { version: 3 } });
  expect((await start('f29')).body.version).toBe(7);
  expect((await start('f29', 3)).body.version).toBe(3);
});

it('F30 a new version while instances run: they finish on theirs', async () => {
  await publish(source('f30', 'old'));
  const running = await start('f30');
  await publish(source('f30', 'new'));
  const next = await start('f30');
  expect([running.body.version, next.body.version]).toEqual([1, 2]);
  expect(await outcome(running.body.id)).toBe('old');
  expect(await outcome(next.body.id)).toBe('new');
});

it('F31 two publishers at once: both get a version, and equal content gets the same one', async () => {
  const answers = await Promise.all(['a', 'b', 'a', 'b', 'a'].map((end) => publish(source('f31', end))));
  const versions = answers.map(({ body }) => body.version as number);
  expect(new Set(versions)).toEqual(new Set([1, 2]));
  expect(new Set([versions[0], versions[2], versions[4]]).size).toBe(1);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
});

it('an unknown version: is told apart from an unknown flow', async () => {
  await publish(source('known', 'one'));
  const { status, body } = await start('known', 9);
  expect(status).toBe(404);
  expect(body.detail).toContain("'known' version 9");
});
