import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROBLEM_CODES } from '../../src/language/report/problem-codes.js';
import { call } from './support/call.js';

const SOURCE = `flow: order
nodes:
  begin: { start: true }
  charge: { task: card.charge }
  done: { end: done }
edges:
  - begin -> charge
  - charge -> done
`;
let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sluice-diff-'));
  writeFileSync(join(cwd, 'a.flow.yaml'), SOURCE);
  writeFileSync(
    join(cwd, 'b.flow.yaml'),
    SOURCE.replace('card.charge', 'card.take').replace(
      'charge -> done',
      'charge -> done: _result\n  - charge -> done: else',
    ),
  );
});
afterEach(() => rmSync(cwd, { recursive: true }));
const diff = (...args: string[]) => call(['diff', ...args], { cwd });

describe('sluice diff', () => {
  it('tells what differs, and says so by its exit code', async () => {
    expect(await diff('a.flow.yaml', 'b.flow.yaml')).toEqual({
      code: 1,
      err: '',
      out: '~ charge: handler\n~ charge -> done: always  =>  _result\n+ charge -> done: else',
    });
    expect(await diff('a.flow.yaml', 'a.flow.yaml')).toEqual({ code: 0, err: '', out: 'Both mean the same.' });
  });

  it.each([
    ['mermaid', /^flowchart LR[\s\S]*class n_charge changed/],
    ['yaml', /\n- {2}charge: \{ task: card\.charge \}\n\+ {2}charge: \{ task: card\.take \}\n/],
    ['json', /"same": false/],
  ])('writes it as %s', async (format, expected) => {
    expect((await diff('a.flow.yaml', 'b.flow.yaml', '--format', format)).out).toMatch(expected);
  });

  it('compares nothing that has errors', async () => {
    writeFileSync(join(cwd, 'b.flow.yaml'), 'flow: 1');
    expect(await diff('a.flow.yaml', 'b.flow.yaml')).toMatchObject({ code: 1, out: '' });
  });
});

describe('sluice problem', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/problems.md'), 'utf8');

  it('explains every code that there is, with what the page says of it', async () => {
    for (const code of Object.keys(PROBLEM_CODES)) {
      const { code: exit, out } = await call(['problem', code.toLowerCase()]);
      expect([code, exit]).toEqual([code, 0]);
      expect(out).toMatch(new RegExp(`^### ${code}\n\n(Error|Warning): [\\s\\S]*Good:`));
      expect(page).toContain(out);
      expect(out.match(/^### /gm)).toHaveLength(1);
    }
  });

  it('knows what was meant', async () => {
    expect(await call(['problem', 'UNKNOWN_NODES'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('`UNKNOWN_NODE`'),
    });
  });

  it('is asked in the other way too: what is a code is explained, and nothing else', async () => {
    expect(await call(['explain', 'ENDLESS_CALLS'])).toEqual(await call(['problem', 'ENDLESS_CALLS']));
    const asked = await call(['explain', 'endless_calls'], {
      env: { SLUICE_URL: 'http://127.0.0.1:1', SLUICE_TOKEN: 'x' },
    });
    expect(asked.out).toBe('');
    expect(asked.code).not.toBe(0);
  });
});
