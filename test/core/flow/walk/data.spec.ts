import { describe, expect, it } from 'vitest';
import {
  end,
  exclusive,
  expr,
  flow,
  is,
  join,
  literal,
  path,
  set,
  start,
  task,
} from '../../../support/build-definition.js';
import { completed, failed, given, retried, started } from '../../../support/flow-spec.js';

const plusOne = expr('vars.n + 1', ['vars.n'], (n) => Number(n ?? 0) + 1);

describe('facts', () => {
  const flowOf = (when: Parameters<typeof is>[0]) =>
    flow({ begin: start(), a: task(), b: task(), yes: end(), no: end() }, [
      'begin -> a -> b',
      ['b -> yes', is(when, 1)],
      ['b -> no', 'else'],
    ]);
  const output = { score: 1, deep: { x: 1, y: 2 }, list: [1, 2], note: 'x'.repeat(9) };

  it.each([
    { path: 'a.score', facts: { a: { score: 1 } } },
    { path: 'a.deep.x', facts: { a: { deep: { x: 1 } } } },
    { path: 'a.list.0', facts: { a: { list: [1, 2] } } },
    { path: 'a.missing', facts: { a: {} } },
    { path: 'input.amount', facts: { input: { amount: 7 } } },
    { path: 'result.score', facts: {} },
  ])('keep of input and outputs exactly what $path reads', ({ path: read, facts }) => {
    const bench = given(flowOf(read))
      .after(started({ amount: 7, other: 8 }))
      .when(completed('a', output))
      .gives('b');
    expect(bench.instance.state.facts).toStrictEqual(facts);
  });

  it('keep all of a value that is read as a whole', () => {
    const whole = flow({ begin: start(), a: task(), b: task(), done: end() }, [
      'begin -> a -> b',
      ['b -> done', expr('a.score > 0 and size(a)', ['a.score', 'a'], () => true)],
    ]);
    const bench = given(whole).after(started()).when(completed('a', output)).gives('b');
    expect(bench.instance.state.facts).toStrictEqual({ a: output });
  });

  it('write the instance row; without any, the row is left alone', () => {
    expect(given(flowOf('a.score')).after(started()).when(completed('a', output)).transition().instanceChanged).toBe(
      true,
    );
    expect(given(flowOf('input.x')).after(started()).when(completed('a', output)).transition().instanceChanged).toBe(
      false,
    );
  });

  it('let a later condition read an output although it is loaded by nobody', () => {
    given(flowOf('a.score')).after(started(), completed('a', output)).when(completed('b')).gives('= completed yes');
    given(flowOf('a.missing')).after(started(), completed('a', output)).when(completed('b')).gives('= completed no');
  });

  it('give the latest visit of a node', () => {
    const loop = flow({ begin: start(), a: task(), b: task(), done: end() }, [
      'begin -> a -> b',
      ['b -> done', is('a.ok', true)],
      ['b -> a', 'else'],
    ]);
    given(loop)
      .after(started(), completed('a', { ok: false }), completed('b'))
      .when(completed('a', { ok: true }, { visit: 2 }))
      .gives('b#2');
    given(loop)
      .after(started(), completed('a', { ok: false }), completed('b'), completed('a', { ok: true }, { visit: 2 }))
      .when(completed('b', {}, { visit: 2 }))
      .gives('= completed done');
  });

  it('show a sibling only once it has finished', () => {
    const sibling = flow({ begin: start(), a: task(), b: task(), done: end() }, [
      'begin -> a & b',
      ['a -> done', is('b.ok', true)],
      'b -> done',
    ]);
    given(sibling).after(started()).when(completed('a')).gives('! a EXPRESSION_UNKNOWN_NAME');
    given(sibling)
      .after(started(), completed('b', { ok: true }))
      .when(completed('a'))
      .gives('= completed done');
  });
});

describe('variables', () => {
  it('are written by set in file order, a later one seeing the earlier', () => {
    const counting = flow(
      { begin: start(), s: set({ n: literal(41), m: plusOne, n2: path('vars.m') }), a: task(), done: end() },
      ['begin -> s -> a -> done'],
    );
    const step = given(counting).after().when(started()).transition();
    expect(step.vars).toStrictEqual({ n: 41, m: 42, n2: 42 });
    expect(step.instance.state.facts).toStrictEqual({ vars: { n: 41, m: 42 } });
  });

  it('are written by out from the result when the task completes', () => {
    const out = flow({ begin: start(), a: task({ out: { score: path('result.score') } }), good: end(), bad: end() }, [
      'begin -> a',
      ['a -> good', is('vars.score', 7)],
      ['a -> bad', 'else'],
    ]);
    const bench = given(out)
      .after(started())
      .when(completed('a', { score: 7 }))
      .gives('= completed good');
    expect(bench.vars).toStrictEqual({ score: 7 });
  });

  it('of out are not written when no line can be chosen, so that a retry writes them once', () => {
    const strict = flow({ begin: start(), a: task({ out: { n: plusOne } }), done: end() }, [
      'begin -> a',
      ['a -> done', is('result.ok', true)],
    ]);
    const bench = given(strict).after(started()).when(completed('a')).gives('! a NO_EDGE');
    expect(bench.vars).toStrictEqual({});
    bench.happens(retried('a'));
    bench.happens(completed('a', { ok: true }, { attempt: 2 }));
    expect(bench.vars).toStrictEqual({ n: 1 });
    expect(bench.instance.status).toBe('completed');
  });

  it('of a set whose second expression fails are not written at all', () => {
    const half = flow({ begin: start(), s: set({ n: literal(1), m: path('nobody.x') }), done: end() }, [
      'begin -> s -> done',
    ]);
    const bench = given(half).after().when(started()).gives('! s EXPRESSION_UNKNOWN_NAME');
    expect(bench.vars).toStrictEqual({});
    expect(bench.row('s')).toMatchObject({ status: 'incident', attempt: 0 });
  });

  it('fail like any expression when the failure is not the language’s own', () => {
    const broken = expr('broken', [], () => {
      throw new RangeError('too deep');
    });
    given(flow({ begin: start(), s: set({ n: broken }), done: end() }, ['begin -> s -> done']))
      .after()
      .when(started())
      .gives('! s EXPRESSION_FAILED');
  });
});

describe('an inline node whose leaving failed', () => {
  const gate = flow(
    {
      begin: start(),
      a: task(),
      g: exclusive(),
      b: task({ out: { go: path('result.go') } }),
      j: join('each'),
      done: end(),
    },
    [
      'begin -> a & b',
      'a -> g',
      ['g -> j', expr('result.ok and vars.go', ['result.ok', 'vars.go'], (ok, go) => ok === true && go === true)],
      'b -> j',
      'j -> done',
    ],
  );

  it('is entered again by a retry, with the result it came with', () => {
    const earlier = [started(), completed('a', { ok: true, big: 'x' })];
    const bench = given(gate)
      .after(started())
      .when(completed('a', { ok: true, big: 'x' }))
      .gives('! g NO_EDGE');
    expect(bench.instance.state.facts).toStrictEqual({ 'g#1': { result: { ok: true }, flag: true } });
    given(gate)
      .after(...earlier)
      .when(retried('g'))
      .gives('ok g by ops', '! g NO_EDGE');
    const healed = given(gate)
      .after(...earlier, completed('b', { go: true }))
      .when(retried())
      .gives('ok g by ops', '= completed done');
    expect(healed.row('g')).toMatchObject({ status: 'done', attempt: 1, error: null });
    expect(healed.instance.state.facts).toStrictEqual({ vars: { go: true } });
  });
});

describe('a task that is retried by hand', () => {
  const patient = flow({ begin: start(), a: task({ retry: { remote: [1_000], max: 1 } }), done: end() }, [
    'begin -> a -> done',
  ]);
  const exhausted = [started(), failed('a'), failed('a', 'HANDLER_ERROR', { attempt: 2 })];

  it('gets a new round of attempts, counted on', () => {
    given(patient)
      .after(...exhausted)
      .when(retried('a'))
      .gives('ok a by ops', 'a x3 operator');
    given(patient)
      .after(...exhausted, retried('a'))
      .when(failed('a', 'HANDLER_ERROR', { attempt: 3 }))
      .gives('~ a failed: retried in 1 s', 'a x4 +1000 retry');
    const bench = given(patient)
      .after(...exhausted, retried('a'), failed('a', 'HANDLER_ERROR', { attempt: 3 }))
      .when(failed('a', 'HANDLER_ERROR', { attempt: 4 }))
      .gives('~ a failed: became the incident EXHAUSTED', '! a EXHAUSTED');
    expect(bench.instance.state.facts).toStrictEqual({ 'a#1': { spent: 2 } });
  });

  it('leaves nothing behind once it is done', () => {
    const bench = given(patient)
      .after(...exhausted, retried('a'))
      .when(completed('a', {}, { attempt: 3 }))
      .gives('= completed done');
    expect(bench.instance).toMatchObject({ status: 'completed', incidents: 0, active: 0, state: { facts: {} } });
  });

  it('is asked again when its lines could not be decided', () => {
    const strict = flow({ begin: start(), a: task(), done: end() }, [
      'begin -> a',
      ['a -> done', is('result.ok', true)],
    ]);
    given(strict).after(started(), completed('a')).when(retried('a')).gives('ok a by ops', 'a x2 operator');
  });

  it('goes on together with every other incident when all are retried', () => {
    const fan = flow({ begin: start(), a: task(), b: task(), c: task(), done: end() }, [
      'begin -> a & b & c',
      'a & b & c -> done',
    ]);
    given(fan)
      .after(started(), failed('a'), failed('c'))
      .when(retried())
      .gives('ok a by ops', 'a x2 operator', 'ok c by ops', 'c x2 operator');
    given(fan).after(started(), failed('a'), failed('c')).when(retried('c')).gives('ok c by ops', 'c x2 operator');
  });
});
