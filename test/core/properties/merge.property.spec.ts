import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MERGE_NAMES, type MergeName } from '../../../src/core/definition/control/merge.js';
import type { Json } from '../../../src/core/json.js';
import { readDefinition } from '../../../src/language/read-definition.js';
import { Bench, completed, started } from '../../support/flow-spec.js';

const WIDTH = 4;
const IDS = Array.from({ length: WIDTH }, (_, at) => `t${at}`);

/** Branches that read what was there before, write twice, and meet; `inner`: two of them meet before. */
function definitionOf(rule: MergeName, inner: boolean) {
  const nodes = IDS.map((id) => `  ${id}: { task: x.${id}, out: { n: result.n } }\n`).join('');
  const more = IDS.map(
    (id) => `  ${id}b: { task: x.${id}b, in: { n: vars.n }, out: { n: vars.n, seen${id}: vars.n } }\n`,
  );
  const meets = inner
    ? `  - t0b & t1b -> i\n  - t2b & t3b & i -> meet\n`
    : `  - ${IDS.map((id) => `${id}b`).join(' & ')} -> meet\n`;
  const text = `flow: x
output: { n: vars.n, s0: vars.seent0, s1: vars.seent1, s2: vars.seent2, s3: vars.seent3 }
nodes:
  begin: { start: true }
  open: { set: { n: 0 } }
${nodes}${more.join('')}  i: { join: ${inner ? `all, merge: { n: ${rule} }` : 'taken'} }
  meet: { join: all, merge: { n: ${rule} } }
  done: { end: done }
edges:
  - begin -> open -> ${IDS.join(' & ')}
${IDS.map((id) => `  - ${id} -> ${id}b\n`).join('')}${meets}  - meet -> done
`;
  const { definition, problems } = readDefinition(inner ? text : text.replace(/ {2}i: .*\n/, ''), 'x.flow.yaml');
  if (!definition) throw new Error(JSON.stringify(problems));
  return definition;
}

const DEFINITIONS = new Map(
  MERGE_NAMES.flatMap((rule) => [false, true].map((inner) => [`${rule} ${inner}`, definitionOf(rule, inner)] as const)),
);

/** What each rule takes. */
const valuesFor = (rule: MergeName): fc.Arbitrary<Json> => {
  if (rule === 'concat' || rule === 'union') return fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });
  if (rule === 'object') return fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer()) as fc.Arbitrary<Json>;
  return fc.integer({ min: -9, max: 9 });
};

const ORACLE: Readonly<Record<MergeName, (values: readonly never[]) => Json>> = {
  first: (values) => (values as readonly Json[])[0] ?? null,
  last: (values) => (values as readonly Json[]).at(-1) ?? null,
  list: (values) => values,
  concat: (values) => values.flat(),
  union: (values) => [...new Set((values as readonly Json[][]).flat())],
  sum: (values) => (values as readonly number[]).reduce((a, b) => a + b, 0),
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  object: (values) => Object.assign({}, ...values) as Json,
};

it('gives the same whatever branch comes first, and lets none read what another has written', () => {
  const cases = fc.constantFrom(...MERGE_NAMES).chain((rule) =>
    fc.record({
      rule: fc.constant(rule),
      inner: fc.boolean(),
      values: fc.array(valuesFor(rule), { minLength: WIDTH, maxLength: WIDTH }),
      order: fc.shuffledSubarray([...IDS, ...IDS], { minLength: 2 * WIDTH, maxLength: 2 * WIDTH }),
    }),
  );
  fc.assert(
    fc.property(cases, ({ rule, inner, values, order }) => {
      const seen = new Map<string, number>();
      const happenings = order.map((id) => {
        const times = (seen.get(id) ?? 0) + 1;
        seen.set(id, times);
        const value = values[IDS.indexOf(id)] as Json;
        return times === 1 ? completed(id, { n: value }) : completed(`${id}b`, {});
      });
      const definition = DEFINITIONS.get(`${rule} ${inner}`);
      if (!definition) throw new Error(rule);
      const bench = new Bench(definition);
      for (const happening of [started(), ...happenings]) expect(bench.happens(happening).ok).toBe(true);
      const { vars } = bench;
      const merge = ORACLE[rule];
      const [a, b, c, d] = values as never[];
      // The edges into the join: t2b, t3b, then what the inner join has made of t0b and t1b.
      const expected = inner ? merge([c, d, merge([a, b] as never) as never] as never) : merge(values as never);
      expect(vars['n']).toStrictEqual(expected);
      for (const [at, id] of IDS.entries()) expect(vars[`seen${id}`]).toStrictEqual(values[at]);
      expect(Object.entries(vars).filter(([name, value]) => name.includes('@') && value !== null)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
