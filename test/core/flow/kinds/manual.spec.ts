import { describe, expect, it } from 'vitest';
import { end, event, flow, is, literal, manual, path, start, task, timer } from '../../../support/build-definition.js';
import { cancelled, done, fired, given, paused, resumed, retried, started } from '../../../support/flow-spec.js';

const one = (more: Parameters<typeof manual>[0] = {}, lines: Parameters<typeof flow>[1] = ['m -> a']) =>
  flow({ begin: start(), m: manual(more), a: task(), late: end(), done: end() }, ['begin -> m', ...lines, 'a -> done']);

describe('a manual node', () => {
  it('asks whom its assignee names, with what is to be seen, and goes on with what the person gave', () => {
    const bench = given(one({ assignee: path('input.desk'), in: { sum: path('input.sum') } }))
      .after()
      .when(started({ desk: 'credit', sum: 7 }))
      .gives('@ m credit {"sum":7}');
    expect(bench.row('m')).toMatchObject({ status: 'waiting', queue: null, wakeAt: null });
    expect(bench.happens(done('m', { ok: true }))).toMatchObject({
      value: { effects: [{ type: 'manual.closed' }, { type: 'dispatch', node: 'a' }] },
    });
    expect(bench.outputs.get('m#1')).toEqual({ ok: true });
    expect(bench.row('m')).toMatchObject({ status: 'done', reason: 'completed by ann' });
  });

  it('is completed once: the second word is a rejection', () => {
    given(one()).after(started(), done('m')).when(done('m')).rejects('node-instance-over');
    given(one()).after(started()).when(done('a')).rejects('unknown-node-instance');
  });

  it("is anybody's when the assignee gives nothing, and takes a number for a name", () => {
    given(one({ assignee: path('input.desk') }))
      .after()
      .when(started())
      .gives('@ m anybody null');
    given(one({ assignee: literal(7) }))
      .after()
      .when(started())
      .gives('@ m 7 null');
  });

  it.each([[['a']], [true], [''], ['x'.repeat(191)]])('asks nobody whose name is %j: EXPRESSION_TYPES', (name) => {
    given(one({ assignee: literal(name) }))
      .after()
      .when(started())
      .gives('! m EXPRESSION_TYPES');
  });

  it('shows no more than people can look through: CONTEXT_TOO_LARGE', () => {
    given(one({ in: { all: literal('x'.repeat(17_000)) } }))
      .after()
      .when(started())
      .gives('! m CONTEXT_TOO_LARGE');
  });

  it('gives its lines the output as `result`, and writes `out` of it', () => {
    const definition = one({ out: { by: path('result.by') } }, [
      ['m -> a', is('result.ok', true)],
      ['m -> late', 'else'],
    ]);
    const bench = given(definition)
      .after(started())
      .when(done('m', { ok: true, by: 'li' }))
      .gives('x m', 'a');
    expect(bench.vars).toEqual({ by: 'li' });
    given(definition)
      .after(started())
      .when(done('m', { ok: false, by: 'li' }))
      .gives('x m', '= completed late');
  });

  describe('with a time', () => {
    const timed = one({ timeoutMs: 60_000 }, ['m -> a', ['m -> late', 'on timeout']]);

    it('takes `on timeout` when nobody came, and is then over for people', () => {
      given(timed).after().when(started()).gives('@ m anybody null', 'm +60000');
      const bench = given(timed).after(started()).when(fired('m')).gives('x m', '= completed late');
      expect(bench.row('m')).toMatchObject({ status: 'done', error: { code: 'TIMEOUT' } });
      given(timed).after(started(), fired('m')).when(done('m')).rejects('instance-over');
    });

    it('goes on with the person who came first, and the time is then over', () => {
      given(timed).after(started(), done('m')).when(fired('m')).rejects('node-instance-over');
    });

    it('is the incident TIMEOUT without such a line; retried, the person is asked once more', () => {
      const bench = given(one({ timeoutMs: 60_000 }))
        .after(started(), fired('m'))
        .when(retried('m'))
        .gives('ok m by ops', '@ m anybody null', 'm x2 +60000');
      expect(bench.row('m')).toMatchObject({ status: 'waiting', attempt: 2 });
    });
  });

  it('keeps what was given when no line holds: a retry leaves with it, and asks nobody again', () => {
    const definition = one({}, [['m -> a', is('result.ok', true)]]);
    given(definition)
      .after(started())
      .when(done('m', { ok: false }))
      .gives('x m', '! m NO_EDGE');
    given(definition)
      .after(started(), done('m', { ok: false }))
      .when(retried('m'))
      .gives('ok m by ops', '! m NO_EDGE');
  });

  it('is asked no more when the instance is cancelled, and behind an event gateway when another came first', () => {
    given(one()).after(started()).when(cancelled).gives('x m', '= cancelled null');
    const race = flow(
      { begin: start(), race: event(), m: manual(), late: timer({ ms: 5_000 }), won: end(), over: end() },
      ['begin -> race', 'race -> m', 'race -> late', 'm -> won', 'late -> over'],
    );
    given(race).after(started()).when(fired('late')).gives('x m', '= completed over');
    given(race).after(started()).when(done('m')).gives('x m', '= completed won');
  });

  it("takes a person's word during a pause; what follows is held, and the time runs out at the resume", () => {
    const bench = given(one()).after(started(), paused).when(done('m')).gives('x m', 'a');
    expect(bench.row('a')?.queue).toBeNull();
    const timed = one({ timeoutMs: 60_000 }, ['m -> a', ['m -> late', 'on timeout']]);
    given(timed).after(started(), paused).when(fired('m')).rejects('paused');
    given(timed).after(started(), paused).when(resumed).gives('m +59998');
  });
});
