import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Access } from '../../../src/console/access/access.js';
import { World } from '../support/world.js';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'sluice-access-'));
});
afterEach(() => rmSync(data, { recursive: true }));

it('leaves a random token where only the same user can read it, and it opens the API', async () => {
  const file = join(data, 'access.json');
  writeFileSync(file, 'old', { mode: 0o644 });
  const world = await World.open({ SLUICE_TOKEN: '', SLUICE_DATA: data });
  await world.app.listen(0, '127.0.0.1');
  const { url, token } = JSON.parse(readFileSync(file, 'utf8'));
  expect(token).toBe(world.app.get(Access).token);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const answer = await fetch(`${url}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  await world.app.close();
});

it('writes a chosen token nowhere', async () => {
  const world = await World.open({ SLUICE_DATA: data });
  await world.app.listen(0, '127.0.0.1');
  expect(existsSync(join(data, 'access.json'))).toBe(false);
  await world.app.close();
});
