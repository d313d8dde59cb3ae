import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../src/core/json.js';
import { end, flow, is, path, start, task, timer } from '../../../support/build-definition.js';
import { fired, given, retried, started } from '../../../support/flow-spec.js';

const wait = (rule: Parameters<typeof timer>[0]) =>
  flow({ begin: start(), t: timer(rule), a: task(), done: end() }, ['begin -> t -> a -> done']);

describe('a timer', () => {
  it('waits, and goes on when it fires', () => {
    const bench = given(wait({ ms: 60_000 }))
      .after()
      .when(started())
      .gives('t +60000');
    expect(bench.row('t')).toMatchObject({ status: 'waiting', dispatch: 1 });
    expect(bench.happens(fired('t'))).toMatchObject({ value: { instanceChanged: false, effects: [{ node: 'a' }] } });
  });

  it.each<{ of: 'for' | 'until'; value: Json; gives: string }>([
    { of: 'for', value: '1h30m', gives: 't +5400000' },
    { of: 'for', value: 250, gives: 't +250' },
    { of: 'for', value: 0, gives: 't' },
    { of: 'until', value: '1970-01-01T00:00:11Z', gives: 't +9999' },
    { of: 'until', value: '1970-01-01T01:00:11+01:00', gives: 't +9999' },
    { of: 'until', value: '1970-01-02', gives: 't +86398999' },
    { of: 'until', value: '1969-12-31', gives: 't' },
  ])('$of $value gives $gives', ({ of, value, gives }) => {
    const rule = of === 'for' ? { for: path('input.x') } : { until: path('input.x') };
    given(wait(rule))
      .after()
      .when(started({ x: value }))
      .gives(gives);
  });

  it.each<{ of: 'for' | 'until'; value: Json }>([
    { of: 'for', value: 'soon' },
    { of: 'for', value: -1 },
    { of: 'for', value: null },
    { of: 'for', value: '11000d' },
    { of: 'for', value: '2026-12-01' },
    { of: 'until', value: '90s' },
    { of: 'until', value: '2026-12-01T10:00:00' },
    { of: 'until', value: '2026-13-01' },
    { of: 'until', value: '9999-01-01' },
  ])('$of $value is the incident BAD_TIMER', ({ of, value }) => {
    const rule = of === 'for' ? { for: path('input.x') } : { until: path('input.x') };
    given(wait(rule))
      .after()
      .when(started({ x: value }))
      .gives('! t BAD_TIMER');
    given(wait(rule))
      .after(started({ x: value }))
      .when(retried('t'))
      .gives('ok t by ops', '! t BAD_TIMER');
  });

  it.each([
    { next: 11_000, gives: 't +9999' },
    { next: null, gives: '! t BAD_TIMER' },
    { next: 1e15, gives: '! t BAD_TIMER' },
  ])('waits for the next moment of its cron: $next gives $gives', ({ next, gives }) => {
    const asked: number[] = [];
    const cron = {
      text: '0 9 * * *',
      zone: 'UTC',
      next: (at: number) => {
        asked.push(at);
        return next;
      },
    };
    given(wait({ cron })).after().when(started()).gives(gives);
    expect(asked).toEqual([1_001]);
  });

  it('whose lines could not be decided leaves again when it is retried, and does not wait again', () => {
    const strict = flow({ begin: start(), t: timer({ ms: 5 }), done: end() }, [
      'begin -> t',
      ['t -> done', is('input.x', 1)],
    ]);
    given(strict).after(started()).when(fired('t')).gives('! t NO_EDGE');
    given(strict).after(started(), fired('t')).when(retried('t')).gives('ok t by ops', '! t NO_EDGE');
  });
});
