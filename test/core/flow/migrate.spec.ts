import { describe, expect, it } from 'vitest';
import { migrate } from '../../../src/core/flow/overhaul/migrate.js';
import type { WholeInstance } from '../../../src/core/flow/overhaul/whole-instance.js';
import { readDefinition } from '../../../src/language/read-definition.js';

function version(number: number, nodes: readonly string[], edges: readonly string[]) {
  const text = `flow: f\nnodes:\n  begin: { start: true }\n${nodes.map((node) => `  ${node}\n`).join('')}edges:\n${edges.map((edge) => `  - ${edge}\n`).join('')}`;
  const { definition, problems } = readDefinition(text, 'f.flow.yaml');
  if (!definition) throw new Error(problems.map(({ message }) => message).join('\n'));
  return { ...definition, version: number };
}

const row = (node: string, more: Partial<WholeInstance['nodes'][number]> = {}): WholeInstance['nodes'][number] => ({
  node,
  visit: 1,
  status: 'done',
  attempt: 1,
  dispatch: 1,
  lane: null,
  queue: null,
  wakeAt: null,
  reason: null,
  polls: 0,
  via: [],
  cause: null,
  startedAt: 0,
  endedAt: null,
  error: null,
  output: null,
  ...more,
});

function whole(nodes: WholeInstance['nodes'], state: object = {}, more: Partial<WholeInstance> = {}): WholeInstance {
  const active = nodes.filter(({ status }) => status !== 'done').length;
  const of = { id: 'i', flow: 'f', version: 1, key: null, status: 'running', seq: 5, active, incidents: 0 } as const;
  const empty = { arrivals: {}, absorbing: {}, visits: {}, facts: {} };
  const instance = { ...of, outcome: null, state: { ...empty, ...state }, startedAt: 0, endedAt: null };
  return { instance, nodes, input: {}, vars: {}, ...more };
}

const NOW = { at: 7, by: 'Zoë' };
const A = 'a: { task: x.a }';
const B = 'b: { task: x.b }';
const DONE = 'done: { end: d }';
const ab = version(1, [A, B, DONE], ['begin -> a -> b -> done']);
const codes = (answer: ReturnType<typeof migrate>): string[] => (answer.ok ? [] : answer.error.map(({ code }) => code));

describe('moving an instance to another version', () => {
  it('keeps what is active, and says who moved it from where', () => {
    const to = version(4, [A, B, 'c: { task: x.c }', DONE], ['begin -> a -> b -> c -> done']);
    const answer = migrate(ab, to, whole([row('a'), row('b', { status: 'ready', attempt: 3 })]), NOW);
    expect(answer).toMatchObject({
      ok: true,
      value: { instance: { version: 4, seq: 6, active: 1, state: { moved: [{ from: 1, to: 4, ...NOW }] } }, nodes: [] },
    });
  });

  it('learns what the new version reads: the input, variables, and outputs of what is done', () => {
    const reads = ['b -> done: a.score > input.least and vars.n == 1', 'b -> no: else'];
    const to = version(
      2,
      ['a: { task: x.a, out: { n: result.n } }', B, DONE, 'no: { end: no }'],
      ['begin -> a -> b', ...reads],
    );
    const nodes = [
      row('a', { output: { score: 1 } }),
      row('a', { visit: 2, output: { score: 9, more: 1 } }),
      row('b', { status: 'ready' }),
    ];
    const answer = migrate(ab, to, whole(nodes, {}, { input: { least: 3, other: 4 }, vars: { n: 1, m: 2 } }), NOW);
    expect(answer.ok && answer.value.instance.state.facts).toEqual({
      input: { least: 3 },
      vars: { n: 1 },
      a: { score: 9 },
    });
  });

  it('does not lead to a node again whose visits nobody counts', () => {
    const to = version(2, [A, B, DONE], ['begin -> b -> a -> done']);
    expect(codes(migrate(ab, to, whole([row('a'), row('b', { status: 'ready' })]), NOW))).toEqual(['VISITED_AGAIN']);
    expect(codes(migrate(ab, to, whole([row('a', { status: 'ready' })]), NOW))).toEqual([]);
  });

  it('counts the visits of what can be visited again only now', () => {
    const to = version(2, [A, B, DONE], ['begin -> a -> b', 'b -> a: result.again', 'b -> done: else']);
    const answer = migrate(ab, to, whole([row('a'), row('b', { status: 'ready' })]), NOW);
    expect(answer.ok && answer.value.instance.state.visits).toEqual({ a: 1, b: 1 });
  });

  it('gives arrivals and rows the new numbers of their edges, and refuses where an edge is gone', () => {
    const join = 'j: { join: all }';
    const from = version(1, [A, B, join, DONE], ['begin -> a & b', 'a & b -> j', 'j -> done']);
    const to = version(2, [A, B, join, DONE], ['b -> j', 'j -> done', 'begin -> b & a', 'a -> j']);
    const state = { arrivals: { 2: 1 } };
    const nodes = [row('a', { via: [0] }), row('b', { status: 'ready', via: [1] })];
    const answer = migrate(from, to, whole(nodes, state), NOW);
    expect(answer.ok && answer.value.instance.state.arrivals).toEqual({ 4: 1 });
    expect(answer.ok && answer.value.nodes.map(({ node, via }) => [node, via])).toEqual([
      ['a', [3]],
      ['b', [2]],
    ]);
    const gone = version(
      2,
      [A, B, join, 'k: { task: x.k }', DONE],
      ['begin -> a & b', 'a -> k -> j', 'b -> j', 'j -> done'],
    );
    expect(codes(migrate(from, gone, whole(nodes, state), NOW))).toEqual(['ARRIVAL_LOST']);
  });

  it('refuses a result of which only a part was kept, unless whoever gave it is still there', () => {
    const lines = (read: string) => ['begin -> a -> g', `g -> done: result.${read}`, 'g -> no: not result.ok'];
    const nodes = [A, 'g: { gateway: exclusive }', DONE, 'no: { end: no }'];
    const [from, to] = [version(1, nodes, lines('ok')), version(2, nodes, lines('fine'))];
    const incident = { status: 'incident', attempt: 0 } as const;
    const state = { facts: { 'g#1': { result: { ok: null }, flag: true } } };
    const orphan = whole([row('g', incident)], state);
    expect(codes(migrate(from, to, orphan, NOW))).toEqual(['RESULT_GONE']);
    const caused = whole(
      [row('a', { output: { fine: true } }), row('g', { ...incident, cause: { node: 'a', visit: 1 } })],
      state,
    );
    const answer = migrate(from, to, caused, NOW);
    expect(answer.ok && answer.value.instance.state.facts).toEqual({ 'g#1': { result: { fine: true }, flag: true } });
  });

  it('keeps what can be undone, and refuses a version that does not say how', () => {
    const undone = ['a: { task: x.a, undo: x.back }', B, 'c: { compensate: all }', DONE];
    const edges = ['begin -> a -> b -> c -> done'];
    const from = version(1, undone, edges);
    const facts = { 'undo#0': { done: [{ node: 'a', visit: 1 }] }, b: { done: [{ node: 'nobody' }] } };
    const one = whole([row('a'), row('b', { status: 'ready' })], { facts });
    const same = migrate(from, version(2, undone, edges), one, NOW);
    expect(same.ok && same.value.instance.state.facts).toEqual({ 'undo#0': facts['undo#0'] });
    const without = version(2, [A, B, DONE], ['begin -> a -> b -> done']);
    expect(codes(migrate(from, without, one, NOW))).toEqual(['UNDO_GONE']);
  });

  it('reads on what was undone since', () => {
    const to = version(2, [A, B, DONE, 'no: { end: no }'], ['begin -> a -> b', 'b -> done: a.ok', 'b -> no: else']);
    const nodes = [row('a', { status: 'compensated', output: { ok: true } }), row('b', { status: 'ready' })];
    const answer = migrate(ab, to, whole(nodes), NOW);
    expect(answer.ok && answer.value.instance.state.facts).toEqual({ a: { ok: true } });
  });

  it('refuses what waits at a gate that the new version does not have', () => {
    const from = version(1, ['a: { task: x.a, mutex: till }', B, DONE], ['begin -> a -> b -> done']);
    const waiting = whole([row('a', { status: 'waiting', attempt: 0 })]);
    expect(codes(migrate(from, { ...ab, version: 2 }, waiting, NOW))).toEqual(['WAITS_FOR_ANOTHER']);
    expect(codes(migrate(from, { ...from, version: 2 }, waiting, NOW))).toEqual([]);
    expect(codes(migrate(from, { ...ab, version: 2 }, whole([row('a', { status: 'ready' })]), NOW))).toEqual([]);
  });

  it.each([
    ['over', 'completed', 'OVER'],
    ['undoing what it did', 'compensating', 'COMPENSATING'],
  ] as const)('refuses one that is %s', (_, status, code) => {
    const one = whole([row('a')]);
    const to = { ...ab, version: 2 };
    expect(codes(migrate(ab, to, { ...one, instance: { ...one.instance, status } }, NOW))).toEqual([code]);
    expect(codes(migrate(ab, ab, one, NOW))).toEqual(['SAME_VERSION']);
  });

  it('refuses what is being stopped, is gone, or has become something else', () => {
    const to = version(2, [A, 'b: { timer: 5s }', DONE], ['begin -> a -> b -> done']);
    expect(codes(migrate(ab, to, whole([row('a', { status: 'cancelling' })]), NOW))).toEqual(['STOPPING']);
    expect(codes(migrate(ab, to, whole([row('b', { status: 'ready' })]), NOW))).toEqual(['OTHER_KIND']);
    const watched = version(2, [A, B, DONE], ['begin -> a -> b -> done', 'b -> done: on message x.y']);
    expect(codes(migrate(ab, watched, whole([row('b', { status: 'ready' })]), NOW))).toEqual(['WAITS_FOR_ANOTHER']);
    expect(codes(migrate(ab, watched, whole([row('a', { status: 'ready' })]), NOW))).toEqual([]);
    const gone = version(2, [A, DONE], ['begin -> a -> done']);
    expect(codes(migrate(ab, gone, whole([row('b', { status: 'waiting' })]), NOW))).toEqual(['NODE_GONE']);
  });

  it('lets a person who is asked be asked by another form, but not for somebody else', () => {
    const asking = (number: number, manual: string) =>
      version(number, [`m: { manual: { title: Sign${manual} } }`, DONE], ['begin -> m -> done']);
    const one = whole([row('m', { status: 'waiting' })]);
    expect(codes(migrate(asking(1, ''), asking(2, ' it, form: { type: object }'), one, NOW))).toEqual([]);
    const other = asking(2, ', assignee: "\'ann\'"');
    expect(codes(migrate(asking(1, ''), other, one, NOW))).toEqual(['WAITS_FOR_ANOTHER']);
  });

  it('needs the same gate for what waits for other nodes, and none for what has begun', () => {
    const gated = version(1, [A, 'b: { task: x.b, mutex: m }', DONE], ['begin -> a -> b -> done']);
    const held = whole([row('a'), row('b', { status: 'waiting', attempt: 0 })], { facts: { 'b#1': { gate: 1 } } });
    expect(codes(migrate(gated, { ...ab, version: 2 }, held, NOW))).toEqual(['WAITS_FOR_ANOTHER']);
    expect(migrate(gated, { ...gated, version: 2 }, held, NOW)).toMatchObject({ ok: true });
    expect(migrate(gated, { ...ab, version: 2 }, whole([row('b', { status: 'ready' })]), NOW)).toMatchObject({
      ok: true,
    });
  });
});
