import { describe, expect, it } from 'vitest';
import { migrate } from '../../../../src/core/flow/overhaul/migrate.js';
import type { WholeInstance } from '../../../../src/core/flow/overhaul/whole-instance.js';
import { readDefinition } from '../../../../src/language/read-definition.js';
import {
  Bench,
  childEnded,
  childStarted,
  completed,
  given,
  item,
  listed,
  retried,
  started,
} from '../../../support/flow-spec.js';

function definitionOf(head: string, nodes: string, edges = '  - begin -> a -> done\n') {
  const text = `flow: x\n${head}nodes:\n  begin: { start: true }\n${nodes}  done: { end: done }\nedges:\n${edges}`;
  const { definition, problems } = readDefinition(text, 'x.flow.yaml');
  if (!definition) throw new Error(JSON.stringify(problems));
  return { ...definition, version: 1 };
}

const VARS = 'vars: { n: { type: integer, minimum: 0 }, state: { type: string, default: new } }\n';
const WRITES = '  a: { task: x.a, out: { n: result.n } }\n';

describe('variables that are declared', () => {
  it('start with their default, which is stored and read; the others read as null', () => {
    const lines = '  - begin -> a\n  - a -> done: vars.state == "new" and vars.n == null\n  - a -> no: else\n';
    const bench = new Bench(definitionOf(VARS, '  a: { task: x.a }\n  no: { end: no }\n', lines));
    bench.happens(started());
    expect(bench.vars).toEqual({ state: 'new' });
    bench.happens(completed('a'));
    expect(bench.instance.outcome).toBe('done');
  });

  it('take what fits', () => {
    const bench = new Bench(definitionOf(VARS, WRITES));
    for (const one of [started(), completed('a', { n: 3 })]) bench.happens(one);
    expect(bench.vars['n']).toBe(3);
    expect(bench.instance.status).toBe('completed');
  });

  it.each([
    ['another type', { n: 'three' }, 'it must be integer'],
    ['a value out of bounds', { n: -1 }, 'it must be >= 0'],
    ['nothing', {}, 'it must be integer'],
  ])('are an incident when out gives %s, and nothing is written', (_name, output, why) => {
    const bench = given(definitionOf(VARS, WRITES))
      .after(started())
      .when(completed('a', output))
      .gives('! a VARIABLE_UNFIT');
    expect(bench.row('a')?.error?.message).toContain(why);
    expect(bench.vars).toEqual({ state: 'new' });
  });

  it('are asked for again by a retry, and taken then', () => {
    const bench = new Bench(definitionOf(VARS, WRITES));
    for (const one of [started(), completed('a', { n: 'x' }), retried('a')]) bench.happens(one);
    expect(bench.happens(completed('a', { n: 1 }, { attempt: 2 })).ok).toBe(true);
    expect(bench.instance.status).toBe('completed');
  });

  it('hold for set as a whole: a later value that does not fit takes back the earlier ones', () => {
    const nodes = '  a: { task: x.a }\n  s: { set: { state: "\'paid\'", n: result.n } }\n';
    const bench = given(definitionOf(VARS, nodes, '  - begin -> a -> s -> done\n'))
      .after(started())
      .when(completed('a', { n: 1.5 }))
      .gives('! s VARIABLE_UNFIT');
    expect(bench.vars).toEqual({ state: 'new' });
    // A set keeps the result that it came with.
    expect(bench.row('s')?.attempt).toBe(0);
  });

  it('hold for what becomes of branches at their join, and not for what each keeps apart', () => {
    const head = 'vars: { all: { type: array, items: { type: number } } }\n';
    const nodes = `  a: { task: x.a, out: { all: result.n } }
  b: { task: x.b, out: { all: result.n } }
  j: { join: all, merge: { all: list } }
`;
    const lines = '  - begin -> a & b -> j -> done\n';
    const bench = new Bench(definitionOf(head, nodes, lines));
    for (const one of [started(), completed('a', { n: 1 }), completed('b', { n: 2 })]) bench.happens(one);
    expect(bench.vars['all']).toEqual([1, 2]);
    given(definitionOf(head, nodes, lines))
      .after(started(), completed('a', { n: 1 }))
      .when(completed('b', { n: 'two' }))
      .gives('! j VARIABLE_UNFIT');
  });
});

describe('what a task returns', () => {
  const RETURNS = 'returns: { type: object, required: [score], properties: { score: { type: number } } }';
  const one = (more = '') => definitionOf('', `  a: { task: x.a, ${RETURNS}${more} }\n`);

  it('is taken when it fits', () => {
    const bench = new Bench(one());
    for (const it of [started(), completed('a', { score: 1 })]) bench.happens(it);
    expect(bench.instance.status).toBe('completed');
  });

  it('is a failure for good when it does not fit, whatever attempts are left, and is not stored', () => {
    const bench = given(one())
      .after(started())
      .when(completed('a', { score: 'high' }))
      .gives('~ a failed: became the incident PERMANENT_FAILURE', '! a PERMANENT_FAILURE');
    expect(bench.row('a')?.error).toMatchObject({ code: 'RESULT_UNFIT', permanent: true });
    expect(bench.row('a')?.error?.message).toContain('`/score` must be number');
    expect(bench.outputs.size).toBe(0);
  });

  it('goes by a line for the failure', () => {
    const lines = '  - begin -> a -> done\n  - a -> odd: on error RESULT_UNFIT\n';
    const nodes = `  a: { task: x.a, ${RETURNS} }\n  odd: { end: odd }\n`;
    const bench = new Bench(definitionOf('', nodes, lines));
    for (const it of [started(), completed('a', null)]) bench.happens(it);
    expect(bench.instance).toMatchObject({ status: 'completed', outcome: 'odd' });
  });

  it('is asked of every item of a node by itself', () => {
    const bench = new Bench(one(', each: { in: input.all, onError: continue }'));
    for (const it of [started({ all: [1, 2] }), listed('a', [1, 2])]) bench.happens(it);
    bench.happens(completed('a', { score: 1 }, item(0)));
    bench.happens(completed('a', {}, item(1)));
    expect(bench.row('a', item(0).visit)?.status).toBe('done');
    expect(bench.row('a', item(1).visit)?.error?.code).toBe('RESULT_UNFIT');
  });
});

describe('what a flow returns', () => {
  const RETURNS = 'returns: { type: object, properties: { number: { type: string } } }\n';
  const OUTPUT = 'output: { number: a.number }\n';
  const NODES = '  a: { task: x.a }\n';

  it('is given to nobody when it does not fit: the end is an incident, and a retry reaches it once more', () => {
    const bench = given(definitionOf(OUTPUT + RETURNS, NODES))
      .after(started())
      .when(completed('a', { number: 7 }))
      .gives('! done OUTPUT_UNFIT');
    expect(bench.row('done')?.error?.message).toContain('`/number` must be string');
    expect(bench.instance.status).toBe('incident');
    // What the flow gives has not changed.
    expect(bench.happens(retried('done')).ok).toBe(true);
    expect(bench.instance.status).toBe('incident');
    // In another version it fits.
    const moved = new Bench(definitionOf(OUTPUT, NODES));
    moved.instance = bench.instance;
    for (const [key, row] of bench.rows) moved.rows.set(key, row);
    expect(moved.happens(retried('done')).ok).toBe(true);
    expect(moved.instance).toMatchObject({ status: 'completed', outcome: 'done' });
  });

  it('is what its callers get when it fits', () => {
    const bench = new Bench(definitionOf(OUTPUT + RETURNS, NODES));
    bench.happens(started());
    const answer = bench.happens(completed('a', { number: 'I-7' }));
    const ended = answer.ok ? answer.value.effects.find(({ type }) => type === 'instance.ended') : null;
    expect(ended).toMatchObject({ status: 'completed', output: { number: 'I-7' } });
  });

  it('is looked at before `terminate` cancels the rest', () => {
    const nodes = `  a: { task: x.a }\n  b: { task: x.b }\n  off: { end: terminate }\n`;
    const bench = given(definitionOf(OUTPUT + RETURNS, nodes, '  - begin -> a & b\n  - a -> off\n  - b -> done\n'))
      .after(started())
      .when(completed('a', { number: 7 }))
      .gives('! off OUTPUT_UNFIT');
    expect(bench.row('b')?.status).toBe('ready');
  });

  it('is asked of instances that complete alone', () => {
    const nodes = '  a: { task: x.a }\n  bad: { end: { fail: BAD } }\n';
    const lines = '  - begin -> a\n  - a -> bad: result.number == 7\n  - a -> done: else\n';
    const bench = new Bench(definitionOf(OUTPUT + RETURNS, nodes, lines));
    for (const it of [started(), completed('a', { number: 7 })]) bench.happens(it);
    expect(bench.instance.status).toBe('failed');
  });

  it('is an incident at one more visit when the end was reached before, and something else ended last', () => {
    const nodes = '  a: { task: x.a }\n  b: { task: x.b }\n  c: { task: x.c }\n  j: { join: 2 }\n';
    const lines = '  - begin -> a & b & c -> j -> done\n';
    const bench = new Bench(definitionOf('output: { number: c.number }\n' + RETURNS, nodes, lines));
    for (const it of [started(), completed('a'), completed('b')]) bench.happens(it);
    expect(bench.row('done')?.status).toBe('done');
    bench.happens(completed('c', { number: 7 }));
    expect(bench.row('done')?.status).toBe('done');
    expect(bench.row('done', 2)?.error?.code).toBe('OUTPUT_UNFIT');
    expect(bench.instance.status).toBe('incident');
  });

  it('of a called flow is no answer to its caller yet: nothing is told', () => {
    const nodes = '  a: { call: other }\n';
    const bench = new Bench(definitionOf('', nodes));
    for (const it of [started(), childStarted('a')]) bench.happens(it);
    expect(bench.row('a')?.status).toBe('waiting');
    bench.happens(childEnded('a', { number: 'I-7' }));
    expect(bench.instance.status).toBe('completed');
  });
});

describe('moving an instance to a version with other types', () => {
  const before = definitionOf('', WRITES, '  - begin -> a -> done\n');
  const whole = (vars: WholeInstance['vars']): WholeInstance => {
    const bench = new Bench(before);
    bench.happens(started());
    const nodes = [...bench.rows.values()].map((row) => ({ ...row, output: null }));
    return { instance: bench.instance, nodes, input: {}, vars };
  };
  const to = (head: string) => ({ ...definitionOf(head, WRITES), version: 2 });
  const NOW = { at: 7, by: 'ops' };

  it('is refused for a variable that was written otherwise, and says which', () => {
    const answer = migrate(before, to(VARS), whole({ n: 'seven', other: 1 }), NOW);
    expect(answer).toMatchObject({ ok: false, error: [{ code: 'VARIABLE_DOES_NOT_FIT', node: null }] });
    expect(answer.ok ? '' : answer.error[0]?.message).toContain("'vars.n'");
  });

  it('writes the defaults that nobody has written, and leaves the others', () => {
    const added = migrate(before, to(VARS), whole({ n: 7 }), NOW);
    expect(added.ok && added.value.vars).toEqual({ state: 'new' });
    const kept = migrate(before, to(VARS), whole({ state: 'paid' }), NOW);
    expect(kept.ok && kept.value.vars).toEqual({});
  });
});
