import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testAndWatch } from '../../src/cli/testing/watch.js';
import { readFlowTest } from '../../src/language/testing/read-flow-test.js';
import { call } from '../cli/support/call.js';

const FLOW = `flow: order
nodes:
  begin: { start: true }
  charge: { task: card.charge, retry: { local: [], remote: [5s], max: 1 } }
  done: { end: paid }
  no: { end: refused }
edges:
  - begin -> charge
  - charge -> done: result.paid == true
  - charge -> no: else
`;
const TEST = `mocks: { card.charge: { paid: true } }
cases:
  is paid:
    expect: { outcome: paid, path: [begin, charge, done] }
  is refused:
    mocks: { charge: { paid: false } }
    expect:
      status: completed
      outcome: refused
`;

let cwd: string;
const put = (name: string, text: string) => writeFileSync(join(cwd, name), text);
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  put('order.flow.yaml', FLOW);
  put('order.flow.test.yaml', TEST);
});
afterEach(() => rmSync(cwd, { recursive: true }));
const run = (...args: string[]) => call(['test', '.', ...args], { cwd });

describe('sluice test', () => {
  it('runs every case beside its flow', async () => {
    const { code, out, err } = await run();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^order\.flow\.test\.yaml\n {2}✓ is paid \(0s\)\n {2}✓ is refused \(0s\)\n {2}3 of 3 edges/);
    expect(out).toMatch(/2 passed, 0 failed in \d+ ms$/);
  });

  it('says at which line what did not happen', async () => {
    put('order.flow.test.yaml', TEST.replace('outcome: refused', 'outcome: paid'));
    const { code, out } = await run();
    expect(code).toBe(1);
    expect(out).toContain('order.flow.test.yaml:9: Expected the outcome paid, but it is refused.');
    expect(out).toContain('1 passed, 1 failed');
  });

  it('refuses an expectation about a node that the flow does not have: it would always hold', async () => {
    put('order.flow.test.yaml', TEST.replace('outcome: refused', 'never: [dnoe]'));
    expect((await run()).out).toContain("9: Expected a node of the flow, but it has no 'dnoe'.");
    put('order.flow.test.yaml', TEST.replace('card.charge:', 'card.chrage:'));
    expect((await run()).out).toContain("Expected a handler or a node of the flow, but it has no 'card.chrage'.");
    put('order.flow.test.yaml', `secrets: { bankKey: for-tests }\n${TEST}`);
    expect((await run()).out).toContain("Expected a secret that a task of the flow reads, but none reads 'bankKey'.");
  });

  it('fails when the cases take too little of the flow, and names what none takes', async () => {
    put(
      'order.flow.test.yaml',
      `coverage: 100\nmocks: { card.charge: { paid: true } }\ncases:\n  a: { expect: { outcome: paid } }\n`,
    );
    const { code, out } = await run('--coverage');
    expect(code).toBe(1);
    expect(out).toContain('2 of 3 edges taken (66 %)');
    expect(out).toContain('linkStyle 2 stroke:#e03131');
    expect(out).toContain(
      'Expected the cases to take 100 % of the edges, but they took 66 %. None takes charge -> no.',
    );
    expect((await run('--only', 'a')).code).toBe(0);
  });

  it('writes JUnit XML that holds what failed, and escapes what XML must not hold', async () => {
    put(
      'order.flow.test.yaml',
      TEST.replace('is refused', '"is <refused> & \\u0001"').replace('outcome: refused', 'outcome: paid'),
    );
    await run('--junit', 'out.xml');
    const xml = readFileSync(join(cwd, 'out.xml'), 'utf8');
    expect(xml).toContain('<testsuite name="order.flow.test.yaml" tests="2" failures="1"');
    expect(xml).toContain('name="is &#60;refused&#62; &#38; \ufffd"');
    expect(xml).toContain('<failure message="Expected the outcome paid, but it is refused.">order.flow.test.yaml:9:');
  });

  it('reports a file that cannot be read as one that failed, at its place', async () => {
    put('order.flow.test.yaml', TEST.replace('is paid:\n    expect:', 'is paid:\n    expects:'));
    const { code, out, err } = await run();
    expect(code).toBe(1);
    expect(err).toMatch(/error\[UNKNOWN_KEY\][\s\S]*order\.flow\.test\.yaml:4:5[\s\S]*Did you mean `expect`\?/);
    expect(out).toContain('✗ can be read');
    put('order.flow.test.yaml', `flow: gone.flow.yaml\n${TEST}`);
    expect((await run()).err).toContain('at gone.flow.yaml, but there is none');
    put('order.flow.test.yaml', TEST);
    put('order.flow.yaml', FLOW.replace('-> done', '-> dnoe'));
    expect((await run()).err).toContain('UNKNOWN_NODE');
  });

  it('has nothing to run where there is nothing', async () => {
    expect(await run('--only', 'xyz')).toMatchObject({ code: 2, err: expect.stringContaining("holds 'xyz'") });
    rmSync(join(cwd, 'order.flow.test.yaml'));
    expect(await run()).toMatchObject({ code: 2, err: expect.stringContaining('*.flow.test.yaml') });
  });

  it('runs again when a file changes, until it is stopped', async () => {
    const said: string[] = [];
    const stop = new AbortController();
    const told = (text: string): Promise<void> =>
      new Promise((resolve) => {
        const look = setInterval(() => {
          if (!said.join('\n').includes(text)) return;
          clearInterval(look);
          resolve();
        }, 10);
      });
    const out = (line: string) => void said.push(line);
    const ended = testAndWatch(
      ['.'],
      {},
      { env: {}, cwd, colour: false, out, err: out, stdin: async () => '' },
      stop.signal,
    );
    await told('Watching');
    put('order.flow.test.yaml', TEST.replace('outcome: refused', 'outcome: paid'));
    await told('1 passed, 1 failed');
    stop.abort();
    expect(await ended).toBe(1);
  });
});

describe('a test file', () => {
  it.each([
    ['cases: { a: { expect: { took: 5 } } }', 'WRONG_VALUE', 1],
    ['cases:\n  a: { expect: { status: done } }', 'WRONG_VALUE', 2],
    ['cases:\n  a: { input: {} }', 'MISSING_KEY', 2],
    ['cases:\n  a:\n    acts: [{ after: 1h }]\n    expect: {}', 'WRONG_VALUE', 3],
    ['cases:\n  a: { expect: { lanes: { b: [quick] } } }', 'WRONG_VALUE', 2],
    ['cases:\n  a: { expect: {} }\n  a: { expect: {} }', 'DUPLICATE_KEY', 3],
    ['now: yesterday\ncases: {}', 'WRONG_VALUE', 1],
    ['- a', 'NOT_A_MAPPING', 1],
  ])('%j has the problem %s at line %i', (text, code, line) => {
    const { test, problems } = readFlowTest(text, 'a.flow.test.yaml');
    expect(test).toBeNull();
    expect(problems.map((problem) => [problem.code, problem.line])).toEqual([[code, line]]);
  });
});
