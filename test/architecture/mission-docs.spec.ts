import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const rows = readFileSync(join(ROOT, 'docs/mission.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (Capability|Claim) \|/.test(line));

it('every capability names a test or a page, and all of them are there', () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) {
    const shown = row.split(' | ').at(-1) ?? '';
    const tests = [...shown.matchAll(/`([^`]+)`/g)].map(([, path]) => path as string);
    const pages = [...shown.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => `docs/${path}`);
    expect([...tests, ...pages].length, row).toBeGreaterThan(0);
    for (const path of [...tests, ...pages]) expect(existsSync(join(ROOT, path)), path).toBe(true);
  }
});

it('every answer about semantics names tests that are there', () => {
  const page = readFileSync(join(ROOT, 'docs/semantics.md'), 'utf8');
  const named = new Set(
    [...page.matchAll(/`([\w./-]+\.(?:spec\.tsx?|test\.yaml))`/g)].map(([, path]) => path as string),
  );
  expect(named.size).toBeGreaterThan(50);
  const isThere = (path: string): boolean => ['test/core', 'test'].some((root) => existsSync(join(ROOT, root, path)));
  expect([...named].filter((path) => !isThere(path))).toEqual([]);
});
