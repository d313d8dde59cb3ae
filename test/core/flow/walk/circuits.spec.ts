import { describe, expect, it } from 'vitest';
import { advance } from '../../../../src/core/flow/advance.js';
import { type NodeInstance } from '../../../../src/core/flow/instance.js';
import type { Circuit } from '../../../../src/core/routing/health/circuit.js';
import { UNKNOWN_LATENCY } from '../../../../src/core/routing/health/latency.js';
import type { Override } from '../../../../src/core/routing/rules.js';
import { EMPTY_SNAPSHOT, type Snapshot } from '../../../../src/core/routing/snapshot.js';
import { end, exclusive, expr, flow, path, set, start, task } from '../../../support/build-definition.js';
import { Bench, started } from '../../../support/flow-spec.js';

const AT = 1_001;
const open = expr('circuit.open', ['circuit.open'], Boolean);
const shut = expr('not circuit.open', ['circuit.open'], (is) => !is);
const by = { name: 'bank', by: path('input.bank') };
const opened: Circuit = { state: 'open', since: 0, until: AT + 500, opens: 1, cause: '5 failures in a row' };
const half = (left: number): Circuit => ({
  state: 'half-open',
  since: 0,
  left,
  ok: 0,
  failed: 0,
  opens: 1,
  cause: 'x',
});
const knows = (circuits: Record<string, Circuit>, more: Partial<Snapshot> = {}): Snapshot => ({
  ...EMPTY_SNAPSHOT,
  subjects: new Map(Object.entries(circuits).map(([name, circuit]) => [name, { circuit, latency: UNKNOWN_LATENCY }])),
  ...more,
});
const banks = flow({ begin: start(), pick: exclusive(), a: task({ circuit: by }), b: task(), done: end() }, [
  'begin -> pick',
  ['pick -> a', shut],
  ['pick -> b', 'else'],
  'a -> done',
  'b -> done',
]);

function go(definition: typeof banks, snapshot?: Snapshot, input = { bank: 'south' }) {
  const bench = new Bench(definition);
  const event = { ...started(input), at: AT } as Parameters<typeof advance>[2];
  const answer = advance(definition, { instance: bench.instance, nodes: [], ...(snapshot && { snapshot }) }, event);
  if (!answer.ok) throw new Error(answer.error.message);
  const { nodes, effects } = answer.value;
  const row = (id: string) => nodes.find(({ node }) => node === id) as NodeInstance;
  return { row, nodes, effects, to: nodes.flatMap(({ node, status }) => (status === 'ready' ? [node] : [])) };
}

describe('a condition that asks of a circuit', () => {
  it('is about where its edge leads, with the partner that it would have there', () => {
    expect(go(banks, knows({})).to).toEqual(['a']);
    expect(go(banks, knows({ 'do.a[bank=south]': opened })).to).toEqual(['b']);
    expect(go(banks, knows({ 'bank=south': opened })).to).toEqual(['b']);
    expect(go(banks, knows({ 'do.a[bank=south]': opened }), { bank: 'north' }).to).toEqual(['a']);
    expect(go(banks, knows({ 'do.b': opened })).to).toEqual(['a']);
  });

  it('keeps what it read with the node that is left', () => {
    const { row } = go(banks, knows({ 'do.a[bank=south]': opened }));
    expect(row('pick').receipt).toEqual({
      subject: null,
      code: null,
      rules: null,
      trace: [],
      asked: [
        {
          node: 'a',
          subject: 'do.a[bank=south]',
          open: true,
          said: 'the circuit of do.a[bank=south] is open: 5 failures in a row',
        },
      ],
    });
    expect(row('begin').receipt).toBeUndefined();
    expect(go(banks, knows({})).row('pick').receipt?.asked).toMatchObject([{ open: false, said: null }]);
  });

  it('is false while probes are left, and when nothing is known', () => {
    expect(go(banks, knows({ 'do.a[bank=south]': half(1) })).to).toEqual(['a']);
    expect(go(banks, knows({ 'do.a[bank=south]': half(0) })).to).toEqual(['b']);
    expect(go(banks).to).toEqual(['a']);
  });

  it('is true when an operator takes it for open, and false when he lets it be ignored, or holds', () => {
    const match = { flow: null, node: null, handler: 'do.a', tag: null, dims: {}, attemptFrom: 1, attemptTo: 99 };
    const told = { code: 'x', match, lane: null, hold: false, ignoreCircuit: false, until: AT + 9, reason: 'r' };
    const order = (more: Partial<Override>) => ({ overrides: [{ ...told, ...more }] });
    expect(go(banks, knows({}, order({ circuit: 'open' }))).to).toEqual(['b']);
    expect(go(banks, knows({ 'do.a': opened }, order({ ignoreCircuit: true }))).to).toEqual(['a']);
    expect(go(banks, knows({}, order({ hold: true }))).to).toEqual(['a']);
  });

  it('is true of a fan when one of its tasks would be kept back', () => {
    const fan = flow({ begin: start(), a: task(), b: task(), c: task(), done: end() }, [
      ['begin -> a & b', shut],
      ['begin -> c', 'else'],
      'a -> done',
      'b -> done',
      'c -> done',
    ]);
    expect(go(fan, knows({ 'do.b': opened })).to).toEqual(['c']);
    expect(go(fan, knows({ 'do.c': opened })).to).toEqual(['a', 'b']);
  });

  it('may make a first attempt wait, and is kept with it', () => {
    const delay = { when: open, wait: { ms: 9_000 }, maxMs: null };
    const late = flow({ begin: start(), a: task({ delay }), done: end() }, ['begin -> a -> done']);
    const waits = go(late, knows({ 'do.a': opened }));
    expect(waits.effects).toMatchObject([{ type: 'dispatch', cause: 'delayed', delayMs: 9_000 }]);
    expect(waits.row('a').receipt?.asked).toMatchObject([{ node: 'a', open: true }]);
    expect(go(late, knows({})).effects).toMatchObject([{ cause: 'entered', delayMs: 0 }]);
  });

  it('is the output of a node that has that name, if one has', () => {
    const named = flow(
      { begin: start(), v: set({ x: expr('1', [], () => 1) }), circuit: task(), a: task(), b: task(), done: end() },
      ['begin -> v -> circuit', ['circuit -> a', open], ['circuit -> b', 'else'], 'a -> done', 'b -> done'],
    );
    const bench = new Bench(named);
    bench.happens(started());
    const answer = bench.happens({
      type: 'task.completed',
      node: 'circuit',
      visit: 1,
      attempt: 1,
      output: { open: true },
    });
    expect(answer.ok && answer.value.effects).toMatchObject([{ node: 'a' }]);
    expect(bench.row('circuit')?.receipt).toBeUndefined();
  });

  it('keeps it also when no edge can be taken then', () => {
    const stuck = flow({ begin: start(), a: task(), done: end() }, [['begin -> a', shut], 'a -> done']);
    const { row } = go(stuck, knows({ 'do.a': opened }));
    expect(row('begin')).toMatchObject({ status: 'incident', receipt: { asked: [{ open: true }] } });
  });
});
