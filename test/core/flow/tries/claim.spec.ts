import { describe, expect, it } from 'vitest';
import { end, flow, start, task, timer } from '../../../support/build-definition.js';
import { cancelled, claimed, completed, failed, given, retried, started } from '../../../support/flow-spec.js';

describe('an attempt that is delivered again and again without an answer', () => {
  const line = flow({ begin: start(), a: task({ retry: { remote: [1], max: 9 } }), t: timer({ ms: 5 }), done: end() }, [
    'begin -> a -> t -> done',
  ]);
  const often = [3, 4, 5, 6].map((delivery) => claimed('a', delivery));

  it('is counted and may run, four times', () => {
    const bench = given(line)
      .after(started(), ...often.slice(0, 3))
      .when(claimed('a', 6))
      .gives();
    expect(bench.row('a')).toMatchObject({ status: 'ready', attempt: 1 });
    expect(bench.instance.status).toBe('running');
  });

  it('becomes the incident CRASH_LOOP at the fifth, and a retry gives it as many again', () => {
    const bench = given(line)
      .after(started(), ...often)
      .when(claimed('a', 7))
      .gives('~ a failed: became the incident CRASH_LOOP', '! a CRASH_LOOP');
    expect(bench.row('a')).toMatchObject({ status: 'incident', queue: null, error: { code: 'CRASH_LOOP' } });
    expect(bench.instance).toMatchObject({ status: 'incident', incidents: 1, active: 1 });
    given(line)
      .after(started(), ...often, claimed('a', 7), retried('a'), claimed('a', 3, { attempt: 2 }))
      .when(completed('a', {}, { attempt: 2 }))
      .gives('t +5');
  });

  it('counts the same delivery once, however often its word is said', () => {
    given(line)
      .after(started(), claimed('a', 3), claimed('a', 3), claimed('a', 3), claimed('a', 3), claimed('a', 3))
      .when(claimed('a', 4))
      .gives();
  });

  it.each([
    ['a failure', failed('a'), 2],
    ['a poll', { type: 'task.polled', node: 'a', visit: 1, attempt: 1, delayMs: 1 } as const, 1],
  ])('is no suspect any more after %s', (_, answer, attempt) => {
    const again = [3, 4, 5, 6].map((delivery) => claimed('a', delivery, { attempt }));
    const bench = given(line)
      .after(started(), ...often, answer)
      .when(again[0] as never)
      .gives();
    for (const one of again.slice(1)) expect(bench.happens(one).ok).toBe(true);
    expect(bench.row('a')).toMatchObject({ status: 'ready', attempt });
  });

  it('leaves nothing behind when it completes', () => {
    const bench = given(line).after(started(), claimed('a', 3)).when(completed('a')).gives('t +5');
    expect(bench.instance.state.facts).toEqual({});
  });

  it.each([
    ['a stale attempt', [started(), failed('a')], 'stale-attempt'],
    ['a node that is done', [started(), completed('a')], 'node-instance-over'],
    ['an instance that is over', [started(), cancelled], 'instance-over'],
  ] as const)('is rejected for %s', (_, before, reason) => {
    given(line)
      .after(...before)
      .when(claimed('a', 3))
      .rejects(reason);
  });
});
