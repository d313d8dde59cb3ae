import { describe, expect, it } from 'vitest';
import {
  end,
  exclusive,
  flow,
  inclusive,
  is,
  join,
  parallel,
  path,
  set,
  start,
  task,
  timer,
} from '../../../support/build-definition.js';
import { completed, given, started } from '../../../support/flow-spec.js';

const linear = flow({ begin: start(), a: task(), b: task(), done: end('success') }, ['begin -> a -> b -> done']);

describe('a line of tasks', () => {
  it('dispatches the first task when it starts', () => {
    given(linear).after().when(started()).gives('a');
  });

  it('dispatches the next when one completes, and writes no instance row for it', () => {
    const step = given(linear).after(started()).when(completed('a')).transition();
    expect(step.instanceChanged).toBe(false);
    expect(step.nodes.map((row) => [row.node, row.status, row.attempt, row.cause])).toStrictEqual([
      ['a', 'done', 1, { node: 'begin', visit: 1 }],
      ['b', 'ready', 1, { node: 'a', visit: 1 }],
    ]);
  });

  it('ends with the name of its end', () => {
    given(linear).after(started(), completed('a')).when(completed('b')).gives('= completed success');
  });
});

describe('lines from a task', () => {
  const choice = flow({ begin: start(), a: task(), low: task(), high: task(), other: task(), done: end() }, [
    'begin -> a',
    ['a -> other', 'else'],
    ['a -> low', is('result.level', 1)],
    ['a -> low & high', is('_result', true)],
    'low & high & other -> done',
  ]);

  it.each([
    { output: { level: 1 }, effects: ['low'], why: 'the first that holds, in file order' },
    { output: { level: 2 }, effects: ['low', 'high'], why: 'a fan takes all of its targets' },
    { output: false, effects: ['other'], why: 'else last, wherever it is written' },
    { output: { level: 3, _result: false }, effects: ['other'], why: 'a result may say no' },
  ])('takes $effects: $why', ({ output, effects }) => {
    given(choice)
      .after(started())
      .when(completed('a', output))
      .gives(...effects);
  });

  it('becomes the incident NO_EDGE when none holds, with its output stored', () => {
    const strict = flow({ begin: start(), a: task(), done: end() }, [
      'begin -> a',
      ['a -> done', is('result.ok', true)],
    ]);
    const bench = given(strict)
      .after(started())
      .when(completed('a', { ok: false }))
      .gives('! a NO_EDGE');
    expect(bench.row('a')).toMatchObject({ status: 'incident', queue: null, error: { code: 'NO_EDGE' } });
    expect(bench.outputs.get('a#1')).toStrictEqual({ ok: false });
    expect(bench.instance).toMatchObject({ status: 'incident', active: 1, incidents: 1 });
  });

  it.each([
    { condition: path('result.text'), code: 'EXPRESSION_NOT_BOOLEAN' },
    { condition: is('nobody.text', 1), code: 'EXPRESSION_UNKNOWN_NAME' },
  ])('becomes the incident $code when a condition has no answer, and takes no other line', ({ condition, code }) => {
    const broken = flow({ begin: start(), a: task(), done: end() }, [
      'begin -> a',
      ['a -> done', condition],
      ['a -> done', 'else'],
    ]);
    given(broken)
      .after(started())
      .when(completed('a', { text: 'x' }))
      .gives(`! a ${code}`);
  });
});

describe('gateways', () => {
  const nodes = { begin: start(), a: task(), x: task(), y: task(), z: task(), done: end() };
  const lines = (gate: string) =>
    [
      'begin -> a',
      `a -> ${gate}`,
      [`${gate} -> x`, is('result.x', true)],
      [`${gate} -> y`, is('result.y', true)],
      [`${gate} -> z`, 'else'],
      'x & y & z -> done',
    ] as const;

  it.each([
    { output: { x: true, y: true }, taken: ['x', 'y'] },
    { output: { y: true }, taken: ['y'] },
    { output: {}, taken: ['z'] },
  ])('inclusive takes every line that holds, else only if none does: $taken', ({ output, taken }) => {
    given(flow({ ...nodes, g: inclusive() }, lines('g')))
      .after(started())
      .when(completed('a', output))
      .gives(...taken);
  });

  it('exclusive takes the first that holds, and passes the result of the node before it on', () => {
    given(flow({ ...nodes, g: exclusive() }, lines('g')))
      .after(started())
      .when(completed('a', { x: true, y: true }))
      .gives('x');
  });

  it('parallel takes all', () => {
    given(
      flow({ begin: start(), p: parallel(), x: task(), y: task(), done: end() }, [
        'begin -> p',
        'p -> x',
        'p -> y',
        'x & y -> done',
      ]),
    )
      .after()
      .when(started())
      .gives('x', 'y');
  });

  it('passes the result through a set, but not through a join', () => {
    const through = (id: string, spec: Parameters<typeof flow>[0][string]) =>
      flow({ begin: start(), a: task(), [id]: spec, b: task(), done: end() }, [
        `begin -> a -> ${id}`,
        [`${id} -> b`, is('result.ok', true)],
        'b -> done',
      ]);
    given(through('s', set({})))
      .after(started())
      .when(completed('a', { ok: true }))
      .gives('b');
    given(through('j', join('all')))
      .after(started())
      .when(completed('a', { ok: true }))
      .gives('! j EXPRESSION_UNKNOWN_NAME');
    given(through('t', timer({ ms: 5 })))
      .after(started())
      .when(completed('a', { ok: true }))
      .gives('t +5');
  });
});
