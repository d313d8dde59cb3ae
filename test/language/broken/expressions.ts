import { type Broken, edges, nodes, top, work } from './broken.js';

const when = (condition: string): string => edges('begin -> work', `work -> done: ${condition}`, 'work -> done: else');
const INPUT = 'input: { type: object, properties: { amount: { type: number } } }';

/** What expressions say and read. */
export const EXPRESSIONS: readonly Broken[] = [
  ['an and of JavaScript', 'BAD_EXPRESSION', when('result.a == 1 ‸&& result.b == 2')],
  ['an or of JavaScript', 'BAD_EXPRESSION', when('result.a == 1 ‸|| result.b == 2')],
  ['a not of JavaScript', 'BAD_EXPRESSION', when("'‸!result.a'")],
  ['three equal signs', 'BAD_EXPRESSION', when('result.a ‸=== 1')],
  ['an assignment', 'BAD_EXPRESSION', when('result.a ‸= 1')],
  ['a power', 'BAD_EXPRESSION', when('result.a ‸^ 2 == 4')],
  ['a chained comparison', 'BAD_EXPRESSION', when('‸1 < result.a < 3')],
  ['an expression that breaks off', 'BAD_EXPRESSION', when('result.a ==‸')],
  ['a bracket that stays open', 'BAD_EXPRESSION', when('(result.a == 1‸')],
  ['a function that is not there', 'BAD_EXPRESSION', when('‸sqrt(result.a) == 2')],
  ['a function with too little', 'BAD_EXPRESSION', when('‸contains(result.a)')],
  ['a method of a text', 'BAD_EXPRESSION', when('‸result.a.trim() == "x"')],
  ['a prototype by a path', 'BAD_EXPRESSION', when('result.‸__proto__ == null')],
  ['a text that stays open', 'BAD_EXPRESSION', when('result.a == ‸"PAID')],
  ['two values in a row', 'BAD_EXPRESSION', when('result.a ‸result.b')],
  ['a number as what holds', 'CONDITION_NOT_BOOLEAN', when('‸len(result.items)')],
  ['a text as what holds', 'CONDITION_NOT_BOOLEAN', when('‸\'"PAID"\'')],
  ['a sum as what holds', 'CONDITION_NOT_BOOLEAN', when('‸input.a + 1')],
  ['a condition that always holds', 'CONSTANT_CONDITION', when('‸true')],
  ['a condition that never holds', 'CONSTANT_CONDITION', when('‸1 == 2')],
  [
    'a delay that is always asked for',
    'CONSTANT_CONDITION',
    work('{ task: demo.work, delay: { when: ‸1 < 2, for: 1h } }'),
  ],
  [
    'a rule that always holds',
    'CONSTANT_CONDITION',
    work('{ rules: { and: [{ when: ‸1 < 2 }, { result: demo.x }] } }'),
  ],
  ['a split of all into one arm', 'CONSTANT_CONDITION', work('{ split: { a: 1, b: 1 }, by: ‸1 + 1 }')],
  [
    'a jump that is always made',
    'CONSTANT_CONDITION',
    work('{ sequence: [{ name: a, do: demo.x, goto: { to: a, when: ‸1 < 2 } }] }'),
  ],
  [
    'a condition twice',
    'DUPLICATE_CONDITION',
    edges('begin -> work', 'work -> done: result.a == 1', 'work -> done: ‸result.a  == 1', 'work -> done: else'),
  ],
  ['a name that nobody gave', 'UNKNOWN_NAME', when('‸amount > 100')],
  ['a text without its quotes', 'UNKNOWN_NAME', when('result.state == ‸PAID')],
  ['a node misspelt', 'UNKNOWN_NAME', when('‸wrok.a == 1')],
  [
    'an input that its schema does not have',
    'UNKNOWN_INPUT',
    top(INPUT).replace('demo.work', 'demo.work, in: { a: ‸input.amont }'),
  ],
  ['a variable that nobody writes', 'UNKNOWN_VARIABLE', when('‸vars.total > 1')],
  [
    'a node that comes later',
    'NOT_FINISHED_BEFORE',
    nodes(
      ['work: { task: demo.work, in: { a: ‸late.a } }', 'late: { task: demo.late }'],
      ['begin -> work -> late -> done'],
    ),
  ],
  [
    'the output of a timer',
    'NAME_WITHOUT_OUTPUT',
    nodes(['work: { timer: 5s }', 'next: { task: demo.next, in: { a: ‸work.a } }'], ['begin -> work -> next -> done']),
  ],
  [
    'the output of a set',
    'NAME_WITHOUT_OUTPUT',
    nodes(
      ['work: { set: { a: 1 } }', 'next: { task: demo.next, in: { a: ‸work.a, b: vars.a } }'],
      ['begin -> work -> next -> done'],
    ),
  ],
  [
    'a result before there is one',
    'RESULT_NOT_HERE',
    edges('begin -> work: ‸result.a == 1', 'begin -> work: else', 'work -> done'),
  ],
  ['a result in what goes in', 'RESULT_NOT_HERE', work('{ task: demo.work, in: { a: ‸result.a } }')],
  ['a key that reads a node', 'UNKNOWN_NAME', top('key: ‸work.id')],
  ['a key that reads a variable', 'UNKNOWN_NAME', top('key: ‸vars.id')],
  ['a circuit in what goes in', 'CIRCUIT_NOT_HERE', work('{ task: demo.work, in: { a: ‸circuit.open } }')],
  [
    'a circuit in a delay that is no condition',
    'CIRCUIT_NOT_HERE',
    work('{ task: demo.work, delay: { for: ‸circuit.open } }'),
  ],
  [
    'another word of a circuit',
    'UNKNOWN_NAME',
    work('{ task: demo.work, delay: { when: ‸circuit.state == "open", for: 1h } }'),
  ],
  ['an output of the flow that reads a result', 'RESULT_NOT_HERE', top('output: { a: ‸result.a }')],
  ['an input with a faulty expression', 'BAD_EXPRESSION', work('{ task: demo.work, in: { a: input.a ‸&& input.b } }')],
  ['a variable with a faulty expression', 'BAD_EXPRESSION', work('{ set: { a: 1 +‸ } }')],
];
