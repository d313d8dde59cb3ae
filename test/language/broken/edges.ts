import { type Broken, edges, nodes } from './broken.js';

const TO_WORK = 'begin -> work';

/** What the lines of `edges` say. */
export const EDGES: readonly Broken[] = [
  ['a word alone', 'BAD_EDGE', edges(TO_WORK, '‸work')],
  ['an arrow to nothing', 'BAD_EDGE', edges(TO_WORK, 'work ->‸')],
  ['an arrow from nothing', 'BAD_EDGE', edges(TO_WORK, '‸-> done')],
  ['a double arrow', 'BAD_EDGE', edges(TO_WORK, 'work ‸=> done')],
  ['an arrow of Mermaid', 'BAD_EDGE', edges(TO_WORK, 'work ‸--> done')],
  ['an arrow as one sign', 'BAD_EDGE', edges(TO_WORK, 'work ‸→ done')],
  ['a comma between targets', 'BAD_EDGE', edges(TO_WORK, 'work -> done‸, done')],
  ['no space after the colon', 'SPACE_AFTER_COLON', edges(TO_WORK, 'work -> done‸:else')],
  ['a condition on a chain', 'CONDITION_ON_CHAIN', edges('begin -> work -> done: ‸input.a == 1')],
  ['nothing after the colon', 'EMPTY_CONDITION', edges(TO_WORK, 'work -> done:‸')],
  ['a comment after the colon', 'EMPTY_CONDITION', edges(TO_WORK, 'work -> done: ‸# always')],
  [
    'a comment after a condition',
    'COMMENT_AFTER_CONDITION',
    edges(TO_WORK, 'work -> done: _result ‸# paid', 'work -> done: else'),
  ],
  ['a target twice', 'DUPLICATE_TARGET', edges(TO_WORK, 'work -> done & ‸done')],
  ['a source twice', 'DUPLICATE_TARGET', edges(TO_WORK, 'work & ‸work -> done')],
  ['a number as a condition', 'BAD_EDGE', edges(TO_WORK, 'work -> done: ‸1')],
  ['a list as a condition', 'BAD_EDGE', edges(TO_WORK, 'work -> done: ‸[input.a]')],
  ['a map as a condition', 'BAD_EDGE', edges(TO_WORK, 'work -> done: ‸{ a: 1 }')],
  ['an event misspelt', 'BAD_EDGE', edges(TO_WORK, 'work -> done: on ‸timout', 'work -> done')],
  ['a failure without a code', 'BAD_EDGE', edges(TO_WORK, 'work -> done: on ‸error', 'work -> done')],
  ['a failure in small letters on an edge', 'BAD_EDGE', edges(TO_WORK, 'work -> done: on error ‸busy', 'work -> done')],
  ['two failures on a line', 'BAD_EDGE', edges(TO_WORK, 'work -> done: on error BUSY ‸LATE', 'work -> done')],
  ['a star in the middle of a code', 'BAD_EDGE', edges(TO_WORK, 'work -> done: on error ‸A*B', 'work -> done')],
  ['more after a timeout', 'BAD_EDGE', edges(TO_WORK, 'work -> done: on timeout ‸5s', 'work -> done')],
  ['a long edge without its end', 'MISSING_KEY', edges(TO_WORK, '{ ‸from: work }')],
  ['a long edge with a key of its own', 'UNKNOWN_KEY', edges(TO_WORK, '{ from: work, to: done, ‸if: _result }')],
  [
    'a long edge with two conditions',
    'BAD_EDGE',
    edges(TO_WORK, '{ from: work, to: done, when: _result, ‸else: true }'),
  ],
  ['an else that is false', 'WRONG_VALUE', edges(TO_WORK, '{ from: work, to: done, else: ‸false }')],
  ['a long edge to nobody', 'OUT_OF_RANGE', edges(TO_WORK, '{ from: work, to: ‸[] }')],
  ['an edge that is a number', 'BAD_EDGE', edges(TO_WORK, '‸7')],
  ['an edge to no node', 'UNKNOWN_NODE', edges(TO_WORK, 'work -> ‸nowhere', 'work -> done: on timeout')],
  ['an edge to a node misspelt', 'UNKNOWN_NODE', edges(TO_WORK, 'work -> ‸doen')],
  ['an edge from no node', 'UNKNOWN_NODE', edges(TO_WORK, 'work -> done', '‸somewhere -> done')],
  ['an edge into the start', 'EDGE_INTO_START', edges(TO_WORK, 'work -> ‸begin: _result', 'work -> done: else')],
  ['an edge from an end', 'EDGE_FROM_END', edges(TO_WORK, 'work -> done', '‸done -> work')],
  [
    'an error of a gateway',
    'BOUNDARY_NOT_TASK',
    nodes(['work: { gateway: exclusive }'], [TO_WORK, 'work -> done', 'work -> done: ‸on error *']),
  ],
  [
    'a timeout of a call',
    'BOUNDARY_NOT_TASK',
    nodes(['work: { call: other }'], [TO_WORK, 'work -> done', 'work -> done: ‸on timeout']),
  ],
  [
    'a timeout of a wait without one',
    'NEVER_TAKEN',
    nodes(['work: { wait: a.b }'], [TO_WORK, 'work -> done', 'work -> done: ‸on timeout']),
  ],
  [
    'the same failure twice',
    'DUPLICATE_CONDITION',
    edges(TO_WORK, 'work -> done', 'work -> done: on error A*', 'work -> done: ‸on error A*'),
  ],
];
