import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { call } from './support/call.js';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sluice-validate-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const put = (flow: string, other: string): void =>
  writeFileSync(
    join(cwd, `${flow}.flow.yaml`),
    `flow: ${flow}\nnodes:\n  begin: { start: true }\n  on: { call: ${other} }\n  done: { end: done }\nedges:\n  - begin -> on -> done\n`,
  );

it('sees that two files call one another for ever', async () => {
  put('a', 'b');
  expect((await call(['validate', '.'], { cwd })).code).toBe(0);
  put('b', 'a');
  const answer = await call(['validate', '.', '--format', 'plain'], { cwd });
  expect(answer.code).toBe(1);
  expect(answer.out.split('\n').map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'a.flow.yaml:4:3: ENDLESS_CALLS',
    'b.flow.yaml:4:3: ENDLESS_CALLS',
  ]);
});

it('tells what a flow of another file does not give to its caller', async () => {
  put('a', 'b');
  const file = join(cwd, 'a.flow.yaml');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(
      'begin -> on -> done',
      'begin -> on\n  - on -> done: result.ready\n  - on -> done: else',
    ),
  );
  writeFileSync(
    join(cwd, 'b.flow.yaml'),
    'flow: b\noutput: { raedy: 1 }\nnodes:\n  begin: { start: true }\n  done: { end: done }\nedges:\n  - begin -> done\n',
  );
  const answer = await call(['validate', '.', '--format', 'plain'], { cwd });
  expect(answer.code).toBe(0);
  expect(answer.out).toContain('UNKNOWN_OUTPUT');
});
