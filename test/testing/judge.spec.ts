import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/json.js';
import type { Expectation, Happened } from '../../src/core/testing/flow-test.js';
import { judge } from '../../src/core/testing/judge.js';
import { differsAt } from '../../src/core/testing/resembles.js';

const visited = (node: string, more: object = {}) => {
  return {
    node,
    visit: 1,
    attempt: 1,
    polls: 0,
    lanes: [] as string[],
    output: null as Json,
    degraded: false,
    ...more,
  };
};
const happened: Happened = {
  status: 'completed',
  outcome: 'shipped',
  input: {},
  vars: { sent: 2, who: { name: 'ann', age: 30 } },
  tookMs: 90_000,
  nodes: [
    visited('begin'),
    visited('ask', { attempt: 3, polls: 2, lanes: ['normal', 'normal', 'retry'], output: { yes: true, why: [1, 2] } }),
    visited('wait'),
    visited('ask', { visit: 2, degraded: true }),
    visited('done'),
  ],
  calls: [
    { handler: 'a.ask', node: 'ask', input: { n: 1, m: 2 } },
    { handler: 'a.ask', node: 'ask', input: { n: 2 } },
  ],
  incidents: [{ node: 'ask', code: 'EXHAUSTED' }],
  edges: [0, 1],
};

const held: readonly Expectation[] = [
  { status: 'completed', outcome: 'shipped' },
  { path: ['begin', 'ask', 'wait', 'ask', 'done'] },
  { through: [] },
  { through: ['ask', 'done'] },
  { through: ['ask', 'ask'] },
  { never: ['other'] },
  { attempts: { ask: 1, other: 0 }, visits: { ask: 2, other: 0 }, polls: { wait: 0 } },
  { vars: { who: { name: 'ann' } } },
  { outputs: { done: null } },
  { calls: { 'a.ask': 2, ask: [{ n: 1 }, {}], 'b.other': 0 } },
  { lanes: { done: [] } },
  { degraded: ['ask'] },
  { incidents: { ask: 'EXHAUSTED' } },
  { took: { atLeastMs: 90_000, atMostMs: 90_000 } },
];

const missed: readonly (readonly [Expectation, RegExp])[] = [
  [{ status: 'failed' }, /^Expected the status failed, but it is completed \('ask': EXHAUSTED\)\.$/],
  [{ outcome: 'refused' }, /but it is shipped/],
  [{ path: ['begin', 'ask', 'done'] }, /but it was \[begin, ask, wait, ask, done\]/],
  [{ through: ['done', 'ask'] }, /^Expected 'ask' after 'done', but the path was/],
  [{ through: ['ask', 'ask', 'ask'] }, /Expected 'ask' after 'ask'/],
  [{ never: ['wait'] }, /'wait' not to be entered/],
  [{ attempts: { ask: 3 } }, /Expected 3 attempts of 'ask', but there were 1/],
  [{ visits: { ask: 1 } }, /Expected 1 visits to 'ask', but there were 2/],
  [{ polls: { ask: 2 } }, /Expected 2 polls of 'ask', but there were 0/],
  [{ degraded: [] }, /^Expected a fallback of the nodes \[\], but they are \[ask\]\.$/],
  [{ vars: { who: { name: 'bob' } } }, /Expected vars\.who\.name to be "bob", but it is "ann"/],
  [{ vars: { nobody: 1 } }, /Expected vars\.nobody to be 1, but it is missing/],
  [{ outputs: { other: null } }, /Expected an output of 'other', but it was not entered/],
  [{ calls: { 'a.ask': 1 } }, /Expected 1 calls of a\.ask, but there were 2/],
  [{ calls: { 'a.ask': [{ n: 1 }, { n: 3 }] } }, /Expected a\.ask\[1\]\.n to be 3, but it is 2/],
  [{ lanes: { ask: ['normal'] } }, /Expected 'ask' on the lanes \[normal\], but it was \[\]/],
  [{ incidents: {} }, /Expected the incidents \[\], but there are \[ask: EXHAUSTED\]/],
  [{ took: { atLeastMs: 0, atMostMs: 60_000 } }, /Expected it to take at most 1m, but it took 1m30s/],
  [{ took: { atLeastMs: 120_000, atMostMs: Number.MAX_SAFE_INTEGER } }, /at least 2m/],
];

describe('an expectation', () => {
  it.each(held)('%j holds', (expected) => expect(judge(expected, happened)).toEqual([]));

  it.each(missed)('%j does not hold', (expected, message) => {
    const misses = judge(expected, happened);
    expect(misses).toEqual([{ key: Object.keys(expected)[0], message: expect.stringMatching(message) }]);
    expect(misses[0]?.message).toMatch(/^Expected .*, but .*\.$/);
  });

  it('does not hide another', () => expect(judge({ outcome: 'a', never: ['wait', 'done'] }, happened)).toHaveLength(3));
});

describe('a value resembles', () => {
  it.each([
    [{ a: 1 }, { a: 1, b: 2 }],
    [[{ a: 1 }], [{ a: 1, b: 2 }]],
    [null, null],
    [{}, { a: 1 }],
  ] as [Json, Json][])('%j in %j', (expected, actual) => expect(differsAt(expected, actual)).toBeNull());

  it.each([
    [{ a: null }, {}, ['a']],
    [[1], [1, 2], []],
    [{}, [], []],
    [[], {}, []],
    [1, '1', []],
    [{ toString: 1 }, {}, ['toString']],
    [[{ a: { b: 1 } }], [{ a: { b: 2 } }], [0, 'a', 'b']],
  ] as [Json, Json, unknown][])('%j not in %j', (expected, actual, path) => {
    expect(differsAt(expected, actual)?.path).toEqual(path);
  });
});
