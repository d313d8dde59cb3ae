import { describe, expect, it } from 'vitest';
import type { CallNode } from '../../../../src/core/definition/definition.js';
import { itemVisit, undoVisit } from '../../../../src/core/definition/work/each.js';
import { call, end, flow, start, task } from '../../../support/build-definition.js';
import { compensate, undoable, undoing } from '../../../support/definition/compensate.js';
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
  retried,
  started,
} from '../../../support/flow-spec.js';

/** A call that the flow `back` undoes. */
const undoableCall =
  (more: Parameters<typeof call>[0] = {}) =>
  (id: string): CallNode => ({ ...call(more)(id), undo: { flow: 'back', in: new Map() } });

const EDGES = ['begin -> a -> c -> b', ['b -> undo', 'on error NO_*'], 'b -> done', 'undo -> done'] as const;
const trip = flow(
  { begin: start(), a: undoable('do.unA'), c: undoableCall(), b: task(), undo: compensate(), done: end() },
  EDGES,
);
const called = [started(), completed('a'), childStarted('c'), childEnded('c', { no: 7 })] as const;
const broken = [...called, failed('b', 'NO_MONEY')] as const;
const undoStarted = { ...childStarted('c'), ...undoing() };
const undoEnded = { ...childEnded('c', { outcome: 'success' }), ...undoing() };

describe('a call that can be undone', () => {
  it('is undone by another call, in its turn', () => {
    given(trip)
      .after(...called)
      .when(failed('b', 'NO_MONEY'))
      .gives("~ b failed: went to 'undo' by on error NO_*", 'c#1.undo');
    const bench = given(trip)
      .after(...broken, undoStarted)
      .when(undoEnded)
      .gives('a#1.undo');
    expect(bench.row('c')).toMatchObject({ status: 'compensated' });
    bench.happens(completed('a', null, undoing()));
    expect(bench.instance).toMatchObject({ status: 'completed', state: { facts: {} } });
  });

  it('has no handler, and waits for the flow that undoes it', () => {
    const { effects } = given(trip)
      .after(...called)
      .when(failed('b', 'NO_MONEY'))
      .transition();
    expect(effects.at(-1)).toMatchObject({ type: 'dispatch', node: 'c', handler: null, visit: undoVisit(1) });
    const bench = given(trip)
      .after(...broken)
      .when(undoStarted)
      .gives();
    expect(bench.row('c', undoVisit(1))).toMatchObject({ status: 'waiting' });
  });

  it('that failed, or is under way, is not undone', () => {
    const edges = ['begin -> a -> c -> done', ['c -> undo', 'on error NO_*'], 'undo -> done'] as const;
    const nodes = { begin: start(), a: undoable('do.unA'), c: undoableCall(), undo: compensate(), done: end() };
    given(flow(nodes, edges))
      .after(started(), completed('a'), childStarted('c'))
      .when(childEnded('c', null, 'NO_ROOM'))
      .gives('a#1.undo');
  });

  it('is left as it is without `undo`', () => {
    const nodes = { begin: start(), a: undoable('do.unA'), c: call(), b: task(), undo: compensate(), done: end() };
    given(flow(nodes, EDGES))
      .after(...called)
      .when(failed('b', 'NO_MONEY'))
      .gives("~ b failed: went to 'undo' by on error NO_*", 'a#1.undo');
  });

  it('whose undoing fails is an incident, whatever lines the call has; a retry calls anew', () => {
    const edges = [...EDGES, ['c -> done', 'on error NO_*']] as const;
    const nodes = {
      begin: start(),
      a: undoable('do.unA'),
      c: undoableCall(),
      b: task(),
      undo: compensate(),
      done: end(),
    };
    const bench = given(flow(nodes, edges))
      .after(...broken, undoStarted)
      .when({ ...childEnded('c', null, 'NO_WAY'), ...undoing() })
      .gives('! c#1.undo PERMANENT_FAILURE');
    expect(bench.row('c', undoVisit(1))?.error).toMatchObject({ code: 'NO_WAY' });
    bench.happens(retried('c', undoVisit(1)));
    const answer = bench.happens({ ...childEnded('c', {}), ...undoing(1, 2) });
    expect(answer).toMatchObject({ ok: true, value: { effects: [{ type: 'dispatch', node: 'a' }] } });
  });

  it('gives up the flow that undoes it when the instance is cancelled', () => {
    const { effects } = given(trip)
      .after(...broken, undoStarted)
      .when(cancelled)
      .transition();
    expect(effects).toContainEqual({ type: 'call.abandoned', node: 'c', visit: undoVisit(1), attempt: 1 });
  });

  it('is undone item by item, the newest first', () => {
    const nodes = { begin: start(), c: undoableCall({ each: each() }), undo: compensate(), done: end() };
    const ended = (at: number) => ({ ...childEnded('c', { at }), ...item(at) });
    const bench = given(flow(nodes, ['begin -> c -> undo -> done']))
      .after(started(), listed('c', ['x', 'y']), ended(1), ended(0))
      .when(gathered('c', []))
      .gives('c#1.0.undo');
    const next = bench.happens({ ...childEnded('c', {}), ...undoing(itemVisit(1, 0)) });
    expect(next.ok && next.value.effects).toMatchObject([{ node: 'c', visit: undoVisit(itemVisit(1, 1)) }]);
  });
});
