import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';

const flow = (node: string, line = 'work -> done', more = '') => `flow: a
input: { properties: { list: { type: array } } }
nodes:
  begin: { start: true }
  work: ${node}
  done: { end: done }
${more}edges:
  - begin -> work
  - ${line}
`;
const read = (...parts: Parameters<typeof flow>) => {
  const { definition, problems } = readDefinition(flow(...parts), 'a.flow.yaml');
  const node = definition?.nodes.get('work');
  return {
    each: node && 'each' in node ? node.each : undefined,
    problems: problems.map(({ code, line, column }) => `${code} ${line}:${column}`),
  };
};

describe('each', () => {
  it('is a list by itself, and says what is left out', () => {
    const { each, problems } = read('{ task: x.y, each: input.list, in: { a: item.a, at: index } }');
    expect(problems).toEqual([]);
    expect(each).toMatchObject({
      as: 'item',
      parallel: 10,
      limit: 1_000,
      until: null,
      rest: 'cancel',
      onError: 'fail',
    });
    expect(each?.list.value({ input: { list: [1] } })).toEqual([1]);
    expect(read('{ task: x.y, each: 3 }').each?.list.value({})).toBe(3);
    expect(read('{ task: x.y, each: [input.list, 2] }').each?.list.value({ input: { list: 1 } })).toEqual([1, 2]);
  });

  it('is read in its long form', () => {
    const long =
      '{ in: input.list, as: one, parallel: 2, limit: 9, until: each.no > 1 or result.stop, rest: ignore, onError: continue, collect: false }';
    const { each, problems } = read(`{ call: other, each: ${long}, in: { a: one } }`);
    expect(problems).toEqual([]);
    const rest = { rest: 'ignore', onError: 'continue', collect: false };
    expect(each).toMatchObject({ as: 'one', parallel: 2, limit: 9, until: { when: { text: /each.no/ } }, ...rest });
    expect(read('{ task: x.y, each: { in: 3, until: 2 } }').each?.until).toEqual({ count: 2 });
  });

  it.each([
    ['{ task: x.y, each: true }', 'WRONG_TYPE 5:28'],
    ['{ task: x.y, each: -1 }', 'OUT_OF_RANGE 5:28'],
    ['{ task: x.y, each: { parallel: 2 } }', 'MISSING_KEY 5:22'],
    ['{ task: x.y, each: { in: 3, paralel: 2 } }', 'UNKNOWN_KEY 5:37'],
    ['{ task: x.y, each: { in: 3, parallel: 0 } }', 'OUT_OF_RANGE 5:47'],
    ['{ task: x.y, each: { in: 3, parallel: 257 } }', 'OUT_OF_RANGE 5:47'],
    ['{ task: x.y, each: { in: 3, limit: 100001, collect: false } }', 'OUT_OF_RANGE 5:44'],
    ['{ task: x.y, each: { in: 3, limit: 10001 } }', 'MISSING_KEY 5:3'],
    ['{ task: x.y, each: { in: 3, limit: 1001 }, undo: x.z }', 'OUT_OF_RANGE 5:3'],
    ['{ task: x.y, each: { in: 3, until: 1 < 2 } }', 'CONSTANT_CONDITION 5:44'],
    ['{ task: x.y, each: { in: 3, more: news } }', 'WRONG_TYPE 5:43'],
    ['{ task: x.y, each: { in: 3, more: { match: { a: 1 } } } }', 'MISSING_KEY 5:37'],
    ['{ task: x.y, each: { in: 3, more: { message: news, lst: 1 } } }', 'UNKNOWN_KEY 5:60'],
    ['{ task: x.y, each: { in: 3, more: { message: news, keep: soon } } }', 'BAD_DURATION 5:66'],
    ['{ task: x.y, each: { in: 3, more: { message: news, match: { a: result.a } } } }', 'RESULT_NOT_HERE 5:72'],
    ['{ task: x.y, each: { in: 3, more: { message: news, match: { a: item } } } }', 'UNKNOWN_NAME 5:72'],
    ['{ task: x.y, each: { in: 3, more: { message: news, items: item } } }', 'UNKNOWN_NAME 5:67'],
    ['{ task: x.y, each: { in: 3, more: { message: news, last: result.n + 1 } } }', 'CONDITION_NOT_BOOLEAN 5:66'],
    ['{ task: x.y, each: { in: 3, more: { message: news, last: each.all } } }', 'UNKNOWN_NAME 5:66'],
    ['{ task: x.y, each: { in: 3, more: { message: news, last: 1 < 2 } } }', 'CONSTANT_CONDITION 5:66'],
    ['{ task: x.y, each: { in: 3, rest: stop } }', 'WRONG_VALUE 5:43'],
    ['{ task: x.y, each: { in: 3, until: true } }', 'WRONG_TYPE 5:44'],
    ['{ task: x.y, each: { in: 3, until: each.yes + 1 } }', 'CONDITION_NOT_BOOLEAN 5:44'],
    ['{ task: x.y, each: { in: 3, until: each.some > 1 } }', 'UNKNOWN_NAME 5:44'],
    ['{ task: x.y, each: { in: 3, until: item > 1 } }', 'UNKNOWN_NAME 5:44'],
    ['{ task: x.y, each: { in: 3, as: index } }', 'RESERVED_NAME 5:41'],
    ['{ task: x.y, each: { in: 3, as: input } }', 'RESERVED_NAME 5:41'],
    ['{ task: x.y, each: { in: 3, as: done } }', 'RESERVED_NAME 6:3'],
    ['{ task: x.y, each: item.list }', 'UNKNOWN_NAME 5:28'],
    ['{ task: x.y, each: input.lst }', 'UNKNOWN_INPUT 5:28'],
    ['{ task: x.y, each: 3, in: { a: one } }', 'UNKNOWN_NAME 5:40'],
    ['{ task: x.y, circuit: { by: item } }', 'UNKNOWN_NAME 5:37'],
    ['{ task: x.y, in: { a: item } }', 'UNKNOWN_NAME 5:31'],
    ['{ task: x.y, each: 3, visits: 2001 }', 'OUT_OF_RANGE 5:3'],
    ['{ call: other, each: 3 }', 'MISSING_KEY 5:3'],
    ['{ wait: news, each: 3 }', 'MODIFIER_NOT_HERE 5:23'],
    ['{ split: { a: 1 }, by: input.list, each: 3 }', 'MODIFIER_NOT_HERE 5:44'],
  ])('%s has %s', (node, problem) => expect(read(node).problems).toEqual([problem]));

  it('reads how more items come', () => {
    const more =
      '{ message: news, match: { a: input.list }, keep: 1m, items: result.names, last: each.total > 3 and result.end }';
    const { each, problems } = read(`{ task: x.y, each: { in: 3, until: each.closed, more: ${more} } }`);
    expect(problems).toEqual([]);
    expect(each?.more).toMatchObject({ message: 'news', keepMs: 60_000, items: { text: 'result.names' } });
    expect(each?.more?.match.get('a')?.text).toBe('input.list');
    expect(each?.more?.last?.text).toBe('each.total > 3 and result.end');
    expect(read('{ task: x.y, each: { in: 3, more: { message: news } } }').each?.more).toEqual({
      message: 'news',
      match: new Map(),
      keepMs: null,
      items: null,
      last: null,
    });
  });

  it('says why it is not for every kind of node', () => {
    const { problems } = readDefinition(flow('{ split: { a: 1 }, by: input.list, each: 3 }'), 'x');
    expect(problems[0]?.hint).toMatch(/^A split chooses the way of the whole instance/);
  });

  it('stands on rules and sequences too, and is read in the conditions of rules', () => {
    const rules = '{ rules: { and: [{ when: item > index }, { result: x.y }] }, each: input.list, in: { a: item } }';
    expect(read(rules)).toMatchObject({ problems: [], each: { as: 'item' } });
    const sequence = '{ sequence: [{ name: a, do: x.y }], each: { in: 3, as: one }, in: { a: one } }';
    expect(read(sequence)).toMatchObject({ problems: [], each: { as: 'one' } });
    expect(read('{ rules: { and: [{ when: item > 1 }, { result: x.y }] } }').problems).toEqual(['UNKNOWN_NAME 5:34']);
  });

  it('has an output like any other node', () => {
    expect(read('{ task: x.y, each: 3 }', 'work -> done: result.yes > 1 and len(work.results) == 3').problems).toEqual([
      'NO_ELSE 9:19',
    ]);
  });
});
