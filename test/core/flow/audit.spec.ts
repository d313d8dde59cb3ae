import { describe, expect, it } from 'vitest';
import { end, flow, start, task } from '../../support/build-definition.js';
import {
  audited,
  Bench,
  cancelled,
  completed,
  failed,
  given,
  type Happening,
  retried,
  shown,
  started,
} from '../../support/flow-spec.js';

describe('the audit of an instance', () => {
  const line = flow({ begin: start(), a: task(), b: task(), done: end() }, ['begin -> a -> b -> done']);

  /** An instance whose rows were changed behind the engine's back. */
  function broken(...before: readonly Happening[]): Bench {
    const bench = new Bench(line);
    for (const happening of before) bench.happens(happening);
    return bench;
  }
  const effects = (bench: Bench, node: string): string[] => {
    const answer = bench.happens(audited(node));
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value.effects.map(shown);
  };

  it.each([
    ['runs', [started()]],
    ['waits for a person', [started(), failed('a', 'X', { permanent: true })]],
    ['is over', [started(), completed('a'), completed('b')]],
    ['was cancelled', [started(), cancelled]],
  ] as const)('finds nothing in one that %s', (_, before) => {
    given(line)
      .after(...before)
      .when(audited('a'))
      .rejects('nothing-stuck');
  });

  it('makes the incident STUCK of one that has nothing to do, once', () => {
    const bench = broken(started(), completed('a'));
    bench.rows.delete('b#1');
    expect(effects(bench, 'a')).toEqual(['! a#2 STUCK']);
    expect(bench.row('a', 2)).toMatchObject({ status: 'incident', attempt: 0, error: { code: 'STUCK' } });
    expect(bench.instance).toMatchObject({ status: 'incident', active: 1, incidents: 1 });
    expect(bench.happens(audited('a', 2))).toMatchObject({ ok: false, error: { reason: 'nothing-stuck' } });
  });

  it('leaves what is stuck alone when all incidents are retried, and enters the node once more by name', () => {
    const bench = broken(started(), completed('a'));
    bench.rows.delete('b#1');
    effects(bench, 'a');
    expect(bench.happens(retried())).toMatchObject({ ok: false, error: { reason: 'nothing-to-retry' } });
    expect(bench.happens(retried('a', 2)).ok).toBe(true);
    expect(bench.row('a', 2)).toMatchObject({ status: 'ready', attempt: 1 });
    bench.happens(completed('a', {}, { visit: 2 }));
    bench.happens(completed('b'));
    expect(bench.instance).toMatchObject({ status: 'completed', active: 0, incidents: 0 });
  });

  it('ends one that is stuck when it is cancelled', () => {
    const bench = broken(started(), completed('a'));
    bench.rows.delete('b#1');
    effects(bench, 'a');
    expect(bench.happens(cancelled).ok).toBe(true);
    expect(bench.instance).toMatchObject({ status: 'cancelled', active: 0, incidents: 0 });
  });

  it('counts anew where the count is wrong, and the instance goes on to its end', () => {
    const bench = broken(started());
    bench.instance = { ...bench.instance, active: 3, incidents: 1, status: 'incident' };
    expect(effects(bench, 'a')).toEqual(['! a#2 STUCK', 'ok a#2 by engine: put right by the audit']);
    expect(bench.instance).toMatchObject({ status: 'running', active: 1, incidents: 0 });
    bench.happens(completed('a'));
    bench.happens(completed('b'));
    expect(bench.instance.status).toBe('completed');
  });

  it('cancels what is left in one that is over, and changes its end no more', () => {
    const bench = broken(started(), completed('a'), completed('b'));
    const { endedAt, outcome } = bench.instance;
    const row = bench.row('b');
    if (row) bench.rows.set('b#1', { ...row, status: 'incident', endedAt: null });
    const by = 'engine: put right by the audit';
    expect(effects(bench, 'b')).toEqual([`ok b by ${by}`, '! b#2 STUCK', `ok b#2 by ${by}`]);
    expect(bench.row('b')?.status).toBe('cancelled');
    expect(bench.instance).toMatchObject({ status: 'completed', outcome, endedAt, active: 0, incidents: 0 });
    expect(endedAt).not.toBeNull();
  });
});
