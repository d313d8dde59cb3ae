import { describe, expect, it } from 'vitest';
import { secretsIn } from '../../../src/core/definition/handlers.js';
import { readDefinition } from '../../../src/language/read-definition.js';
import { codesOf, flowText, placesOf } from '../flow-text.js';

const taskOf = (node: string) => {
  const { definition, problems } = readDefinition(flowText({ nodes: `  work: ${node}\n` }), 'x.flow.yaml');
  if (!definition) throw new Error(JSON.stringify(problems));
  const work = definition.nodes.get('work');
  if (work?.kind !== 'task') throw new Error('no task');
  return { work, definition };
};

describe('a secret in what a task gets', () => {
  it('is kept by its name and place; its expression reads nothing and gives null', () => {
    const { work } = taskOf('{ task: x.y, in: { token: secret.bank, deep: { list: [1, secret.other] }, n: input.n } }');
    expect(work.secrets).toEqual([
      { name: 'bank', path: ['token'] },
      { name: 'other', path: ['deep', 'list', 1] },
    ]);
    const token = work.in?.get('token');
    expect(token?.reads).toEqual([]);
    expect(token?.value({})).toBeNull();
    expect(work.in?.get('deep')?.value({})).toEqual({ list: [1, null] });
  });

  it('is that of what undoes it, which may have its own', () => {
    expect(taskOf('{ task: x.y, in: { a: secret.one }, undo: x.no }').work.undo?.secrets).toEqual([
      { name: 'one', path: ['a'] },
    ]);
    const own = taskOf('{ task: x.y, in: { a: 1 }, undo: { task: x.no, in: { b: secret.two } } }');
    expect(own.work.secrets).toBeUndefined();
    expect(own.work.undo?.secrets).toEqual([{ name: 'two', path: ['b'] }]);
    expect(secretsIn(own.definition)).toEqual([{ node: 'work', name: 'two' }]);
  });

  it('is that of a participant', () => {
    const { definition } = taskOf('{ tcc: { a: { try: x.t, confirm: x.c, cancel: x.u, in: { k: secret.three } } } }');
    expect(secretsIn(definition)).toEqual([{ node: 'work', name: 'three' }]);
  });
});

describe('a secret elsewhere', () => {
  it.each([
    ['a sequence', '{ sequence: [{ name: a, do: x.y }], in: { a: secret.one } }'],
    ['rules', '{ rules: { flow: x.y }, in: { a: secret.one } }'],
    ['a call', '{ call: other, in: { a: secret.one } }'],
    ['a person', '{ manual: { title: Look }, in: { a: secret.one } }'],
    ['a worker outside', '{ task: x.y, remote: true, in: { a: secret.one } }'],
    ['an event', '{ task: emit, in: { a: secret.one }, with: { name: x } }'],
    ['out', '{ task: x.y, out: { a: secret.one } }'],
    ['set', '{ set: { a: secret.one } }'],
    ['the match of a wait', '{ wait: x.y, match: { a: secret.one } }'],
    ['the key of a cache', '{ task: x.y, in: { a: 1 }, cache: { ttl: 1m, key: secret.one } }'],
    ['a circuit', '{ task: x.y, circuit: { by: secret.one } }'],
    ['a fallback', '{ task: x.y, circuit: { fallback: { a: secret.one } } }'],
    ['a limit', '{ task: x.y, limit: { max: 1, by: secret.one } }'],
    ['a delay', '{ task: x.y, delay: { when: secret.one == 1, for: 1m } }'],
    ['a timer', '{ timer: { for: secret.one } }'],
    ['each', '{ task: x.y, each: secret.one }'],
  ])('is refused: %s', (_name, node) => {
    expect(codesOf(flowText({ nodes: `  work: ${node}\n` })).filter((code) => code !== 'UNUSED_VARIABLE')).toEqual([
      'SECRET_NOT_HERE',
    ]);
  });

  it('is refused in conditions, the key and the output of a flow', () => {
    const edges = '  - begin -> work\n  - work -> done: secret.one == "a"\n  - work -> work: else\n';
    expect(placesOf(flowText({ edges }))).toEqual(['SECRET_NOT_HERE 8:19']);
    expect(codesOf(flowText({ head: 'key: secret.one\n' }))).toEqual(['SECRET_NOT_HERE']);
    expect(codesOf(flowText({ head: 'output: { a: secret.one }\n' }))).toEqual(['SECRET_NOT_HERE']);
  });

  it.each(['secret', 'secret.a.b', 'secret.a == 1', 'lower(secret.a)', 'secret._a', `secret.${'a'.repeat(65)}`])(
    'stands alone, by a name that one can have: not %s',
    (text) => {
      expect(codesOf(flowText({ nodes: `  work: { task: x.y, in: { a: ${text} } }\n` }))).toEqual(['SECRET_NOT_ALONE']);
    },
  );
});

describe('what is called `secret` already', () => {
  it('stays what it is: a node', () => {
    const nodes = '  secret: { task: x.y }\n  work: { task: x.z, in: { a: secret.token } }\n';
    const text = flowText({ nodes, edges: '  - begin -> secret -> work -> done\n' });
    const { definition, problems } = readDefinition(text, 'x.flow.yaml');
    expect(problems).toEqual([]);
    const work = definition?.nodes.get('work');
    expect(work?.kind === 'task' && work.secrets).toBeUndefined();
    expect(work?.kind === 'task' && work.in?.get('a')?.value({ secret: { token: 'of the node' } })).toBe('of the node');
  });

  it('stays what it is: an item', () => {
    const { work } = taskOf('{ task: x.y, each: { in: input.all, as: secret }, in: { a: secret.id } }');
    expect(work.secrets).toBeUndefined();
    expect(work.in?.get('a')?.value({ secret: { id: 7 } })).toBe(7);
  });
});
