import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.js';
import { listen } from '../../src/console/listen.js';
import { TOKEN, World } from './support/world.js';

let data: string;
beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'sluice-listen-'));
});
afterAll(() => rmSync(data, { recursive: true }));

const configOf = (environment: Record<string, string>) => {
  const parsed = parseConfig(environment);
  if ('faults' in parsed) throw new Error(parsed.faults.join());
  return parsed.config;
};

it('gives a link with the random token, which opens the API, and leaves it for the command line', async () => {
  const environment = { SLUICE_TOKEN: '', SLUICE_PORT: '0', SLUICE_DATA: data };
  const world = await World.open(environment);
  const { url, link } = await listen(world.app, configOf(environment));
  const [page, token] = (link ?? '').split('#token=');
  expect(page).toBe(`${url}/`);
  const answer = await fetch(`${url}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  const file = join(data, 'access.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ url, token });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await world.app.close();
});

it('gives no link when the token was chosen', async () => {
  const environment = { SLUICE_TOKEN: TOKEN, SLUICE_PORT: '0' };
  const world = await World.open(environment);
  expect(await listen(world.app, configOf(environment))).toEqual({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), link: null });
  await world.app.close();
});
