import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../src/core/json.js';
import { end, flow, is, path, start, task } from '../../../support/build-definition.js';
import { failed, given, retried, started } from '../../../support/flow-spec.js';

type Delay = NonNullable<NonNullable<Parameters<typeof task>[0]>['delay']>;
const NEVER = { when: null, maxMs: null };
const delayed = (delay: Partial<Delay>, more: Parameters<typeof task>[0] = {}) =>
  flow({ begin: start(), a: task({ ...more, delay: { ...NEVER, wait: { ms: 60_000 }, ...delay } }), done: end() }, [
    'begin -> a -> done',
  ]);

describe('the delay of a task', () => {
  it('is that of its first attempt, which stays the first', () => {
    const bench = given(delayed({})).after().when(started()).gives('a +60000 delayed');
    expect(bench.row('a')).toMatchObject({ status: 'ready', attempt: 1, polls: 0 });
  });

  it.each<{ n: Json; gives: string }>([
    { n: 1, gives: 'a +60000 delayed' },
    { n: 2, gives: 'a' },
  ])('counts only when its condition holds: for $n it gives $gives', ({ n, gives }) => {
    given(delayed({ when: is('input.n', 1) }))
      .after()
      .when(started({ n }))
      .gives(gives);
  });

  it.each<{ of: 'for' | 'until'; x: Json; maxMs: number | null; gives: string }>([
    { of: 'for', x: '2h', maxMs: null, gives: 'a +7200000 delayed' },
    { of: 'for', x: '2h', maxMs: 60_000, gives: 'a +60000 delayed' },
    { of: 'for', x: 250, maxMs: 60_000, gives: 'a +250 delayed' },
    { of: 'for', x: 0, maxMs: null, gives: 'a' },
    { of: 'until', x: '1970-01-01T00:00:11Z', maxMs: null, gives: 'a +9999 delayed' },
    { of: 'until', x: '1970-01-01T00:00:11Z', maxMs: 1_000, gives: 'a +1000 delayed' },
    { of: 'until', x: '1969-12-31', maxMs: null, gives: 'a' },
  ])('$of $x, at most $maxMs, gives $gives', ({ of, x, maxMs, gives }) => {
    const wait = of === 'for' ? { for: path('input.x') } : { until: path('input.x') };
    given(delayed({ wait, maxMs })).after().when(started({ x })).gives(gives);
  });

  it('that cannot be told is an incident, and a retry asks anew', () => {
    const definition = delayed({ wait: { for: path('input.x') } });
    given(definition)
      .after()
      .when(started({ x: 'soon' }))
      .gives('! a BAD_TIMER');
    given(definition)
      .after(started({ x: 'soon' }))
      .when(retried('a'))
      .gives('ok a by ops', '! a BAD_TIMER');
  });

  it('is not waited for again by a retry', () => {
    const retry = { remote: [5_000], max: 3 };
    given(delayed({}, { retry }))
      .after(started())
      .when(failed('a'))
      .gives(expect.stringContaining('~ a failed') as unknown as string, 'a x2 +5000 retry');
  });
});
