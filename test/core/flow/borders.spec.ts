import { describe, expect, it } from 'vitest';
import {
  call,
  end,
  event,
  flow,
  join,
  parallel,
  path,
  set,
  start,
  task,
  timer,
  wait,
} from '../../support/build-definition.js';
import { after, onMessage } from '../../support/definition/border-events.js';
import {
  audited,
  cancelled,
  childStarted,
  completed,
  failed,
  fired,
  given,
  paused,
  received,
  resumed,
  retried,
  started,
} from '../../support/flow-spec.js';

const nodes = { begin: start(), a: task(), undo: task(), done: end(), off: end() };
const recall = (more: Parameters<typeof onMessage>[1] = {}) =>
  flow(nodes, ['begin -> a -> done', ['a -> undo', onMessage('recall', more)], 'undo -> off']);

describe('a message at the border of a node', () => {
  it('is waited for as long as the node is active, and not afterwards', () => {
    given(recall()).after().when(started()).gives('a', '? a@2 recall {}');
    given(recall()).after(started()).when(completed('a')).gives('x a@2', '= completed done');
    given(recall()).after(started(), completed('a')).when(received('a@2')).rejects('instance-over');
  });

  it('withdraws the node and takes its line instead; a late answer of the handler is a rejection', () => {
    const bench = given(recall())
      .after(started())
      .when(received('a@2', { by: 'bank' }))
      .gives('took m1', 'x a@2', 'undo');
    expect(bench.row('a')).toMatchObject({ status: 'cancelled', error: { code: 'WITHDRAWN' }, queue: null });
    expect(bench.row('undo')).toMatchObject({ via: [2], cause: { node: 'a@2', visit: 1 } });
    expect(bench.outputs.get('a@2#1')).toEqual({ by: 'bank' });
    expect(bench.happens(completed('a'))).toMatchObject({ ok: false, error: { reason: 'node-instance-over' } });
    expect(bench.happens(received('a@2'))).toMatchObject({ ok: false, error: { reason: 'node-instance-over' } });
  });

  it('beside the node leaves it alone, and is waited for again', () => {
    const beside = recall({ interrupts: false });
    const bench = given(beside)
      .after(started())
      .when(received('a@2'))
      .gives('took m1', 'x a@2', '? a@2#2 recall {}', 'undo');
    expect(bench.row('a')).toMatchObject({ status: 'ready' });
    expect(bench.happens(received('a@2', {}, 1))).toMatchObject({ ok: false });
    expect(bench.happens(received('a@2', {}, 2))).toMatchObject({ ok: true });
    expect(bench.row('undo', 2)).toMatchObject({ status: 'ready' });
    expect(bench.happens(completed('a'))).toMatchObject({ ok: true });
    expect(bench.instance).toMatchObject({ status: 'running', active: 2 });
  });

  it('is told from others by what is in it, which may read what led to the node', () => {
    const matched = flow({ ...nodes, first: task(), s: set({ seen: path('result.why') }) }, [
      'begin -> first -> a -> done',
      ['a -> s', onMessage('recall', { match: new Map([['id', path('result.id')]]), interrupts: false })],
      's -> off',
    ]);
    const bench = given(matched)
      .after(started())
      .when(completed('first', { id: 7 }))
      .gives('a', '? a@3 recall {"id":7}');
    const answer = bench.happens(received('a@3', { why: 'w' }));
    expect(answer).toMatchObject({ value: { effects: [{}, {}, { type: 'wait.opened', match: { id: 7 } }] } });
    expect(bench.vars).toEqual({ seen: 'w' });
  });

  it('that could match none is the incident BAD_MATCH of who watches; the node itself goes on', () => {
    const strange = recall({ match: new Map([['id', path('input.id')]]) });
    given(strange)
      .after()
      .when(started({ id: null }))
      .gives('a', '! a@2 BAD_MATCH');
    given(strange)
      .after(started({ id: null }))
      .when(retried('a@2'))
      .gives('ok a@2 by ops', '! a@2 BAD_MATCH');
    given(strange)
      .after(started({ id: null }))
      .when(completed('a'))
      .gives("ok a@2 by the end of 'a'", '= completed done');
  });

  it('also withdraws a node that is an incident, and is still waited for after its retry', () => {
    given(recall()).after(started(), failed('a')).when(retried('a')).gives('ok a by ops', 'a x2 operator');
    const bench = given(recall()).after(started(), failed('a')).when(received('a@2')).transition();
    expect(bench.effects).toContainEqual(expect.objectContaining({ type: 'incident.resolved', node: 'a' }));
    expect(bench.instance).toMatchObject({ status: 'running', incidents: 0, active: 1 });
  });

  it('withdraws a wait, and what was entered with it by an event gateway', () => {
    const race = flow({ begin: start(), r: event(), w: wait(), t: timer({ ms: 5 }), off: end(), done: end() }, [
      'begin -> r',
      'r -> w',
      'r -> t',
      'w & t -> done',
      ['w -> off', 'on message stop'],
    ]);
    given(race).after(started()).when(received('w@5')).gives('took m1', 'x w@5', 'x w', '= completed off');
  });

  it('withdraws a call, and what it called is wanted no more', () => {
    const calling = flow({ begin: start(), c: call(), off: end(), done: end() }, [
      'begin -> c -> done',
      ['c -> off', 'on message stop'],
    ]);
    given(calling)
      .after(started(), childStarted('c'))
      .when(received('c@2'))
      .gives('took m1', 'x c@2', '- c x1', '= completed off');
  });

  it('is waited for by each visit on its own', () => {
    const loop = flow({ begin: start(), a: task(), off: end(), done: end() }, [
      'begin -> a',
      ['a -> a', path('result.again')],
      ['a -> done', 'else'],
      ['a -> off', 'on message stop'],
    ]);
    const bench = given(loop)
      .after(started())
      .when(completed('a', { again: true }))
      .gives('a#2', '? a@3#2 stop {}', 'x a@3');
    expect(bench.happens(received('a@3', {}, 1))).toMatchObject({ ok: false });
    expect(bench.happens(received('a@3', {}, 2))).toMatchObject({ ok: true });
  });

  it('holds up no join for longer than the node does', () => {
    const joined = flow({ begin: start(), p: parallel(), a: task(), b: task(), j: join('taken'), done: end() }, [
      'begin -> p',
      'p -> a & b',
      'a & b -> j',
      'j -> done',
      ['a -> j', onMessage('stop')],
    ]);
    given(joined).after(started(), completed('b')).when(received('a@5')).gives('took m1', 'x a@5', '= completed done');
  });

  it('is over when the instance is', () => {
    given(recall()).after(started()).when(cancelled).gives('x a@2', '= cancelled null');
  });

  it('is taken while the instance is paused; what follows is held', () => {
    const bench = given(recall()).after(started(), paused).when(received('a@2')).gives('took m1', 'x a@2', 'undo');
    expect(bench.row('undo')).toMatchObject({ queue: null });
  });

  it('counts as active for the audit', () => {
    given(recall()).after(started()).when(audited('a')).rejects('nothing-stuck');
  });
});

describe('a time at the border of a node', () => {
  const late = (interrupts: boolean) =>
    flow({ ...nodes, a: task({ retry: { remote: [1_000], max: 3 } }) }, [
      'begin -> a -> done',
      ['a -> undo', after(7_200_000, interrupts)],
      'undo -> off',
    ]);

  it('counts from when the node was entered, through all its attempts', () => {
    given(late(true)).after().when(started()).gives('a', 'a@2 +7200000');
    given(late(true)).after(started()).when(failed('a')).gives('~ a failed: retried in 1 s', 'a x2 +1000 retry');
  });

  it('withdraws the node', () => {
    const bench = given(late(true)).after(started(), failed('a')).when(fired('a@2')).gives('undo');
    expect(bench.row('a')).toMatchObject({ status: 'cancelled', error: { code: 'TIMEOUT' } });
  });

  it('beside the node comes once', () => {
    const bench = given(late(false)).after(started()).when(fired('a@2')).gives('undo');
    expect(bench.row('a')).toMatchObject({ status: 'ready' });
    expect(bench.row('a@2', 2)).toBeUndefined();
    expect(bench.happens(fired('a@2'))).toMatchObject({ ok: false });
  });

  it('that falls due during a pause does so at the resume', () => {
    given(late(true)).after(started(), paused).when(fired('a@2')).rejects('paused');
    given(late(true)).after(started(), paused).when(resumed).gives('a operator', 'a@2 +7199998');
  });
});
