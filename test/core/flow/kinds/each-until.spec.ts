import { describe, expect, it } from 'vitest';
import { itemVisit } from '../../../../src/core/definition/work/each.js';
import { call, end, expr, flow, is, start, task, terminate } from '../../../support/build-definition.js';
import { each } from '../../../support/definition/each.js';
import {
  cancelled,
  childEnded,
  childStarted,
  completed,
  failed,
  gathered,
  given,
  item,
  listed,
  paused,
  resumed,
  retried,
  started,
} from '../../../support/flow-spec.js';

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

describe('until', () => {
  const two = each({ parallel: 3, until: { count: 2 } });

  it('so many are done, and the others are cancelled', () => {
    const bench = given(of(two))
      .after(started(), listed('many', ['a', 'b', 'c', 'd']), completed('many', 0, item(2)))
      .when(completed('many', 1, item(0)))
      .gives('many');
    expect(bench.row('many', itemVisit(1, 1))).toMatchObject({ status: 'cancelled' });
    expect(bench.happens(gathered('many', [{ item: 2, output: 5, error: null }])).ok).toBe(true);
    expect(bench.outputs.get('many#1')).toMatchObject({ ...counts(2, 2, 0, 4), results: [null, null, 5, null] });
  });

  it('so many are done, and those under way go on unseen, with rest: ignore', () => {
    const bench = given(of({ ...two, rest: 'ignore' }))
      .after(started(), listed('many', ['a', 'b', 'c', 'd']), completed('many', 0, item(2)))
      .when(completed('many', 1, item(0)))
      .gives('many');
    expect(bench.happens(gathered('many', [])).ok).toBe(true);
    expect(bench.instance).toMatchObject({ status: 'running', active: 2 });
    expect(bench.happens(failed('many', 'BAD_ONE', item(1)))).toMatchObject({
      value: { effects: [{ decision: 'counted as failed' }] },
    });
    expect(bench.happens(completed('many', {}, item(3))).ok).toBe(true);
    expect(bench.instance).toMatchObject({ status: 'completed', incidents: 0 });
  });

  it('a condition on counts and on what the item has just given', () => {
    const enough = expr(
      'each.no >= 1 or result.stop',
      ['each.no', 'result.stop'],
      (no, stop) => Number(no) >= 1 || stop === true,
    );
    const rule = each({ until: { when: enough } });
    begun(['a', 'b'], rule)
      .when(completed('many', { stop: false }, item(0)))
      .gives();
    begun(['a', 'b'], rule)
      .when(completed('many', { stop: true }, item(0)))
      .gives('many');
    begun(['a', 'b'], rule)
      .when(completed('many', { _result: false }, item(0)))
      .gives('many');
  });

  it('that is never reached is a no of the node', () => {
    const flowed = flow(
      {
        begin: start(),
        many: task({ each: each({ until: { count: 2 }, onError: 'continue' }) }),
        yes: end(),
        no: end(),
      },
      ['begin -> many', ['many -> yes', is('_result', true)], ['many -> no', 'else']],
    );
    given(flowed)
      .after(started(), listed('many', ['a', 'b']), failed('many', 'X', item(0)), completed('many', 1, item(1)))
      .when(gathered('many', []))
      .gives('= completed no');
  });

  it('whose condition has no answer is an incident; a retry waits on, and the items have gone on meanwhile', () => {
    const broken = each({ until: { when: is('nobody.there', true) } });
    const bench = begun(['a', 'b', 'c'], broken)
      .when(completed('many', {}, item(0)))
      .gives('! many EXPRESSION_UNKNOWN_NAME', 'many#1.2');
    for (const place of [1, 2]) expect(bench.happens(completed('many', {}, item(place))).ok).toBe(true);
    expect(bench.happens(retried('many')).ok).toBe(true);
    expect(bench.row('many')).toMatchObject({ status: 'ready', polls: 1 });
  });
});

describe('everything else', () => {
  it('stops the items with the node: by an end, by a person', () => {
    const bench = begun(['a', 'b']).when(cancelled).gives('= cancelled null');
    expect([0, 1].map((place) => bench.row('many', itemVisit(1, place))?.status)).toEqual(['cancelled', 'cancelled']);
    const both = flow({ begin: start(), many: call({ each: each() }), a: task(), done: end(), stop: terminate() }, [
      'begin -> many & a',
      'many -> done',
      'a -> stop',
    ]);
    given(both)
      .after(started(), listed('many', [1]), childStarted('many', 1, itemVisit(1, 0)))
      .when(completed('a'))
      .gives('- many#1.0 x1', '= completed terminated');
  });

  it('is held by a pause, and goes on at the resume', () => {
    const bench = given(of())
      .after(started(), listed('many', ['a', 'b', 'c']), paused)
      .when(completed('many', {}, item(0)))
      .gives('many#1.2');
    expect(bench.row('many', itemVisit(1, 2))).toMatchObject({ queue: null });
    const answer = bench.happens(resumed);
    expect(answer.ok && answer.value.effects.length).toBe(2);
  });

  it('calls a flow for each item, and a detached one waits for none of them', () => {
    const calls = (detach: boolean) =>
      flow({ begin: start(), many: call({ detach, each: each({ collect: false }) }), done: end() }, [
        'begin -> many -> done',
      ]);
    const visit = itemVisit(1, 0);
    const waits = given(calls(false)).after(started(), listed('many', [1]), childStarted('many', 1, visit));
    const ended = { ...childEnded('many', { n: 1 }), visit } as ReturnType<typeof childEnded>;
    waits.when(ended).gives('= completed done');
    given(calls(true))
      .after(started(), listed('many', [1]))
      .when(childStarted('many', 1, visit))
      .gives('= completed done');
  });

  it('of which a called instance failed is an incident, and calls anew by a retry', () => {
    const calls = flow({ begin: start(), many: call({ each: each() }), done: end() }, ['begin -> many -> done']);
    const visit = itemVisit(1, 0);
    const lost = { ...childEnded('many', null, 'LOST'), visit } as ReturnType<typeof childEnded>;
    const bench = given(calls)
      .after(started(), listed('many', [1]))
      .when(lost)
      .gives('! many#1.0 PERMANENT_FAILURE');
    const again = bench.happens({ type: 'incident.retried', only: { node: 'many', visit }, by: 'ops' });
    expect(again.ok && again.value.effects).toMatchObject([{}, { type: 'dispatch', visit, attempt: 2 }]);
  });
});
