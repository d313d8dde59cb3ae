import { describe, expect, it } from 'vitest';
import { end, flow, is, join, parallel, start, task, timer } from '../../../support/build-definition.js';
import { onMessage } from '../../../support/definition/border-events.js';
import { completed, failed, given, received, started } from '../../../support/flow-spec.js';

const s = { scopes: ['s'] };
/** a and b in a scope, c beside it. */
const block = (lines: Parameters<typeof flow>[1] = []) =>
  flow(
    {
      begin: start(),
      p: parallel(),
      a: task(s),
      b: task(s),
      c: task(),
      both: join('all', s),
      x: task(s),
      fix: task(),
      all: join('taken'),
      off: end(),
      done: end(),
    },
    [
      'begin -> p',
      'p -> a & b & c',
      'a & b -> both -> x -> all',
      'c & fix -> all',
      'all -> done',
      ['a -> fix', 'on error *'],
      ...lines,
    ],
  );

describe('a scope', () => {
  it('is cancelled when a line for a failure leaves it: siblings, and what they have brought to joins', () => {
    const bench = given(block())
      .after(started(), completed('b'))
      .when(failed('a', 'X', { permanent: true }));
    const { effects, instance } = bench.transition();
    expect(effects.filter(({ type }) => type === 'dispatch')).toMatchObject([{ node: 'fix' }]);
    expect(instance).toMatchObject({ active: 2, state: { arrivals: {} } });
  });

  it('cancels what is active in it, and nothing beside it', () => {
    const bench = given(block())
      .after(started())
      .when(failed('a', 'X', { permanent: true }))
      .gives("~ a failed: went to 'fix' by on error *", 'fix');
    expect(bench.row('b')).toMatchObject({ status: 'cancelled' });
    expect(bench.row('c')).toMatchObject({ status: 'ready' });
    expect(bench.row('a')).toMatchObject({ status: 'done', error: { code: 'X' } });
    expect(bench.happens(completed('b'))).toMatchObject({ ok: false, error: { reason: 'node-instance-over' } });
    expect(bench.happens(completed('c'))).toMatchObject({ value: { instance: { status: 'running' } } });
    expect(bench.happens(completed('fix'))).toMatchObject({ value: { instance: { status: 'completed' } } });
  });

  it('takes back what it has brought to a join outside of it', () => {
    const outside = flow(
      { begin: start(), a: task(s), b: task(s), c: task(), met: join('all'), fix: task(), off: end(), done: end() },
      ['begin -> a & b & c', 'a & b -> met -> done', 'c -> off', ['a -> fix', 'on error *'], 'fix -> off'],
    );
    const failure = failed('a', 'X', { permanent: true });
    const bench = given(outside)
      .after(started(), completed('c'), completed('b'), failure)
      .when(completed('fix'))
      .gives('= completed off');
    expect(bench.instance.state.arrivals).toStrictEqual({});
  });

  it('is not cancelled by a line that stays in it, nor by one that is taken when work is done', () => {
    const stays = block([['b -> a', 'on error *']]);
    given(stays)
      .after(started())
      .when(failed('b', 'X', { permanent: true }))
      .gives("~ b failed: went to 'a' by on error *", 'a#2');
    given(block()).after(started(), completed('a'), completed('b')).when(completed('x')).gives();
  });

  it('is cancelled by any line that says so, incidents too', () => {
    const first = flow(
      { begin: start(), a: task(s), b: task(s), c: task(), both: join('all', s), off: end(), done: end() },
      ['begin -> a & b & c', 'a & b -> both -> done', ['c -> off', undefined, null, ['s']]],
    );
    given(first)
      .after(started(), failed('a'), completed('b'))
      .when(completed('c'))
      .gives("ok a by the end of the scope 's'", '= completed off');
  });

  it('can be begun anew by the line that cancels it', () => {
    const again = flow(
      { begin: start(), p: parallel(s), a: task(s), b: task(s), both: join('all', s), c: task(), done: end() },
      [
        'begin -> p & c',
        'p -> a & b',
        'a & b -> both -> done',
        ['c -> p', is('result', 'again'), null, ['s']],
        ['c -> done', 'else'],
      ],
    );
    const bench = given(again).after(started(), completed('a')).when(completed('c', 'again')).gives('a#2', 'b#2');
    expect(bench.row('b')).toMatchObject({ status: 'cancelled' });
    expect(bench.instance.state.arrivals).toStrictEqual({});
    expect(bench.happens(completed('b', {}, { visit: 2 }))).toMatchObject({
      value: { instance: { status: 'running' } },
    });
    expect(bench.happens(completed('a', {}, { visit: 2 }))).toMatchObject({
      value: { instance: { status: 'completed' } },
    });
  });

  it('of several that a node is in, those end that the line leaves', () => {
    const nested = flow(
      {
        begin: start(),
        p: parallel(),
        a: task({ scopes: ['outer', 'inner'] }),
        b: task({ scopes: ['outer', 'inner'] }),
        c: task({ scopes: ['outer'] }),
        fix: task({ scopes: ['outer'] }),
        all: join('taken'),
        off: end(),
        done: end(),
      },
      [
        'begin -> p',
        'p -> a & b & c',
        'a & b & c & fix -> all -> done',
        ['a -> fix', 'on error MILD'],
        ['a -> off', 'on error *'],
      ],
    );
    const mild = given(nested)
      .after(started())
      .when(failed('a', 'MILD', { permanent: true }));
    expect(mild.gives("~ a failed: went to 'fix' by on error MILD", 'fix').row('c')).toMatchObject({ status: 'ready' });
    given(nested)
      .after(started())
      .when(failed('a', 'WILD', { permanent: true }))
      .gives("~ a failed: went to 'off' by on error *", '= completed off');
  });

  it('ends with a message that withdraws a node of it, but not with one that goes beside', () => {
    const border = (interrupts: boolean) =>
      flow({ begin: start(), a: task(s), t: timer({ ms: 9 }, s), all: join('taken', s), off: end(), done: end() }, [
        'begin -> a & t',
        'a & t -> all -> done',
        ['a -> off', onMessage('stop', { interrupts })],
      ]);
    expect(
      given(border(true)).after(started()).when(received('a@4')).gives('took m1', 'x a@4', '= completed off').row('t'),
    ).toMatchObject({ status: 'cancelled' });
    expect(given(border(false)).after(started()).when(received('a@4')).transition().instance).toMatchObject({
      active: 3,
    });
  });
});
