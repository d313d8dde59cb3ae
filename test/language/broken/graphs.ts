import { type Broken, edges, nodes, work } from './broken.js';

const PAIR = ['a: { task: demo.a }', 'b: { task: demo.b }'];

/** What only the whole graph can tell. */
export const GRAPHS: readonly Broken[] = [
  [
    'no start',
    'NO_START',
    'flow: example\n‸nodes:\n  work: { task: demo.work }\n  done: { end: success }\nedges:\n  - work -> done\n',
  ],
  [
    'no end',
    'NO_END DEAD_END',
    'flow: example\n‸nodes:\n  begin: { start: true }\n  ‸work: { task: demo.work }\nedges:\n  - begin -> work\n',
  ],
  ['two starts', 'TWO_STARTS', nodes(['‸again: { start: true }'], ['begin -> done', 'again -> done'])],
  [
    'a node that nothing leads to',
    'UNREACHABLE',
    nodes(['work: { task: demo.work }', '‸alone: { task: demo.alone }'], ['begin -> work -> done', 'alone -> done']),
  ],
  [
    'two nodes that only lead to one another',
    'UNREACHABLE UNREACHABLE',
    nodes(
      ['‸a: { task: demo.a }', '‸b: { task: demo.b }'],
      ['begin -> done', 'a -> b', 'b -> a: result.x == 1', 'b -> done: else'],
    ),
  ],
  [
    'a node that leads nowhere',
    'DEAD_END',
    nodes(
      ['work: { task: demo.work }', '‸lost: { task: demo.lost }'],
      ['begin -> work', 'work -> lost: result.a == 1', 'work -> done: else'],
    ),
  ],
  [
    'a node that only fails',
    'DEAD_END',
    nodes(['‸work: { task: demo.work }'], ['begin -> work', 'work -> done: on error *']),
  ],
  [
    'a loop without a way out',
    'NO_WAY_TO_END NO_WAY_TO_END',
    nodes(
      ['‸a: { task: demo.a }', '‸b: { task: demo.b }'],
      ['begin -> a: input.x == 1', 'begin -> done: else', 'a -> b -> a'],
    ),
  ],
  [
    'a loop of gateways',
    'TIGHT_LOOP',
    nodes(
      ['‸a: { gateway: exclusive }', 'b: { gateway: exclusive }'],
      ['begin -> a -> b', 'b -> a: input.x == 1', 'b -> done: else'],
    ),
  ],
  [
    'a loop of a set',
    'TIGHT_LOOP',
    nodes(
      ['‸a: { set: { n: 1 } }', 'b: { gateway: exclusive }'],
      ['begin -> a -> b', 'b -> a: vars.n == 2', 'b -> done: else'],
    ),
  ],
  [
    'a gateway that leads to itself',
    'TIGHT_LOOP',
    nodes(['‸a: { gateway: exclusive }'], ['begin -> a', 'a -> a: input.x == 1', 'a -> done: else']),
  ],
  [
    'two unconditional edges',
    'TWO_UNCONDITIONAL',
    nodes(PAIR, ['begin -> a', '‸begin -> b', 'a -> done', 'b -> done']),
  ],
  [
    'two elses',
    'TWO_ELSES',
    edges('begin -> work', 'work -> done: result.a == 1', 'work -> done: else', 'work -> done: ‸else'),
  ],
  ['no else', 'NO_ELSE', edges('begin -> work', 'work -> done: ‸result.a == 1')],
  [
    'a condition after an edge without',
    'NEVER_TAKEN',
    edges('begin -> work', 'work -> done', 'work -> done: ‸result.a == 1'),
  ],
  ['an else beside an edge without', 'NEVER_TAKEN', edges('begin -> work', 'work -> done', 'work -> done: ‸else')],
  [
    'a condition on a parallel gateway',
    'CONDITION_ON_PARALLEL',
    nodes(
      ['work: { gateway: parallel }', ...PAIR],
      ['begin -> work', 'work -> a: ‸input.x == 1', 'work -> b', 'a -> done', 'b -> done'],
    ),
  ],
  [
    'an else on a parallel gateway',
    'CONDITION_ON_PARALLEL',
    nodes(
      ['work: { gateway: parallel }', ...PAIR],
      ['begin -> work', 'work -> a', 'work -> b: ‸else', 'a -> done', 'b -> done'],
    ),
  ],
  [
    'a race with a condition',
    'RACE_LINE',
    nodes(
      ['work: { gateway: event }', 'a: { timer: 1h }', 'b: { wait: x.y }'],
      ['begin -> work', 'work -> a: ‸input.x == 1', 'work -> b', 'a -> done', 'b -> done'],
    ),
  ],
  [
    'a race into a task',
    'RACE_LINE',
    nodes(
      ['work: { gateway: event }', 'a: { timer: 1h }', 'b: { task: demo.b }'],
      ['begin -> work', 'work -> a', 'work -> ‸b', 'a -> done', 'b -> done'],
    ),
  ],
  ['a join of one edge', 'JOIN_OF_ONE', work('{ task: demo.work, join: ‸all }')],
  [
    'a join of more edges than there are',
    'JOIN_COUNT_TOO_LARGE',
    nodes([...PAIR, 'both: { join: ‸3 }'], ['begin -> a & b', 'a & b -> both', 'both -> done']),
  ],
  [
    'a join of all that can not all come',
    'WAITS_FOREVER',
    nodes(
      [...PAIR, 'both: { join: ‸all }'],
      ['begin -> a: input.x == 1', 'begin -> b: else', 'a & b -> both', 'both -> done'],
    ),
  ],
  [
    'parallel paths into a task',
    'UNSOUND_JOIN',
    nodes([...PAIR, '‸both: { task: demo.both }'], ['begin -> a & b', 'a & b -> both', 'both -> done']),
  ],
  [
    'a join that a branch may leave out',
    'MAY_WAIT_FOREVER',
    nodes(
      [...PAIR, 'both: { join: ‸all }'],
      ['begin -> a & b', 'a -> both: result.x == 1', 'a -> done: else', 'b -> both', 'both -> done'],
    ),
  ],
  [
    'branches that write the same',
    'PARALLEL_WRITES',
    nodes(
      [
        'a: { task: demo.a, out: { n: result.n } }',
        'b: { task: demo.b, out: { ‸n: result.n } }',
        'both: { join: all }',
        'c: { task: demo.c, in: { n: vars.n } }',
      ],
      ['begin -> a & b', 'a & b -> both', 'both -> c -> done'],
    ),
  ],
  [
    'sets that write the same',
    'PARALLEL_WRITES',
    nodes(
      [
        'a: { set: { n: 1 } }',
        'b: { set: { ‸n: 2 } }',
        'both: { join: all }',
        'c: { task: demo.c, in: { n: vars.n } }',
      ],
      ['begin -> a & b', 'a & b -> both', 'both -> c -> done'],
    ),
  ],
  [
    'two faults far apart',
    'UNKNOWN_NODE EDGE_FROM_END',
    nodes(['work: { task: demo.work }'], ['begin -> work', 'work -> ‸doen', '‸done -> work']),
  ],
  [
    'three faults in a row',
    'BAD_DURATION UNKNOWN_KEY BAD_EXPRESSION',
    nodes(
      ['work: { task: demo.work, timeout: ‸5 min, ‸cach: 1 }'],
      ['begin -> work', 'work -> done: input.a ‸&& input.b', 'work -> done: else'],
    ),
  ],
  [
    'a flow that calls itself in any case',
    'ENDLESS_CALLS',
    nodes(['‸work: { call: example }'], ['begin -> work -> done']),
  ],
  [
    'a flow that calls itself in one of two branches',
    'ENDLESS_CALLS',
    nodes(['a: { task: demo.a }', '‸b: { call: example }'], ['begin -> a & b', 'a & b -> done']),
  ],
  ['a variable for nobody', 'UNUSED_VARIABLE', nodes(['work: { set: { ‸n: 1 } }'], ['begin -> work -> done'])],
  [
    'a variable that only an earlier task could have read',
    'UNUSED_VARIABLE',
    nodes(['work: { task: demo.work }', 'next: { set: { ‸n: work.n } }'], ['begin -> work -> next -> done']),
  ],
];
