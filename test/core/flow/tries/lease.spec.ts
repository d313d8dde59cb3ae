import { describe, expect, it } from 'vitest';
import { LEASED } from '../../../../src/core/routing/lane.js';
import { end, flow, start, task, timer } from '../../../support/build-definition.js';
import { cancelled, completed, failed, given, type Happening, started } from '../../../support/flow-spec.js';

type Word = 'taken' | 'renewed' | 'returned' | 'expired';

/** The bench begins at 1,000 and adds one for each event; rows get their dispatch 1 by being entered. */
const word = (type: Word, { attempt = 1, dispatch = 2, forMs = 10, at = 0 } = {}): Happening => {
  const about = { node: 'a', visit: 1, attempt, dispatch, ...(at > 0 && { at }) };
  return type === 'taken' || type === 'renewed'
    ? { type: `lease.${type}`, ...about, forMs }
    : { type: `lease.${type}`, ...about };
};
const taken = (attempt = 1, dispatch = 1): Happening => word('taken', { attempt, dispatch, at: 2_000 });

describe('a lease', () => {
  const line = flow(
    { begin: start(), a: task({ lease: true, retry: { remote: [5], max: 1 } }), t: timer({ ms: 7 }), done: end() },
    ['begin -> a -> t -> done'],
  );
  const placed = () => ({
    after: (...more: readonly Happening[]) => given(line).after(started(), ...more),
  });

  it('moves the row to its end, under a number of its own, and sends nothing', () => {
    const row = placed().after().when(taken()).gives().row('a');
    expect(row).toMatchObject({ status: 'ready', queue: LEASED, wakeAt: 2_010, dispatch: 2, attempt: 1 });
  });

  it('is taken once, by whoever has the dispatch that is waited for', () => {
    placed().after(taken()).when(taken()).rejects('stale-attempt');
    placed()
      .after(taken())
      .when(word('taken', { dispatch: 2 }))
      .rejects('stale-attempt');
    placed()
      .after()
      .when(word('taken', { dispatch: 7 }))
      .rejects('stale-attempt');
    placed()
      .after()
      .when(word('taken', { attempt: 2, dispatch: 1 }))
      .rejects('stale-attempt');
  });

  it('is renewed by its holder alone, also late, as long as nobody else has it', () => {
    const row = placed()
      .after(taken())
      .when(word('renewed', { at: 2_500 }))
      .gives()
      .row('a');
    expect(row).toMatchObject({ queue: LEASED, wakeAt: 2_510, dispatch: 2 });
    placed()
      .after(taken())
      .when(word('renewed', { dispatch: 1 }))
      .rejects('stale-attempt');
    placed()
      .after()
      .when(word('renewed', { dispatch: 1 }))
      .rejects('stale-attempt');
  });

  it('does not end before its end', () => {
    placed()
      .after(taken())
      .when(word('expired', { at: 2_009 }))
      .rejects('stale-attempt');
    placed()
      .after(taken(), word('renewed', { at: 2_009 }))
      .when(word('expired', { at: 2_010 }))
      .rejects('stale-attempt');
  });

  it('that has ended begins the attempt anew under the next number, and charges no retry', () => {
    const bench = placed()
      .after(taken())
      .when(word('expired', { at: 2_010 }))
      .gives('~ a failed: began anew', 'a x2 deferred');
    expect(bench.row('a')).toMatchObject({ status: 'ready', attempt: 2, error: { code: 'LEASE_EXPIRED' } });
    placed()
      .after(taken(), word('expired', { at: 2_010 }))
      .when(failed('a', 'BUSY', { attempt: 2 }))
      .gives('~ a failed: retried in 5 ms', 'a x3 +5 retry');
  });

  it('rejects what the former holder says after its end', () => {
    const over = placed();
    over
      .after(taken(), word('expired', { at: 2_010 }))
      .when(completed('a', {}))
      .rejects('stale-attempt');
    placed().after(taken(), completed('a', {})).when(completed('a', {})).rejects('node-instance-over');
    placed()
      .after(taken(), completed('a', {}))
      .when(word('expired', { at: 9_000 }))
      .rejects('node-instance-over');
    placed().after(taken(), cancelled).when(word('renewed')).rejects('instance-over');
  });

  it('that is given back is dispatched again, the same attempt', () => {
    const bench = placed().after(taken()).when(word('returned')).gives('a deferred');
    expect(bench.row('a')).toMatchObject({ attempt: 1, dispatch: 3 });
    placed()
      .after(taken(), word('returned'))
      .when(word('returned', { dispatch: 3 }))
      .rejects('stale-attempt');
  });

  it('is under way: nothing hastens it', () => {
    const hastened: Happening = {
      type: 'node.hastened',
      node: 'a',
      visit: 1,
      dispatch: 2,
      delayMs: 0,
      by: 'ops',
      at: 2_000,
    };
    placed()
      .after(word('taken', { dispatch: 1, forMs: 60_000, at: 2_000 }))
      .when(hastened)
      .rejects('not-waiting');
  });

  it('that ends five times in a row is the incident CRASH_LOOP', () => {
    const ends: Happening[] = [];
    for (let n = 1; n <= 4; n++) {
      // Each round: taken raises the dispatch by one, beginning anew by another.
      const dispatch = 2 * n - 1;
      const expired = word('expired', { attempt: n, dispatch: dispatch + 1, at: 2_010 });
      ends.push(taken(n, dispatch), expired);
    }
    const bench = placed()
      .after(...ends, taken(5, 9))
      .when(word('expired', { attempt: 5, dispatch: 10, at: 2_010 }))
      .gives('~ a failed: became the incident CRASH_LOOP', '! a CRASH_LOOP');
    expect(bench.row('a')).toMatchObject({ status: 'incident', queue: null });
  });

  it('is no part of a task that was put off because its engine is full', () => {
    const full: Happening = { type: 'task.deferred', node: 'a', visit: 1, attempt: 1, dispatch: 1, delayMs: 15 };
    const bench = placed().after().when(full).gives('a +15 deferred');
    expect(bench.instance.state.facts).toEqual({});
  });
});
