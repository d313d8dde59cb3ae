import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { call } from '../cli/support/call.js';

const folder = join(import.meta.dirname, '../../definitions');
const files = readdirSync(folder);
const flows = files.filter((name) => name.endsWith('.flow.yaml'));

it('every shipped flow has tests', () => {
  const tests = files.filter((name) => name.endsWith('.flow.test.yaml'));
  expect(tests).toEqual(flows.map((name) => name.replace('.flow.yaml', '.flow.test.yaml')));
});

it.each(flows)('the tests of %s pass and take all of its edges', async (name) => {
  const { code, out, err } = await call(['test', join(folder, name.replace('.flow.yaml', '.flow.test.yaml'))]);
  expect({ code, err, out }).toMatchObject({ code: 0, err: '' });
  expect(out).toContain('edges taken (100 %)');
});
