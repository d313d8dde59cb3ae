import { describe, expect, it } from 'vitest';
import { itemVisit, pageVisit } from '../../../../src/core/definition/work/each.js';
import { end, flow, path, start, task } from '../../../support/build-definition.js';
import { each } from '../../../support/definition/each.js';
import { completed, failed, gathered, given, item, listed, retried, started } from '../../../support/flow-spec.js';

const EDGES = ['begin -> many', 'many -> done', ['many -> lost', 'on error BAD_*'], 'lost -> done'] as const;
const of = (rule = each(), more = {}) =>
  flow({ begin: start(), many: task({ each: rule, ...more }), lost: task(), done: end() }, EDGES);
const counts = (done: number, yes: number, failures: number, total: number, enough = true) => ({
  _result: enough,
  total,
  done,
  yes,
  failed: failures,
});
const begun = (list: readonly string[], rule = each(), more = {}) =>
  given(of(rule, more)).after(started(), listed('many', list));

describe('a node with each', () => {
  it('is dispatched itself first; then its items begin, so many at a time, in their order', () => {
    given(of()).after().when(started()).gives('many');
    given(of())
      .after(started())
      .when(listed('many', ['a', 'b', 'c']))
      .gives('many#1.0', 'many#1.1');
    begun(['a', 'b', 'c'])
      .when(completed('many', {}, item(1)))
      .gives('many#1.2');
  });

  it('keeps the list as it was, in a row of its own', () => {
    const bench = given(of())
      .after(started())
      .when(listed('many', ['a', 'b']))
      .gives('many#1.0', 'many#1.1');
    expect(bench.outputs.get(`many#${pageVisit(1, 0)}`)).toEqual(['a', 'b']);
    expect(bench.row('many')).toMatchObject({ status: 'waiting', queue: null });
  });

  it('gathers what the items gave once all are over, in the order of the list, and goes on', () => {
    const bench = given(of())
      .after(started(), listed('many', ['a', 'b']), completed('many', 2, item(1)))
      .when(completed('many', 1, item(0)))
      .gives('many');
    const all = [0, 1].map((place) => ({ item: place, output: place + 1, error: null }));
    expect(bench.happens(gathered('many', all)).ok).toBe(true);
    expect(bench.outputs.get('many#1')).toEqual({ ...counts(2, 2, 0, 2), results: [1, 2], errors: [] });
    expect(bench.instance).toMatchObject({ status: 'completed', active: 0 });
    expect(bench.instance.state.facts).toEqual({});
  });

  it('of an empty list goes on without an item', () => {
    const bench = given(of()).after(started()).when(listed('many', [])).gives('many');
    expect(bench.happens(gathered('many', [])).ok).toBe(true);
    expect(bench.instance.status).toBe('completed');
  });

  it('counts to a whole number', () => {
    const bench = given(of()).after(started()).when(listed('many', 3)).gives('many#1.0', 'many#1.1');
    expect(bench.outputs.get(`many#${pageVisit(1, 0)}`)).toBe(3);
  });

  it.each([
    ['BAD_EACH', 'ten'],
    ['BAD_EACH', -1],
    ['BAD_EACH', 1.5],
    ['EACH_TOO_MANY', 101],
  ])('is the incident %s when its list is %s, and reads it again by a retry', (code, list) => {
    const bench = given(of()).after(started()).when(listed('many', list)).gives(`! many ${code}`);
    expect(bench.happens(retried('many')).ok).toBe(true);
    expect(bench.happens(listed('many', ['a'], { dispatch: 2, attempt: 2 })).ok).toBe(true);
    expect(bench.row('many', itemVisit(1, 0))).toMatchObject({ status: 'ready' });
  });

  it('hears each word of its own once', () => {
    begun(['a', 'b'])
      .when(listed('many', ['a', 'b']))
      .rejects('stale-attempt');
    const bench = begun(['a'])
      .when(completed('many', {}, item(0)))
      .gives('many');
    expect(bench.happens(listed('many', ['x', 'y']))).toMatchObject({ error: { reason: 'stale-attempt' } });
    expect(bench.happens(completed('many', {}, item(0)))).toMatchObject({ error: { reason: 'node-instance-over' } });
  });

  it('keeps counts alone when it does not collect, and then asks nobody', () => {
    const bench = begun(['a'], each({ collect: false }))
      .when(completed('many', { big: 1 }, item(0)))
      .gives('= completed done');
    expect(bench.outputs.get('many#1')).toEqual(counts(1, 1, 0, 1));
  });

  it('is an incident when what the items gave is too much together', () => {
    const bench = begun(['a'])
      .when(completed('many', {}, item(0)))
      .gives('many');
    expect(bench.happens(gathered('many', null))).toMatchObject({ ok: true });
    expect(bench.row('many')).toMatchObject({ status: 'incident', error: { code: 'CONTEXT_TOO_LARGE' } });
    expect(bench.happens(retried('many')).ok).toBe(true);
    expect(bench.happens(gathered('many', [], { dispatch: 3, attempt: 2 })).ok).toBe(true);
    expect(bench.instance.status).toBe('completed');
  });
});

describe('an item', () => {
  it('is tried again by itself', () => {
    begun(['a', 'b'], each(), { retry: { remote: [5_000], max: 1 } })
      .when(failed('many', 'X', item(0)))
      .gives('~ many#1.0 failed: retried in 5 s', 'many#1.0 x2 +5000 retry');
  });

  it('that failed for good is an incident of its own, holds up no other, and is repaired alone', () => {
    const bench = begun(['a', 'b', 'c'])
      .when(failed('many', 'X', item(0)))
      .gives('~ many#1.0 failed: became the incident EXHAUSTED', '! many#1.0 EXHAUSTED', 'many#1.2');
    for (const place of [1, 2]) expect(bench.happens(completed('many', place, item(place))).ok).toBe(true);
    expect(bench.instance).toMatchObject({ status: 'incident', active: 2, incidents: 1 });
    const answer = bench.happens(retried());
    expect(answer.ok && answer.value.effects).toMatchObject([
      { type: 'incident.resolved' },
      { type: 'dispatch', visit: itemVisit(1, 0), attempt: 2 },
    ]);
    expect(bench.happens(completed('many', 0, item(0, 2))).ok).toBe(true);
    expect(bench.row('many')).toMatchObject({ status: 'ready' });
  });

  it('that failed for good takes the node by its line, and cancels the others', () => {
    const bench = begun(['a', 'b', 'c'])
      .when(failed('many', 'BAD_ONE', item(0)))
      .gives("~ many#1.0 failed: went to 'lost' by on error BAD_*", 'lost');
    expect(bench.row('many', itemVisit(1, 1))).toMatchObject({ status: 'cancelled' });
    expect(bench.row('many')).toMatchObject({ status: 'done', error: { code: 'BAD_ONE' } });
    expect(bench.happens(completed('lost')).ok).toBe(true);
    expect(bench.instance.status).toBe('completed');
  });

  it('that failed is counted with onError: continue, and has no result', () => {
    const bench = begun(['a', 'b'], each({ onError: 'continue' }))
      .when(failed('many', 'BAD_ONE', item(0)))
      .gives('~ many#1.0 failed: counted as failed');
    expect(bench.happens(completed('many', 'x', item(1))).ok).toBe(true);
    const error = { code: 'BAD_ONE', message: 'boom', permanent: false };
    const items = [
      { item: 0, output: null, error },
      { item: 1, output: 'x', error: null },
    ];
    expect(bench.happens(gathered('many', items)).ok).toBe(true);
    expect(bench.outputs.get('many#1')).toEqual({
      ...counts(1, 1, 1, 2),
      results: [null, 'x'],
      errors: [{ item: 0, code: 'BAD_ONE', message: 'boom' }],
    });
  });

  it('has the partner that its own value tells', () => {
    const circuit = { name: 'bank', by: path('item.bank') };
    const bench = given(of(each({ parallel: 1 }), { circuit })).after(started());
    const banks = [{ bank: 'north' }, { bank: 'south' }];
    const first = bench.when(listed('many', banks)).transition();
    expect(first.effects).toMatchObject([{ dimension: { name: 'bank', value: 'north' } }]);
    const second = given(of(each({ parallel: 1 }), { circuit }))
      .after(started(), listed('many', banks))
      .when(completed('many', {}, item(0)))
      .transition();
    expect(second.effects).toMatchObject([{ dimension: { name: 'bank', value: 'south' } }]);
  });
});
