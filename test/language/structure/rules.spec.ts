import { describe, expect, it } from 'vitest';
import { partsOf } from '../../../src/core/definition/work/rules/rule-tree.js';
import { readDefinition } from '../../../src/language/read-definition.js';

const flow = (rules: string, top = '') => `flow: a
${top}
input: { properties: { n: { type: number } } }
nodes:
  begin: { start: true }
  rules_: { rules: ${rules} }
  done: { end: done }
edges:
  - begin -> rules_ -> done
`;

const read = (rules: string, top = '') => {
  const { definition, problems } = readDefinition(flow(rules, top), 'a.flow.yaml');
  const node = definition?.nodes.get('rules_');
  const root = node?.kind === 'task' && node.work?.type === 'rules' ? node.work.root : undefined;
  return { root, problems: problems.map(({ code, line, column }) => `${code} ${line}:${column}`) };
};

describe('a tree of rules', () => {
  it('is read with everything that may stand in it', () => {
    const { root, problems } = read(
      '{ any: [{ when: input.n > 3, name: big }, { result: a.b, with: { x: 1 }, onError: park }, { none: a.c }, { none: [] }, ' +
        '{ shift: -2h }, { shift: { to: "2026-10-05T10:00:00+08:00" } }, { flow: a.d, inverse: true, onError: false, ' +
        'window: { to: 2026-10-05T10:00:00Z }, forward: { flow: a.e } }] }',
    );
    expect(problems).toEqual([]);
    expect([...partsOf(root as never)].map(({ path, name, rule }) => `${path} ${name} ${rule.type}`)).toEqual([
      'any any any',
      'any.0.when big when',
      'any.1.result a.b call',
      'any.2.none a.c call',
      'any.3.none any.3.none none',
      'any.4.shift any.4.shift shift',
      'any.5.shift any.5.shift shift',
      'any.6.flow.forward.flow a.e call',
      'any.6.flow a.d call',
    ]);
    const parts = [...partsOf(root as never)];
    expect(parts[2]).toMatchObject({ onError: 'park', rule: { role: 'result', handler: 'a.b', with: { x: 1 } } });
    expect(parts[3]?.rule).toMatchObject({ role: 'quiet' });
    expect(parts[5]?.rule).toEqual({ type: 'shift', by: -7_200_000 });
    expect(parts[6]?.rule).toEqual({ type: 'shift', to: Date.UTC(2026, 9, 5, 2) });
    expect(parts[8]).toMatchObject({ inverse: true, onError: 'false', window: { toMs: Date.UTC(2026, 9, 5, 10) } });
  });

  it('has paths that are its own, also where a part is used twice', () => {
    const { root, problems } = read(
      '{ all: [{ use: adult }, { use: adult }] }',
      'shared: { adult: { and: [{ when: input.n > 17 }] } }',
    );
    expect(problems).toEqual([]);
    const paths = [...partsOf(root as never)].map(({ path }) => path);
    expect(paths).toEqual([
      'all',
      'all.0.adult.and',
      'all.0.adult.and.0.when',
      'all.1.adult.and',
      'all.1.adult.and.0.when',
    ]);
  });

  it.each([
    ['{ any: [{ when: input.n > 3, flow: a.b }] }', 'TWO_KINDS 6:49'],
    ['{ any: [{ name: x }] }', 'NO_KIND 6:28'],
    ['{ any: [{ wehn: input.n > 3 }] }', 'UNKNOWN_KEY 6:30'],
    ['{ any: 3 }', 'WRONG_TYPE 6:27'],
    ['{ none: 3 }', 'WRONG_TYPE 6:28'],
    ['{ flow: "a b" }', 'WRONG_VALUE 6:28'],
    ['{ when: input.n + 1 }', 'CONDITION_NOT_BOOLEAN 6:28'],
    ['{ when: input.n > }', 'BAD_EXPRESSION 6:37'],
    ['{ when: nobody > 1 }', 'UNKNOWN_NAME 6:28'],
    ['{ when: result.n > 1 }', 'RESULT_NOT_HERE 6:28'],
    ['{ shift: 16 days }', 'WRONG_VALUE 6:29'],
    ['{ flow: a.b, onError: skip }', 'WRONG_VALUE 6:42'],
    ['{ flow: a.b, window: { from: 2026-10-05T10:00:00 } }', 'WRONG_VALUE 6:49'],
    ['{ flow: a.b, window: { from: 2026-10-06T10:00:00Z, to: 2026-10-05T10:00:00Z } }', 'OUT_OF_RANGE 6:41'],
    ['{ use: adult }', 'UNKNOWN_PART 6:27'],
    ['{ flow: a.b, with: { password: hunter2 } }', 'SECRET_IN_TEXT 6:51'],
  ])('%s has %s', (rules, problem) => {
    expect(read(rules).problems).toEqual([problem]);
  });

  it('ends, whatever it uses', () => {
    expect(read('{ use: a1 }', 'shared: { a1: { and: [{ use: b1 }] }, b1: { any: [{ use: a1 }] } }').problems).toEqual([
      'USES_ITSELF 2:58',
    ]);
    const wide = Array.from({ length: 20 }, (_, i) => {
      return `p${i}: { and: [${Array.from({ length: 10 }, () => `{ use: p${i + 1} }`).join(', ')}] }`;
    });
    const began = performance.now();
    expect(read('{ use: p0 }', `shared: { ${wide.join(', ')}, p20: { flow: a.b } }`).problems).toEqual([
      expect.stringMatching(/^RULES_TOO_LARGE/),
    ]);
    expect(performance.now() - began).toBeLessThan(1_000);
    const leaves = Array.from({ length: 200 }, () => '{ flow: a.b }').join(', ');
    expect(read(`{ all: [${leaves}] }`).problems[0]).toMatch(/^RULES_TOO_LARGE/);
    expect(read(`{ all: [${leaves.slice(0, -'{ flow: a.b }, '.length)}] }`).problems).toEqual([]);
  });

  it('may be malformed in what is shared, which is then told once', () => {
    expect(read('{ use: adult }', 'shared: { adult: { wehn: 1 } }').problems).toEqual(['UNKNOWN_KEY 2:20']);
  });
});
