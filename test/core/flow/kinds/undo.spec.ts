import { describe, expect, it } from 'vitest';
import { itemVisit } from '../../../../src/core/definition/work/each.js';
import { end, expr, flow, is, set, start, task, terminate } from '../../../support/build-definition.js';
import { compensate, undoable, undoing } from '../../../support/definition/compensate.js';
import { each } from '../../../support/definition/each.js';
import {
  Bench,
  cancelled,
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

const nodes = {
  begin: start(),
  a: undoable('do.unA'),
  b: undoable('do.unB'),
  c: task(),
  back: compensate(),
  done: end(),
};
const EDGES = ['begin -> a -> b -> c', ['c -> back', 'on error NO_*'], 'c -> done', 'back -> done'] as const;
const all = flow(nodes, EDGES);
const broken = [started(), completed('a', 1), completed('b', 2), failed('c', 'NO_MONEY')] as const;

describe('a compensate', () => {
  it('undoes what is done, one after the other, the newest first, and then goes on', () => {
    given(all)
      .after(...broken.slice(0, 3))
      .when(broken[3])
      .gives("~ c failed: went to 'back' by on error NO_*", 'b#1.undo');
    const bench = given(all)
      .after(...broken)
      .when(completed('b', 'gone', undoing()))
      .gives('a#1.undo');
    expect(bench.instance.status).toBe('compensating');
    expect(bench.row('b')).toMatchObject({ status: 'compensated' });
    expect(bench.row('a')).toMatchObject({ status: 'done' });
    const answer = bench.happens(completed('a', null, undoing()));
    expect(answer.ok && answer.value.effects).toMatchObject([{ type: 'instance.ended', status: 'completed' }]);
    expect([bench.row('a')?.status, bench.row('c')?.status]).toEqual(['compensated', 'done']);
    expect(bench.instance.state.facts).toEqual({});
  });

  it('asks the handler that undoes, and hears each answer once', () => {
    const first = given(all)
      .after(...broken.slice(0, 3))
      .when(broken[3])
      .transition();
    expect(first.effects.at(-1)).toMatchObject({ type: 'dispatch', node: 'b', handler: 'do.unB', attempt: 1 });
    const bench = given(all)
      .after(...broken)
      .when(completed('b', null, undoing()))
      .gives('a#1.undo');
    expect(bench.happens(completed('b', null, undoing()))).toMatchObject({ error: { reason: 'node-instance-over' } });
  });

  it('undoes nothing that was not done, and goes on at once if nothing was', () => {
    const early = flow(nodes, ['begin -> a', ['a -> back', 'on error NO_*'], 'a -> b -> c -> done', 'back -> done']);
    given(early)
      .after(started())
      .when(failed('a', 'NO_WAY'))
      .gives("~ a failed: went to 'back' by on error NO_*", '= completed done');
  });

  it('undoes nothing of a task that gave its fallback, nor of an item', () => {
    const receipt = { subject: 's', code: 'circuit.fallback', rules: null, trace: [], degraded: true } as const;
    const degraded = { degraded: { reason: 'degraded: it is down', receipt } };
    const bench = given(all)
      .after(started(), { ...completed('a'), ...degraded } as never, completed('b'))
      .when(failed('c', 'NO_MONEY'))
      .gives("~ c failed: went to 'back' by on error NO_*", 'b#1.undo');
    expect(bench.row('a')).toMatchObject({ status: 'done', reason: 'degraded: it is down', receipt });
    const last = bench.happens(completed('b', null, undoing()));
    expect(last.ok && last.value.effects).toMatchObject([{ type: 'instance.ended' }]);
    const many = flow({ begin: start(), many: undoable('do.un', { each: each() }), back: compensate(), done: end() }, [
      'begin -> many -> back -> done',
    ]);
    given(many)
      .after(started(), listed('many', ['x']), { ...completed('many', 1, item(0)), ...degraded } as never)
      .when(gathered('many', []))
      .gives('= completed done');
  });

  it('of one node leaves the others as they are; a later one undoes the rest, and nothing twice', () => {
    const bench = given(
      flow({ ...nodes, back: compensate('a'), rest: compensate() }, ['begin -> a -> b -> back -> rest -> c -> done']),
    )
      .after(started(), completed('a'))
      .when(completed('b'))
      .gives('a#1.undo');
    const next = bench.happens(completed('a', null, undoing()));
    expect(next.ok && next.value.effects).toMatchObject([{ type: 'dispatch', node: 'b', handler: 'do.unB' }]);
    const last = bench.happens(completed('b', null, undoing()));
    expect(last.ok && last.value.effects).toMatchObject([{ type: 'dispatch', node: 'c' }]);
  });

  it('undoes every visit once, the newest first', () => {
    const count = expr('vars.n + 1', ['vars.n'], (n) => Number(n) + 1);
    const looped = flow(
      {
        begin: start(),
        zero: set({ n: expr('0', [], () => 0) }),
        up: set({ n: count }),
        a: undoable('do.unA'),
        back: compensate(),
        done: end(),
      },
      ['begin -> zero -> up -> a', ['a -> back', is('vars.n', 2)], ['a -> up', 'else'], 'back -> done'],
    );
    const bench = given(looped)
      .after(started(), completed('a'))
      .when(completed('a', {}, { visit: 2 }))
      .gives('a#2.undo');
    const next = bench.happens(completed('a', null, undoing(2)));
    expect(next.ok && next.value.effects).toMatchObject([{ node: 'a', visit: undoing(1).visit }]);
  });

  it('undoes the items of a node with each that are done', () => {
    const many = flow(
      {
        begin: start(),
        many: undoable('do.un', { each: each({ onError: 'continue' }) }),
        back: compensate(),
        done: end(),
      },
      ['begin -> many -> back -> done'],
    );
    const bench = given(many)
      .after(
        started(),
        listed('many', ['x', 'y', 'z']),
        completed('many', 1, item(1)),
        failed('many', 'X', item(0)),
        completed('many', 2, item(2)),
      )
      .when(gathered('many', []))
      .gives('many#1.2.undo');
    const next = bench.happens(completed('many', null, undoing(itemVisit(1, 2))));
    expect(next.ok && next.value.effects).toMatchObject([{ node: 'many', visit: undoing(itemVisit(1, 1)).visit }]);
    expect(bench.happens(completed('many', null, undoing(itemVisit(1, 1)))).ok).toBe(true);
    expect(bench.instance.status).toBe('completed');
    expect(bench.row('many', itemVisit(1, 2))?.status).toBe('compensated');
  });
});

describe('undoing', () => {
  it('is tried again like the task itself', () => {
    const tried = flow({ ...nodes, b: undoable('do.unB', { retry: { remote: [5_000], max: 1 } }) }, EDGES);
    given(tried)
      .after(...broken)
      .when(failed('b', 'X', undoing()))
      .gives('~ b#1.undo failed: retried in 5 s', 'b#1.undo x2 +5000 retry');
  });

  it('that fails for good is an incident, whatever lines the task has, and goes on by a retry', () => {
    const lined = flow(nodes, [...EDGES, ['b -> done', 'on error X*']]);
    const bench = given(lined)
      .after(...broken)
      .when(failed('b', 'X', undoing()))
      .gives('~ b#1.undo failed: became the incident EXHAUSTED', '! b#1.undo EXHAUSTED');
    expect(bench.instance).toMatchObject({ status: 'incident', incidents: 1 });
    const again = bench.happens(retried('b', undoing().visit));
    expect(again.ok && again.value.effects).toMatchObject([{}, { type: 'dispatch', handler: 'do.unB', attempt: 2 }]);
    const next = bench.happens(completed('b', null, undoing(1, 2)));
    expect(next.ok && next.value.effects).toMatchObject([{ type: 'dispatch', node: 'a' }]);
  });

  it('is held by a pause, and stopped with the instance', () => {
    const bench = given(all)
      .after(...broken)
      .when(paused)
      .gives();
    const answer = bench.happens(resumed);
    expect(answer.ok && answer.value.effects).toMatchObject([{ type: 'dispatch', node: 'b', handler: 'do.unB' }]);
    const stopped = given(all)
      .after(...broken)
      .when(cancelled)
      .gives('= cancelled null');
    expect(stopped.row('b')?.status).toBe('done');
    expect(stopped.row('b', undoing().visit)?.status).toBe('cancelled');
  });

  it('ends with the instance when another branch ends it', () => {
    const two = flow({ ...nodes, s: task(), stop: terminate() }, [
      'begin -> a & s',
      's -> stop',
      'a -> b -> back -> c -> done',
    ]);
    const bench = new Bench(two);
    for (const one of [started(), completed('a'), completed('b')]) expect(bench.happens(one).ok).toBe(true);
    expect(bench.instance.status).toBe('compensating');
    expect(bench.happens(completed('s')).ok).toBe(true);
    expect(bench.instance.status).toBe('completed');
  });
});
