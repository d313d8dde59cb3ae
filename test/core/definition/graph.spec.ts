import { describe, expect, it } from 'vitest';
import { graphOf, outgoingOf } from '../../../src/core/definition/graph.js';
import {
  end,
  exclusive,
  failure,
  flow,
  is,
  join,
  parallel,
  path,
  ruleOf,
  set,
  start,
  task,
  terminate,
  timer,
} from '../../support/build-definition.js';

const line = flow({ begin: start(), a: task(), done: end() }, ['begin -> a -> done']);

describe('the graph of a definition', () => {
  it('is computed once', () => {
    expect(graphOf(line)).toBe(graphOf(line));
    expect(graphOf({ ...line })).not.toBe(graphOf(line));
  });

  it('is refused without a start', () => {
    expect(() => graphOf(flow({ done: end() }, []))).toThrow(/Expected flow 'test' to have a start node/);
  });

  it('puts else last and lines for failures apart', () => {
    const lines = flow({ begin: start(), a: task(), x: end(), y: end() }, [
      'begin -> a',
      ['a -> x', 'on timeout'],
      ['a -> y', 'else'],
      ['a -> x', is('result.x', 1)],
      ['a -> y', 'on error *'],
      ['a -> y', is('result.y', 1)],
      ['a -> x', 'on exhausted'],
    ]);
    const { ordinary, boundary } = outgoingOf(graphOf(lines), 'a');
    expect(ordinary.map(({ index }) => index)).toStrictEqual([3, 5, 2]);
    expect(boundary.map(({ index }) => index)).toStrictEqual([1, 4, 6]);
  });

  it.each([
    { of: 'a line', definition: line, needs: false },
    {
      of: 'a join of all',
      definition: flow({ b: start(), a: task(), j: join('all'), d: end() }, ['b -> a -> j -> d']),
      needs: false,
    },
    {
      of: 'a join of the taken',
      definition: flow({ b: start(), j: join('taken'), d: end() }, ['b -> j -> d']),
      needs: true,
    },
    { of: 'terminate', definition: flow({ b: start(), d: terminate() }, ['b -> d']), needs: true },
    { of: '{ fail }', definition: flow({ b: start(), d: failure('X') }, ['b -> d']), needs: true },
  ])('of $of needs every active node instance: $needs', ({ definition, needs }) => {
    expect(graphOf(definition).needsActive).toBe(needs);
  });

  it('reads for facts what is evaluated when deciding, but not what handlers get', () => {
    const reading = flow(
      {
        begin: start(),
        a: task({ in: { secret: path('input.secret') }, out: { o: path('result.o') } }),
        s: set({ s: path('input.s.deep') }),
        t: timer({ for: path('vars.wait') }),
        u: timer({ until: path('a.when') }),
        done: end(),
      },
      ['begin -> a -> s -> t -> u', ['u -> done', is('input.s', 1)]],
    );
    const { reads } = graphOf(reading);
    expect([...reads.keys()].sort()).toStrictEqual(['a', 'input', 'result', 'vars']);
    expect([...(reads.get('input')?.members.keys() ?? [])]).toStrictEqual(['s']);
    expect(reads.get('input')?.members.get('s')).toMatchObject({ whole: true });
    expect(reads.get('a')).toMatchObject({ whole: false });
  });
});

describe('the nodes that can be visited more than once', () => {
  const x = exclusive;
  const fan = (more: Parameters<typeof flow>[0], ...edges: Parameters<typeof flow>[1]) =>
    flow({ begin: start(), p: parallel(), a: task(), b: task(), done: end(), ...more }, [
      'begin -> p',
      'p -> a',
      'p -> b',
      ...edges,
    ]);

  it.each([
    { of: 'a line', definition: line, nodes: [] },
    {
      of: 'a choice that meets again',
      definition: flow({ b: start(), a: task(), c: task(), m: x(), d: end() }, [
        'b -> a',
        ['a -> c', is('result', 1)],
        ['a -> m', 'else'],
        'c -> m -> d',
      ]),
      nodes: [],
    },
    {
      of: 'a loop, and what follows it',
      definition: flow({ b: start(), a: task(), c: task(), d: end() }, [
        'b -> a',
        ['a -> a', is('result', 1)],
        ['a -> c', 'else'],
        'c -> d',
      ]),
      nodes: ['a', 'c', 'd'],
    },
    {
      of: 'a fork whose branches meet at a join',
      definition: fan({ j: join('all') }, 'a & b -> j -> done'),
      nodes: [],
    },
    {
      of: 'a fork whose branches meet at a task that joins',
      definition: fan({ j: task({ join: ruleOf(1) }) }, 'a & b -> j -> done'),
      nodes: [],
    },
    {
      of: 'a fork whose branches meet at no join',
      definition: fan({ m: x(), z: task() }, 'a & b -> m -> z -> done'),
      nodes: ['done', 'm', 'z'],
    },
    {
      of: 'a fork whose branches meet at each',
      definition: fan({ m: join('each') }, 'a & b -> m -> done'),
      nodes: ['done', 'm'],
    },
    {
      of: 'a fan to one node twice',
      definition: flow({ b: start(), a: task(), m: x(), d: end() }, ['b -> a & m', 'a -> m -> d']),
      nodes: ['d', 'm'],
    },
    {
      of: 'a choice behind a join',
      definition: fan(
        { j: join('all'), y: task(), n: task() },
        'a & b -> j',
        ['j -> y', is('input.y', 1)],
        ['j -> n', 'else'],
        'y & n -> done',
      ),
      nodes: [],
    },
    {
      of: 'a branch that goes round its join',
      definition: fan(
        { j: join('all'), m: x() },
        ['a -> j', is('result', 1)],
        ['a -> m', 'else'],
        'b -> j -> m -> done',
      ),
      nodes: ['done', 'm'],
    },
    {
      of: 'a line for failures into what also follows',
      definition: flow({ b: start(), a: task(), c: task(), d: end() }, ['b -> a -> c -> d', ['a -> c', 'on error *']]),
      nodes: [],
    },
  ])('of $of: $nodes', ({ definition, nodes }) => {
    expect([...graphOf(definition).repeatable].sort()).toStrictEqual(nodes);
  });
});
