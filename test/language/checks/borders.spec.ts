import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';
import { codesOf, flowText } from '../flow-text.js';

/** Tasks a, b, c, m and what else is given. */
const graph = (lines: readonly string[], nodes: readonly string[] = []) =>
  flowText({
    head: 'input: { type: object }\n',
    nodes: ['work: { task: demo.work }', ...nodes].map((node) => `  ${node}\n`).join(''),
    edges: lines.map((edge) => `  - ${edge}\n`).join(''),
  });
const task = (id: string) => `${id}: { task: demo.${id} }`;
const edges = (...more: readonly string[]) =>
  graph(['begin -> work -> a -> done', ...more], [task('a'), 'off: { end: off }']);
const long = (keys: string) => edges(`{ from: a, to: off, ${keys} }`);
const lineOf = (text: string) => readDefinition(text, 'example.flow.yaml').definition?.lines.at(-1)?.when;

describe('an edge for what happens at the border of a node', () => {
  it('reads a message, short and long', () => {
    expect(lineOf(edges('a -> off: on message bank.recall'))).toEqual({
      type: 'message',
      message: 'bank.recall',
      match: new Map(),
      keepMs: null,
      interrupts: true,
    });
    const text = long('event: on message bank.recall, match: { id: input.id }, keep: 10m, interrupts: false');
    expect(codesOf(text)).toEqual([]);
    expect(lineOf(text)).toMatchObject({ keepMs: 600_000, interrupts: false });
  });

  it('reads a time', () => {
    expect(lineOf(long('event: on timeout, after: 2h'))).toEqual({
      type: 'after',
      afterMs: 7_200_000,
      interrupts: true,
    });
    expect(lineOf(long('event: on timeout'))).toEqual({ type: 'timeout' });
  });

  it('adds one node for each, which no file names', () => {
    const { definition } = readDefinition(edges('a -> off: on message x', 'a -> off: on message y'), 'e.flow.yaml');
    expect([...(definition?.nodes.keys() ?? [])].filter((id) => id.includes('@'))).toEqual(['a@3', 'a@4']);
  });

  it.each([
    ['a -> off: on message', 'BAD_EDGE'],
    ['a -> off: on message two words', 'BAD_EDGE'],
    ['a -> off: on message 9lives', 'BAD_EDGE'],
    ['begin -> off: on message x', 'BOUNDARY_NOT_TASK'],
  ])('refuses %s', (edge, code) => {
    expect(codesOf(edges(edge))).toContain(code);
  });

  it.each([
    ['event: on message x, after: 2h', 'BAD_EDGE'],
    ['event: on error X, interrupts: false', 'BAD_EDGE'],
    ['when: input.a == 1, match: { id: input.id }', 'BAD_EDGE'],
    ['event: on timeout, interrupts: false', 'BAD_EDGE'],
    ['event: on timeout, after: 0s', 'OUT_OF_RANGE'],
    ['event: on message x, interrupts: maybe', 'WRONG_TYPE'],
    ['event: on message x, match: { id: inptu.id }', 'UNKNOWN_NAME'],
    ['event: on message x, match: { id: "a +" }', 'BAD_EXPRESSION'],
  ])('refuses %s', (keys, code) => {
    expect(codesOf(long(keys))).toContain(code);
  });

  it('that two edges name alike is a warning, unless their match differs', () => {
    expect(codesOf(edges('a -> off: on message x', 'a -> done: on message x'))).toEqual(['DUPLICATE_CONDITION']);
    const apart = ['1', '2'].map((kind) => `{ from: a, to: off, event: on message x, match: { kind: ${kind} } }`);
    expect(codesOf(edges(...apart))).toEqual([]);
  });

  it('that comes after the end of its wait is never taken', () => {
    const nodes = ['off: { end: off }', 'w: { wait: demo.paid, timeout: 1h }'];
    const late = [
      'begin -> work -> w -> done',
      'w -> off: on timeout',
      '{ from: w, to: off, event: on timeout, after: 2h }',
    ];
    expect(codesOf(graph(late, nodes))).toEqual(['NEVER_TAKEN']);
  });

  it('taken beside the node can meet what follows it, which needs a join', () => {
    const meets = (after: string) =>
      graph(
        ['begin -> work -> a -> m -> done', `{ from: a, to: m, event: on timeout, after: 1h${after} }`],
        [task('a'), task('m')],
      );
    expect(codesOf(meets(''))).toEqual([]);
    expect(codesOf(meets(', interrupts: false'))).toEqual(['UNSOUND_JOIN']);
  });

  it('taken beside the node brings nothing that a join could count on', () => {
    const joined = graph(
      [
        'begin -> work -> a -> b -> both -> done',
        '{ from: a, to: c, event: on timeout, after: 1h, interrupts: false }',
        'c -> both',
      ],
      [task('a'), task('b'), task('c'), 'both: { join: all }'],
    );
    expect(codesOf(joined)).toEqual(['MAY_WAIT_FOREVER']);
  });
});
