import { describe, expect, it } from 'vitest';
import { CONTEXT_LIMIT, COUNTED_FROM } from '../../../../src/core/flow/walk/context.js';
import { jsonBytes } from '../../../../src/core/json.js';
import { compiled } from '../../../language/expression/compile.js';
import { end, flow, set, start, task } from '../../../support/build-definition.js';
import { completed, given, retried, started } from '../../../support/flow-spec.js';

const KIB = 1_024;
/** A text that takes so many bytes as JSON. */
const text = (bytes: number): string => 'x'.repeat(bytes - 2);

describe('the context of an instance', () => {
  const line = flow(
    { begin: start(), a: task(), b: task({ out: { list: compiled('result') } }), c: task({ visits: 9 }), done: end() },
    ['begin -> a -> b -> c -> done'],
  );

  it('may grow up to its limit, and no further: the result is not kept, and the task is an incident', () => {
    const before = [started({ of: text(CONTEXT_LIMIT - 64 * KIB - jsonBytes({ of: '' }) + 2) })];
    const full = given(line)
      .after(...before)
      .when(completed('a', text(64 * KIB)))
      .gives('b');
    expect(Object.values(full.instance.state.sizes ?? {}).reduce((sum, size) => sum + size)).toBe(CONTEXT_LIMIT);

    const bench = given(line)
      .after(...before)
      .when(completed('a', text(64 * KIB + 1)))
      .gives('~ a failed: became the incident CONTEXT_TOO_LARGE', '! a CONTEXT_TOO_LARGE');
    expect(bench.outputs.size).toBe(0);
    expect(bench.row('a')).toMatchObject({ status: 'incident', attempt: 1 });
    expect(bench.instance.state.sizes).toEqual({ input: CONTEXT_LIMIT - 64 * KIB });
  });

  it('is as it was after the incident, and a retry with less goes on', () => {
    given(line)
      .after(started({ of: text(200 * KIB) }), completed('a', text(63 * KIB)), retried('a'))
      .when(completed('a', text(40 * KIB), { attempt: 2 }))
      .gives('b');
  });

  it('counts variables, and takes back none of them when one is too large', () => {
    const bench = given(line)
      .after(started({ of: text(150 * KIB) }), completed('a', {}))
      .when(completed('b', text(60 * KIB)))
      .gives('! b CONTEXT_TOO_LARGE');
    expect(bench.vars).toEqual({});
    expect(bench.outputs.get('b#1'), 'the output, for people to look at').toHaveLength(60 * KIB - 2);
  });

  it('does not count what is small, so that a step with a small result writes no row of the instance', () => {
    const bench = given(line).after(started({ of: text(COUNTED_FROM - 8) }), completed('a', text(COUNTED_FROM - 1)));
    expect(bench.when(completed('b', text(10))).gives('c').instance.state.sizes).toBeUndefined();
  });

  it('counts what a loop writes again once, and forgets it when it has shrunk', () => {
    const loop = flow(
      {
        begin: start(),
        a: task({ visits: 50, join: { type: 'each' } }),
        s: set({ kept: compiled('result') }, { visits: 50 }),
        done: end(),
      },
      ['begin -> a', 'a -> s', ['s -> a', compiled('result != null')], ['s -> done', 'else']],
    );
    const rounds = Array.from({ length: 20 }, (_, at) => completed('a', text(30 * KIB), { visit: at + 1 }));
    const bench = given(loop).after(started(), ...rounds);
    const last = bench.when(completed('a', null, { visit: 21 })).gives('= completed done');
    expect(last.instance.state.sizes).toBeUndefined();
  });
});
