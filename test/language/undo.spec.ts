import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/language/read-definition.js';

const flow = (work: string, back = '{ compensate: all }') => `flow: a
input: { properties: { n: { type: number } } }
nodes:
  begin: { start: true }
  work: ${work}
  back: ${back}
  done: { end: done }
edges:
  - begin -> work -> back -> done
`;
const read = (...parts: Parameters<typeof flow>) => {
  const { definition, problems } = readDefinition(flow(...parts), 'a.flow.yaml');
  return { definition, problems: problems.map(({ code, line, column }) => `${code} ${line}:${column}`) };
};

describe('undo', () => {
  it('is a handler, which gets what the task gets, and what it gave', () => {
    const { definition, problems } = read('{ task: x.do, in: { n: input.n }, undo: x.un }');
    expect(problems).toEqual([]);
    const work = definition?.nodes.get('work');
    const undo = work?.kind === 'task' ? work.undo : undefined;
    expect(undo?.handler).toBe('x.un');
    expect([...(undo?.in?.keys() ?? [])]).toEqual(['result', 'n']);
    expect(undo?.in?.get('result')?.value({ result: 7 })).toBe(7);
    expect(definition?.nodes.get('back')).toMatchObject({ kind: 'compensate', what: 'all' });
  });

  it('is a handler and what it gets', () => {
    const { definition, problems } = read(
      '{ task: x.do, each: 3, undo: { task: x.un, in: { no: result.no, of: item } } }',
      '{ compensate: work }',
    );
    expect(problems).toEqual([]);
    const work = definition?.nodes.get('work');
    expect(work?.kind === 'task' && work.undo?.in?.get('no')?.value({ result: { no: 3 } })).toBe(3);
  });

  it.each([
    ['{ task: x.do, undo: 3 }', '{ compensate: all }', 'WRONG_TYPE 5:29'],
    ['{ task: x.do, undo: { in: { a: 1 } } }', '{ compensate: all }', 'WRONG_TYPE 5:29'],
    ['{ task: x.do, undo: { task: x.un, in: { a: item } } }', '{ compensate: all }', 'UNKNOWN_NAME 5:52'],
    ['{ task: x.do, undo: { task: x.un, in: { a: input.m } } }', '{ compensate: all }', 'UNKNOWN_INPUT 5:52'],
    ['{ task: x.do }', '{ compensate: all }', 'NOTHING_TO_UNDO 6:3'],
    ['{ task: x.do, undo: x.un }', '{ compensate: done }', 'NOTHING_TO_UNDO 6:3'],
    ['{ task: x.do, undo: x.un }', '{ compensate: wrk }', 'UNKNOWN_NODE 6:3'],
    ['{ call: other, undo: x.un }', '{ compensate: all }', 'MODIFIER_NOT_HERE 5:24'],
  ])('%s and %s have %s', (work, back, problem) => expect(read(work, back).problems).toContain(problem));
});
