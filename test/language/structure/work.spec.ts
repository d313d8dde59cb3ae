import { describe, expect, it } from 'vitest';
import { handlersOf } from '../../../src/core/definition/handlers.js';
import { readDefinition } from '../../../src/language/read-definition.js';

const flow = (node: string, line = 'work -> done') => `flow: a
input: { properties: { uid: { type: string } } }
nodes:
  begin: { start: true }
  work: ${node}
  done: { end: done }
edges:
  - begin -> work
  - ${line}
`;
const read = (node: string, line?: string) => {
  const { definition, problems } = readDefinition(flow(node, line), 'a.flow.yaml');
  return {
    node: definition?.nodes.get('work'),
    problems: problems.map(({ code, line, column }) => `${code} ${line}:${column}`),
  };
};

describe('a split', () => {
  it('is read with its salt, which is that of flow and node if nothing is said', () => {
    const { node, problems } = read('{ split: { a: 1, b: 2.5 }, by: input.uid, holdout: 5, force: { "10086": b } }');
    expect(problems).toEqual([]);
    expect(node).toMatchObject({ kind: 'gateway', mode: 'exclusive' });
    expect(node?.kind === 'gateway' && node.split).toMatchObject({
      salt: 'a.work',
      holdout: 0.05,
      arms: [
        { name: 'a', weight: 1 },
        { name: 'b', weight: 2.5 },
      ],
      force: new Map([['10086', 'b']]),
    });
  });

  it.each([
    ['{ split: { a: 1 } }', 'MISSING_KEY 5:11'],
    ['{ split: {}, by: input.uid }', 'OUT_OF_RANGE 5:18'],
    ['{ split: { a: 0 }, by: input.uid }', 'OUT_OF_RANGE 5:23'],
    ['{ split: { "1a": 1 }, by: input.uid }', 'BAD_ID 5:20'],
    ['{ split: { a: 1 }, by: input.uid, holdout: 101 }', 'OUT_OF_RANGE 5:52'],
    ['{ split: { a: 1 }, by: input.uid, force: { x: b } }', 'UNKNOWN_ARM 5:55'],
    ['{ split: { a: 1 }, by: uid }', 'UNKNOWN_NAME 5:32'],
  ])('%s has %s', (node, problem) => expect(read(node).problems).toEqual([problem]));

  it('knows its arms on its lines', () => {
    const node = '{ split: { coupon: 1 }, by: input.uid }';
    expect(read(node, 'work -> done: result.arm == "copuon"').problems[0]).toBe('UNKNOWN_ARM 9:19');
    expect(read(node, 'work -> done: \'result.arm == "coupon" or work.arm == null\'').problems).toEqual([
      'NO_ELSE 9:19',
    ]);
  });
});

describe('a sequence', () => {
  it('is read', () => {
    const { node, problems } = read(
      '{ sequence: [{ name: a, do: x.y }, { name: b, do: [x.y, x.z], with: { n: 1 }, checkpoint: true, goto: { to: a, when: result.n < 3 } }], jumps: 2 }',
    );
    expect(problems).toEqual([]);
    expect(node?.kind === 'task' && node.work).toMatchObject({
      type: 'sequence',
      jumps: 2,
      steps: [
        { name: 'a', handlers: ['x.y'], goto: [], checkpoint: false },
        { name: 'b', handlers: ['x.y', 'x.z'], with: { n: 1 }, goto: [{ to: 'a' }], checkpoint: true },
      ],
    });
  });

  it('has steps with branches, and names all handlers that they ask', () => {
    const { node, problems } = read(
      '{ sequence: [{ name: a, parallel: { b: { context: x.make, do: x.b, with: { n: 1 } }, c: [x.c, x.d] }, merge: { m: sum } }, { name: z, parallel: { p: x.p, q: x.q }, merge: x.mix }] }',
    );
    expect(problems).toEqual([]);
    const work = node?.kind === 'task' && node.work?.type === 'sequence' ? node.work : null;
    expect(work?.steps[0]?.parallel).toEqual({
      branches: [
        { name: 'b', handlers: ['x.b'], with: { n: 1 }, factory: 'x.make' },
        { name: 'c', handlers: ['x.c', 'x.d'], with: null, factory: null },
      ],
      merge: { members: new Map([['m', 'sum']]) },
    });
    expect(node && handlersOf(node)).toEqual(['x.make', 'x.b', 'x.c', 'x.d', 'x.p', 'x.q', 'x.mix']);
  });

  it.each([
    ['{ sequence: [] }', 'OUT_OF_RANGE 5:21'],
    ['{ sequence: [{ name: a }] }', 'MISSING_KEY 5:24'],
    ['{ sequence: [{ name: a, do: [] }] }', 'OUT_OF_RANGE 5:37'],
    ['{ sequence: [{ name: a, do: x.y, parallel: { b: x.b, c: x.c } }] }', 'MODIFIER_NOT_HERE 5:42'],
    ['{ sequence: [{ name: a, do: x.y, merge: x.m }] }', 'MODIFIER_NOT_HERE 5:42'],
    ['{ sequence: [{ name: a, with: {}, parallel: { b: x.b, c: x.c } }] }', 'MODIFIER_NOT_HERE 5:33'],
    ['{ sequence: [{ name: a, parallel: { b: x.b } }] }', 'OUT_OF_RANGE 5:43'],
    ['{ sequence: [{ name: a, parallel: { b: { context: x.b }, c: x.c } }] }', 'WRONG_TYPE 5:48'],
    ['{ sequence: [{ name: a, parallel: { b-b: x.b, c: x.c } }] }', 'BAD_ID 5:45'],
    ['{ sequence: [{ name: a, parallel: { b: x.b, c: x.c }, merge: { m: most } }] }', 'WRONG_TYPE 5:70'],
    ['{ sequence: [{ name: a, do: x.y }, { name: a, do: x.z }] }', 'DUPLICATE_KEY 5:52'],
    ['{ sequence: [{ name: a, do: x.y, goto: { to: b, when: result.n < 3 } }] }', 'UNKNOWN_STEP 5:54'],
    ['{ sequence: [{ name: a, do: x.y, goto: { to: a, when: result.n + 3 } }] }', 'CONDITION_NOT_BOOLEAN 5:63'],
    ['{ sequence: [{ name: a, do: x.y, goto: { to: a, when: nobody < 3 } }] }', 'UNKNOWN_NAME 5:63'],
    ['{ sequence: [{ name: a, do: x.y }], jumps: 0 }', 'OUT_OF_RANGE 5:52'],
  ])('%s has %s', (node, problem) => expect(read(node).problems).toEqual([problem]));
});
