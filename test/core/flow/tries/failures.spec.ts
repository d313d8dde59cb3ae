import { describe, expect, it } from 'vitest';
import { matches, retryDelayMs } from '../../../../src/core/flow/tries/recover.js';
import { end, exclusive, expr, flow, start, task } from '../../../support/build-definition.js';
import type { Colon } from '../../../support/definition/colon.js';
import { completed, failed, given, started } from '../../../support/flow-spec.js';

const retry = { remote: [5_000, 30_000], max: 3 };
const withLines = (...whens: Colon[]) =>
  flow(
    { begin: start(), a: task({ retry }), done: end(), ...Object.fromEntries(whens.map((_, i) => [`to${i}`, end()])) },
    ['begin -> a -> done', ...whens.map((when, i) => [`a -> to${i}`, when] as const)],
  );
const attempts = (count: number, code?: string) =>
  Array.from({ length: count }, (_, i) => failed('a', code, { attempt: i + 1 }));

describe('a failed attempt', () => {
  it.each([
    { attempt: 1, gives: ['~ a failed: retried in 5 s', 'a x2 +5000 retry'] },
    { attempt: 2, gives: ['~ a failed: retried in 30 s', 'a x3 +30000 retry'] },
    { attempt: 3, gives: ['~ a failed: retried in 30 s', 'a x4 +30000 retry'] },
    { attempt: 4, gives: ['~ a failed: became the incident EXHAUSTED', '! a EXHAUSTED'] },
  ])('number $attempt of four gives $gives', ({ attempt, gives }) => {
    const bench = given(withLines())
      .after(started(), ...attempts(attempt - 1))
      .when(failed('a', 'HANDLER_ERROR', { attempt }))
      .gives(...gives);
    expect(bench.row('a')?.error).toStrictEqual({ code: 'HANDLER_ERROR', message: 'boom', permanent: false });
  });

  it('writes no instance row when it is retried', () => {
    expect(given(withLines()).after(started()).when(failed('a')).transition().instanceChanged).toBe(false);
  });

  it('has no remote retry when the policy names no delay', () => {
    const once = flow({ begin: start(), a: task({ retry: { max: 20 } }), done: end() }, ['begin -> a -> done']);
    given(once).after(started()).when(failed('a')).gives('~ a failed: became the incident EXHAUSTED', '! a EXHAUSTED');
  });

  it.each([
    { code: 'HANDLER_ERROR', lines: ['on error *', 'on exhausted', 'on timeout'], by: 'on exhausted', to: 'to1' },
    { code: 'TIMEOUT', lines: ['on error TIMEOUT', 'on exhausted', 'on timeout'], by: 'on timeout', to: 'to2' },
    { code: 'TIMEOUT', lines: ['on error TIMEOUT', 'on exhausted'], by: 'on exhausted', to: 'to1' },
    { code: 'TIMEOUT', lines: ['on error TIME*'], by: 'on error TIME*', to: 'to0' },
    { code: 'HANDLER_ERROR', lines: ['on timeout', 'on error HANDLER_ERROR'], by: 'on error HANDLER_ERROR', to: 'to1' },
  ] as const)('that was the last, with $code and the lines $lines, goes $by', ({ code, lines, by, to }) => {
    given(withLines(...lines))
      .after(started(), ...attempts(3, code))
      .when(failed('a', code, { attempt: 4 }))
      .gives(`~ a failed: went to '${to}' by ${by}`, `= completed ${to}`);
  });

  it.each([
    {
      code: 'ACCOUNT_CLOSED',
      lines: ['on exhausted', 'on error OTHER', 'on error ACCOUNT_*', 'on error *'],
      to: 'to2',
      by: 'on error ACCOUNT_*',
    },
    { code: 'ELSE', lines: ['on error ACCOUNT_*', 'on error *'], to: 'to1', by: 'on error *' },
  ] as const)('that is permanent ($code) goes $by at once', ({ code, lines, to, by }) => {
    given(withLines(...lines))
      .after(started())
      .when(failed('a', code, { permanent: true }))
      .gives(`~ a failed: went to '${to}' by ${by}`, `= completed ${to}`);
  });

  it('that is permanent becomes the incident PERMANENT_FAILURE when no on error line matches', () => {
    given(withLines('on exhausted', 'on error OTHER'))
      .after(started())
      .when(failed('a', 'CLOSED', { permanent: true }))
      .gives('~ a failed: became the incident PERMANENT_FAILURE', '! a PERMANENT_FAILURE');
  });

  it('leaves its node done, with the error kept and no output, when it goes by a line', () => {
    const bench = given(withLines('on error *'))
      .after(started())
      .when(failed('a', 'CLOSED', { permanent: true }))
      .gives("~ a failed: went to 'to0' by on error *", '= completed to0');
    expect(bench.row('a')).toMatchObject({
      status: 'done',
      error: { code: 'CLOSED' },
      endedAt: bench.instance.endedAt,
    });
    expect(bench.outputs.size).toBe(0);
  });

  it('reads as result null, _result false and its own name null behind that line', () => {
    const all = expr(
      'all',
      ['result', '_result', 'a.score'],
      (result, flag, score) => result === null && flag === false && score === null,
    );
    const known = flow({ begin: start(), a: task(), g: exclusive(), yes: end(), no: end(), done: end() }, [
      'begin -> a -> done',
      ['a -> g', 'on error *'],
      ['g -> yes', all],
      ['g -> no', 'else'],
    ]);
    given(known)
      .after(started())
      .when(failed('a', 'CLOSED', { permanent: true }))
      .gives("~ a failed: went to 'g' by on error *", '= completed yes');
  });

  it('keeps no error once a later attempt succeeds', () => {
    const bench = given(withLines())
      .after(started(), failed('a'))
      .when(completed('a', {}, { attempt: 2 }))
      .gives('= completed done');
    expect(bench.row('a')).toMatchObject({ status: 'done', attempt: 2, error: null });
  });

  it('stops no sibling', () => {
    const fan = flow({ begin: start(), a: task(), b: task(), c: task(), done: end() }, [
      'begin -> a & b',
      'b -> c -> done',
      'a -> done',
    ]);
    const bench = given(fan).after(started(), failed('a')).when(completed('b')).gives('c');
    expect(bench.instance).toMatchObject({ status: 'incident', active: 2, incidents: 1 });
  });
});

describe('retry delays', () => {
  const backoff = { baseMs: 1_000, factor: 2, capMs: 5_000, jitter: 0 };
  it.each([
    { tries: 1, delay: 1_000 },
    { tries: 2, delay: 2_000 },
    { tries: 3, delay: 4_000 },
    { tries: 4, delay: 5_000 },
    { tries: 2_000, delay: 5_000 },
  ])('back off to $delay ms after $tries attempts', ({ tries, delay }) => {
    expect(retryDelayMs({ local: [], remote: [7], max: 9, backoff }, tries, 'i1.a.1')).toBe(delay);
  });

  it('spread by jitter between instances, the same for the same attempt, never above the full delay', () => {
    const policy = { local: [], remote: [], max: 9, backoff: { ...backoff, jitter: 0.5 } };
    const delays = Array.from({ length: 200 }, (_, i) => retryDelayMs(policy, 1, `i${i}.a.1`) ?? Number.NaN);
    expect(delays).toStrictEqual(Array.from({ length: 200 }, (_, i) => retryDelayMs(policy, 1, `i${i}.a.1`)));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(500);
    expect(Math.min(...delays)).toBeLessThan(550);
    expect(Math.max(...delays)).toBeGreaterThan(950);
    expect(Math.max(...delays)).toBeLessThanOrEqual(1_000);
    expect(new Set(delays).size).toBeGreaterThan(100);
  });

  it.each([
    ['ACCOUNT_*', 'ACCOUNT_CLOSED', true],
    ['ACCOUNT_*', 'ACCOUNT_', true],
    ['ACCOUNT_*', 'ACCOUNT', false],
    ['*', 'ANY', true],
    ['A', 'A', true],
    ['A', 'AB', false],
  ])('pattern %s and code %s: %s', (pattern, code, expected) => {
    expect(matches(pattern, code)).toBe(expected);
  });
});

describe('a poll', () => {
  const polled = (polls: number) =>
    ({ type: 'task.polled', node: 'a', visit: 1, attempt: 1, dispatch: polls + 1, delayMs: 2_000 }) as const;

  it('asks again later and costs no attempt', () => {
    const bench = given(withLines())
      .after(started())
      .when(polled(0))
      .gives('~ a polled: asked again in 2 s', 'a +2000 poll');
    expect(bench.row('a')).toMatchObject({ status: 'ready', attempt: 1, polls: 1 });
  });

  it('that arrives twice is rejected the second time', () => {
    given(withLines()).after(started(), polled(0)).when(polled(0)).rejects('stale-attempt');
  });

  it('number 1,001 is the incident EXHAUSTED', () => {
    const polls = Array.from({ length: 1_000 }, (_, i) => polled(i));
    given(withLines())
      .after(started(), ...polls)
      .when(polled(1_000))
      .gives('~ a polled: became the incident EXHAUSTED', '! a EXHAUSTED');
  });
});

describe('a task without a handler', () => {
  it('is the incident NO_HANDLER and uses no attempt up', () => {
    const nobody = { type: 'task.unhandled', node: 'a', visit: 1, attempt: 1, handler: 'do.a' } as const;
    const bench = given(withLines()).after(started()).when(nobody).gives('! a NO_HANDLER');
    expect(bench.row('a')).toMatchObject({ status: 'incident', attempt: 1, queue: null, wakeAt: null });
    expect(bench.happens({ type: 'incident.retried', only: null, by: 'the engine' })).toMatchObject({ ok: true });
    expect(bench.row('a')).toMatchObject({ status: 'ready', attempt: 2 });
  });
});
