import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';
import { codesOf, problemsOf } from '../flow-text.js';

const flowOf = (nodes: readonly string[], edges: readonly string[]): string =>
  [
    'flow: waits',
    'input: { type: object, properties: { id: { type: string } } }',
    'nodes:',
    '  begin: { start: true }',
    ...nodes.map((node) => `  ${node}`),
    '  done: { end: success }',
    'edges:',
    ...edges.map((edge) => `  - ${edge}`),
    '',
  ].join('\n');

describe('a wait', () => {
  it('is read with its match, its age and its time', () => {
    const text = flowOf(
      [
        'w: { wait: bank.paid, match: { id: input.id, kind: "\'paid\'" }, keep: 10m, timeout: 2h, out: { sum: result.sum } }',
        'told: { task: tell.sum, in: { sum: vars.sum } }',
      ],
      ['begin -> w -> told -> done', 'w -> done: on timeout'],
    );
    const { definition, problems } = readDefinition(text, 'waits.flow.yaml');
    expect(problems).toEqual([]);
    const wait = definition?.nodes.get('w');
    expect(wait).toMatchObject({ kind: 'wait', message: 'bank.paid', keepMs: 600_000, timeoutMs: 7_200_000 });
    const match = wait?.kind === 'wait' ? [...wait.match].map(([name, { text }]) => `${name} = ${text}`) : [];
    expect(match).toEqual(['id = input.id', "kind = 'paid'"]);
  });

  it.each([
    ['a name that is none', 'w: { wait: bank paid }', 'WRONG_VALUE'],
    ['an expression that cannot be read', 'w: { wait: paid, match: { id: "input." } }', 'BAD_EXPRESSION'],
    ['a name that is not there', 'w: { wait: paid, match: { id: input.ide } }', 'UNKNOWN_INPUT'],
    ['a result where none comes', 'w: { wait: paid, match: { id: result.id } }', 'RESULT_NOT_HERE'],
    ['an age that is none', 'w: { wait: paid, keep: 10 }', 'BAD_DURATION'],
    ['retries', 'w: { wait: paid, retry: { max: 1 } }', 'MODIFIER_NOT_HERE'],
    ['match on a task', 'w: { task: paid, match: { id: input.id } }', 'MODIFIER_NOT_HERE'],
  ])('refuses %s', (_, node, code) => {
    expect(codesOf(flowOf([node], ['begin -> w -> done']))).toEqual([code]);
  });

  it('says of `on timeout` that it is never taken when the wait has no time, and of failures that there are none', () => {
    const edges = (event: string) => ['begin -> w -> done', `w -> done: ${event}`];
    expect(codesOf(flowOf(['w: { wait: paid }'], edges('on timeout')))).toEqual(['NEVER_TAKEN']);
    expect(codesOf(flowOf(['w: { wait: paid }'], edges('on error *')))).toEqual(['BOUNDARY_NOT_TASK']);
  });

  it('has an output that later nodes read, and breaks a loop', () => {
    const loop = ['begin -> w', 'w -> more', 'more -> w: w.more == true', 'more -> done: else'];
    expect(codesOf(flowOf(['w: { wait: paid }', 'more: { gateway: exclusive }'], loop))).toEqual([]);
  });
});

describe('an event gateway', () => {
  const race = (nodes: readonly string[], edges: readonly string[]) =>
    problemsOf(flowOf(['race: { gateway: event }', ...nodes], ['begin -> race', ...edges])).map(
      ({ code, line, column }) => `${line}:${column} ${code}`,
    );

  it('leads to waits and timers, which meet again without a join', () => {
    const nodes = ['paid: { wait: paid }', 'late: { timer: 2h }', 'after: { task: demo.after }'];
    expect(race(nodes, ['race -> paid -> after', 'race -> late -> after', 'after -> done'])).toEqual([]);
  });

  it.each([
    ['a task', ['paid: { task: paid }'], ['race -> paid -> done'], '10:13 RACE_LINE'],
    ['a condition', ['paid: { wait: paid }'], ['race -> paid: input.id == "1"', 'paid -> done'], '10:19 RACE_LINE'],
    [
      'a wait that is entered from elsewhere too',
      ['paid: { wait: paid }'],
      ['race -> paid', 'paid -> paid: paid.again == true', 'paid -> done: else'],
      '10:13 RACE_LINE',
    ],
  ])('refuses %s', (_, nodes, edges, problem) => {
    expect(race(nodes, edges)).toEqual([problem]);
  });
});

describe('a call', () => {
  it('is read with its input, and its flow with an output', () => {
    const text = flowOf(
      ['c: { call: child, in: { id: input.id }, out: { sum: result.sum } }', 'd: { call: child, detach: true }'],
      ['begin -> c -> d -> done', 'c -> done: on error CHILD_*'],
    ).replace('nodes:', 'output: { sum: c.sum, all: [vars.sum, 1] }\nnodes:');
    const { definition, problems } = readDefinition(text, 'calls.flow.yaml');
    expect(problems).toEqual([]);
    expect(definition?.nodes.get('c')).toMatchObject({ kind: 'call', flow: 'child', detach: false });
    expect(definition?.nodes.get('d')).toMatchObject({ in: null, detach: true });
    expect([...(definition?.output ?? [])].map(([name]) => name)).toEqual(['sum', 'all']);
  });

  it.each([
    ['a flow that is none', 'c: { call: a.b }', 'BAD_ID'],
    ['a detach that is none', 'c: { call: child, detach: 1 }', 'WRONG_VALUE'],
    ['retries', 'c: { call: child, retry: { max: 1 } }', 'MODIFIER_NOT_HERE'],
  ])('refuses %s', (_, node, code) => {
    expect(codesOf(flowOf([node], ['begin -> c -> done']))).toEqual([code]);
  });

  it('has no attempts to use up, and no time', () => {
    for (const event of ['on timeout', 'on exhausted']) {
      const edges = ['begin -> c -> done', `c -> done: ${event}`];
      expect(codesOf(flowOf(['c: { call: child }'], edges))).toEqual(['BOUNDARY_NOT_TASK']);
    }
  });

  it.each([
    ['a result', '{ x: result.sum }', 'RESULT_NOT_HERE'],
    ['a node that is not there', '{ x: d.sum }', 'UNKNOWN_NAME'],
    ['a node without an output', '{ x: done.sum }', 'NAME_WITHOUT_OUTPUT'],
  ])('is told of %s in the output of a flow', (_, output, code) => {
    const text = flowOf(['c: { call: child }'], ['begin -> c -> done']).replace('nodes:', `output: ${output}\nnodes:`);
    expect(codesOf(text)).toEqual([code]);
  });
});

describe('a timer with a date', () => {
  const timed = (value: string) => flowOf([`t: { timer: ${value} }`], ['begin -> t -> done']);

  it('is read', () => {
    const { definition, problems } = readDefinition(timed('{ at: "2026-12-01T18:00:00+08:00" }'), 'x.flow.yaml');
    expect(problems).toEqual([]);
    expect(definition?.nodes.get('t')).toMatchObject({ timer: { until: { reads: [] } } });
  });

  it.each([
    '{ at: "2026-12-01T18:00:00" }',
    '{ at: 2026-12-01 }',
    '{ at: input.at }',
    '{ at: "2026-02-30T00:00:00Z" }',
    '{ at: 5 }',
  ])('refuses %s', (value) => expect(codesOf(timed(value))).toEqual(['WRONG_VALUE']));
});
