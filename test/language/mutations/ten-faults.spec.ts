import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';

const TEN_FAULTS = `flow: order
titel: An order
key: input.orderId
input: { type: object, properties: { orderId: { type: string }, amount: { type: number } } }
nodes:
  begin:   { start: true }
  reserve: { task: stock.reserve, timeout: 5 min }
  charge:  { task: card.charge, lane: vip }
  pack:    { task: stock.pack, in: { count: max(input.amount, 1) } }
  both:    { join: all }
  notify:  { task: mail.send, retry: { max: -1 } }
  done:    { end: success }
  refused: { end: refused }
edges:
  - begin -> reserve
  - reserve -> charge & pack: result.ok == true && input.amount > 0
  - reserve -> refusd:        else
  - charge & pack -> both
  - both -> notify:           result.paid
  - both -> refused:          # not paid
  - notify -> done:           on timout
  - notify -> done
`;

describe('a definition with ten different faults', () => {
  const { definition, problems } = readDefinition(TEN_FAULTS, 'order.flow.yaml');

  it('has ten problems, each at its place, and no more', () => {
    expect(problems.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
      '2:1 UNKNOWN_KEY',
      '7:44 BAD_DURATION',
      '8:33 NOT_BUILT_YET',
      '9:63 UNQUOTED_COMMA',
      '11:45 OUT_OF_RANGE',
      '16:49 BAD_EXPRESSION',
      '17:16 UNKNOWN_NODE',
      '19:31 RESULT_NOT_HERE',
      '20:31 EMPTY_CONDITION',
      '21:34 BAD_EDGE',
    ]);
    expect(definition).toBeNull();
  });

  it('points its carets at the words that are wrong', () => {
    const words = problems.map(({ excerpt, column, length }) => excerpt.slice(column - 1, column - 1 + length));
    expect(words).toEqual(['titel', '5 min', 'lane', '1)', '-1', '&&', 'refusd', 'result.paid', '#', 'timout']);
  });

  it('says what to do wherever a word was nearly right', () => {
    const hints = problems.map(({ hint }) => hint).filter((hint) => hint?.startsWith('Did you mean'));
    expect(hints).toEqual(['Did you mean `title`?', 'Did you mean `refused`?', 'Did you mean `timeout`?']);
  });
});
