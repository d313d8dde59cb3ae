import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';

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

  it('of a call is a flow, which gets what the call gets, and what it gave', () => {
    const undoOf = (work: string) => {
      const { definition, problems } = read(work);
      expect(problems).toEqual([]);
      const node = definition?.nodes.get('work');
      return node?.kind === 'call' ? { flow: node.undo?.flow, in: [...(node.undo?.in.keys() ?? [])] } : null;
    };
    expect(undoOf('{ call: other, in: { n: input.n }, undo: back }')).toEqual({ flow: 'back', in: ['result', 'n'] });
    expect(undoOf('{ call: other, undo: back }')).toEqual({ flow: 'back', in: ['result'] });
    const long = '{ call: other, undo: { call: back, in: { of: result.instance } } }';
    expect(undoOf(long)).toEqual({ flow: 'back', in: ['of'] });
  });

  it.each([
    ['{ task: x.do, undo: 3 }', '{ compensate: all }', 'WRONG_TYPE 5:29'],
    ['{ task: x.do, undo: { in: { a: 1 } } }', '{ compensate: all }', 'WRONG_TYPE 5:29'],
    ['{ task: x.do, undo: { task: x.un, in: { a: item } } }', '{ compensate: all }', 'UNKNOWN_NAME 5:52'],
    ['{ task: x.do, undo: { task: x.un, in: { a: input.m } } }', '{ compensate: all }', 'UNKNOWN_INPUT 5:52'],
    ['{ task: x.do }', '{ compensate: all }', 'NOTHING_TO_UNDO 6:3'],
    ['{ task: x.do, undo: x.un }', '{ compensate: done }', 'NOTHING_TO_UNDO 6:3'],
    ['{ task: x.do, undo: x.un }', '{ compensate: wrk }', 'UNKNOWN_NODE 6:3'],
    ['{ call: other, undo: x.un }', '{ compensate: all }', 'BAD_ID 5:30'],
    ['{ call: other, undo: { task: x.un } }', '{ compensate: all }', 'WRONG_TYPE 5:30'],
    ['{ task: x.do, undo: { call: other } }', '{ compensate: all }', 'WRONG_TYPE 5:29'],
    ['{ call: other, detach: true, undo: back }', '{ compensate: all }', 'MODIFIER_NOT_HERE 5:38'],
    ['{ call: other, undo: { call: back, in: { a: inptu.n } } }', '{ compensate: all }', 'UNKNOWN_NAME 5:53'],
  ])('%s and %s have %s', (work, back, problem) => expect(read(work, back).problems).toContain(problem));
});
