import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FLOW_TEST_KEYS } from '../../src/language/testing/flow-test-schema.js';
import { call } from '../cli/support/call.js';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/testing.md'), 'utf8');

it('names every key', () => {
  for (const key of FLOW_TEST_KEYS) expect(PAGE).toContain(key === 'atLeast' ? 'atLeast:' : key);
});

it('shows a test that passes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-docs-'));
  const shown = /```yaml\n([\s\S]*?)```/.exec(PAGE)?.[1] ?? '';
  writeFileSync(join(folder, 'order.flow.test.yaml'), shown);
  writeFileSync(join(folder, 'order.flow.yaml'), readFileSync(join(ROOT, 'definitions/order.flow.yaml')));
  const { code, out } = await call(['test', folder], { cwd: folder });
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('2 passed, 0 failed') });
  rmSync(folder, { recursive: true });
});
