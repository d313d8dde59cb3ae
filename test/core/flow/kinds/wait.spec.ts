import { describe, expect, it } from 'vitest';
import { end, event, flow, is, literal, path, start, task, timer, wait } from '../../../support/build-definition.js';
import { cancelled, completed, fired, given, received, retried, started } from '../../../support/flow-spec.js';

const one = (more: Parameters<typeof wait>[0] = {}, lines: Parameters<typeof flow>[1] = ['w -> a']) =>
  flow({ begin: start(), w: wait({ match: { id: path('input.id') }, ...more }), a: task(), late: end(), done: end() }, [
    'begin -> w',
    ...lines,
    'a -> done',
  ]);

describe('a wait', () => {
  it('waits with what the message must be equal to, and goes on with what came', () => {
    const bench = given(one())
      .after()
      .when(started({ id: 'x7' }))
      .gives('? w paid {"id":"x7"}');
    expect(bench.row('w')).toMatchObject({ status: 'waiting', queue: null, wakeAt: null });
    expect(bench.happens(received('w', { id: 'x7', sum: 5 }))).toMatchObject({
      value: {
        effects: [{ type: 'message.taken', message: 'm1' }, { type: 'wait.closed' }, { type: 'dispatch', node: 'a' }],
      },
    });
    expect(bench.outputs.get('w#1')).toEqual({ id: 'x7', sum: 5 });
  });

  it('takes one message: the second is a rejection', () => {
    given(one())
      .after(started({ id: 'x' }), received('w'))
      .when(received('w'))
      .rejects('node-instance-over');
    given(one())
      .after()
      .when(started({ id: 'x' }))
      .gives('? w paid {"id":"x"}')
      .happens(received('a'));
  });

  it('gives its lines the payload as `result`, and writes `out` of it', () => {
    const definition = one({ out: { sum: path('result.sum') } }, [
      ['w -> a', is('result.ok', true)],
      ['w -> late', 'else'],
    ]);
    const bench = given(definition)
      .after(started({ id: 'x' }))
      .when(received('w', { ok: true, sum: 5 }))
      .gives('took m1', 'x w', 'a');
    expect(bench.vars).toEqual({ sum: 5 });
    given(definition)
      .after(started({ id: 'x' }))
      .when(received('w', { ok: false, sum: 5 }))
      .gives('took m1', 'x w', '= completed late');
  });

  it.each([null, [1], { a: 1 }])('that would have to be equal to %j is the incident BAD_MATCH', (id) => {
    given(one()).after().when(started({ id })).gives('! w BAD_MATCH');
    given(one()).after(started({ id })).when(retried('w')).gives('ok w by ops', '! w BAD_MATCH');
  });

  describe('with a time', () => {
    const timed = one({ timeoutMs: 60_000 }, ['w -> a', ['w -> late', 'on timeout']]);

    it('takes `on timeout` when it runs out, and the message is then not for it', () => {
      given(timed)
        .after()
        .when(started({ id: 'x' }))
        .gives('? w paid {"id":"x"}', 'w +60000');
      const bench = given(timed)
        .after(started({ id: 'x' }))
        .when(fired('w'))
        .gives('x w', '= completed late');
      expect(bench.row('w')).toMatchObject({ status: 'done', error: { code: 'TIMEOUT' } });
      given(timed)
        .after(started({ id: 'x' }), fired('w'))
        .when(received('w'))
        .rejects('instance-over');
    });

    it('goes on with the message that came first, and the time is then over', () => {
      given(timed)
        .after(started({ id: 'x' }))
        .when(received('w'))
        .gives('took m1', 'x w', 'a');
      given(timed)
        .after(started({ id: 'x' }), received('w'))
        .when(fired('w'))
        .rejects('node-instance-over');
    });

    it('is the incident TIMEOUT without such a line; retried, it waits once more, and old word of its time is stale', () => {
      const bare = one({ timeoutMs: 60_000 });
      given(bare)
        .after(started({ id: 'x' }))
        .when(fired('w'))
        .gives('x w', '! w TIMEOUT');
      const bench = given(bare)
        .after(started({ id: 'x' }), fired('w'))
        .when(retried('w'))
        .gives('ok w by ops', '? w paid {"id":"x"}', 'w x2 +60000');
      expect(bench.happens({ ...fired('w'), attempt: 1 } as never)).toMatchObject({
        error: { reason: 'stale-attempt' },
      });
      expect(bench.happens(received('w'))).toMatchObject({ ok: true });
    });
  });

  it('whose lines could not be decided leaves again with the same message when it is retried', () => {
    const strict = one({ out: { sum: path('result.sum') } }, [['w -> a', is('input.open', true)]]);
    const bench = given(strict)
      .after(started({ id: 'x', open: false }))
      .when(received('w', { sum: 5 }))
      .gives('took m1', 'x w', '! w NO_EDGE');
    expect(bench.vars).toEqual({});
    expect(bench.happens(retried('w'))).toMatchObject({
      value: { effects: [{ type: 'incident.resolved' }, { type: 'incident.raised', code: 'NO_EDGE' }] },
    });
    bench.instance = {
      ...bench.instance,
      state: { ...bench.instance.state, facts: { ...bench.instance.state.facts, input: { open: true } } },
    };
    expect(bench.happens(retried('w'))).toMatchObject({ value: { effects: [{}, { type: 'dispatch', node: 'a' }] } });
    expect(bench.vars).toEqual({ sum: 5 });
  });

  it('is found by nobody once its instance is cancelled', () => {
    given(one())
      .after(started({ id: 'x' }))
      .when(cancelled)
      .gives('x w', '= cancelled null');
  });
});

describe('an event gateway', () => {
  const race = flow(
    {
      begin: start(),
      race: event(),
      paid: wait({ message: 'paid' }),
      refused: wait({ message: 'refused', match: { id: literal(7) }, timeoutMs: 5_000 }),
      late: timer({ ms: 60_000 }),
      a: task(),
      done: end(),
      over: end(),
    },
    [
      'begin -> race',
      'race -> paid',
      'race -> refused',
      'race -> late',
      'paid -> a -> done',
      'refused -> over',
      'late -> over',
    ],
  );

  it('enters all that can happen', () => {
    given(race)
      .after()
      .when(started())
      .gives('? paid paid {}', '? refused refused {"id":7}', 'refused +5000', 'late +60000');
  });

  it('goes on with the first, and cancels the others', () => {
    const bench = given(race).after(started()).when(received('paid')).gives('took m1', 'x paid', 'x refused', 'a');
    expect([bench.row('paid'), bench.row('refused'), bench.row('late')]).toMatchObject([
      { status: 'done' },
      { status: 'cancelled' },
      { status: 'cancelled' },
    ]);
    expect(bench.happens(received('refused'))).toMatchObject({ error: { reason: 'node-instance-over' } });
    expect(bench.happens(fired('late'))).toMatchObject({ error: { reason: 'node-instance-over' } });
    expect(bench.happens(completed('a'))).toMatchObject({
      value: { instance: { status: 'completed', outcome: 'done' } },
    });
  });

  it('goes on with the timer when that is the first', () => {
    given(race).after(started()).when(fired('late')).gives('x paid', 'x refused', '= completed over');
  });

  it('still has its other ways when one of them is an incident, and then needs that no more', () => {
    const bench = given(race).after(started()).when(fired('refused')).gives('x refused', '! refused TIMEOUT');
    expect(bench.instance.status).toBe('incident');
    expect(bench.happens(received('paid'))).toMatchObject({
      value: {
        instance: { status: 'running' },
        effects: [{}, {}, { type: 'incident.resolved' }, { type: 'dispatch' }],
      },
    });
  });

  it('in a loop runs a race of its own in each round', () => {
    const loop = flow(
      { begin: start(), race: event(), more: wait({ message: 'more' }), stop: wait({ message: 'stop' }), done: end() },
      ['begin -> race', 'race -> more', 'race -> stop', 'more -> race', 'stop -> done'],
    );
    given(loop)
      .after(started(), received('more'))
      .when(received('stop', {}, 2))
      .gives('took m1', 'x stop#2', 'x more#2', '= completed done');
    given(loop).after(started(), received('more')).when(received('stop')).rejects('node-instance-over');
  });
});
