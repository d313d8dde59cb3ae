import { describe, expect, it } from 'vitest';
import { end, flow, start, task, timer, wait } from '../../support/build-definition.js';
import { completed, fired, given, paused, received, resumed, started } from '../../support/flow-spec.js';

const two = flow(
  { begin: start(), a: task(), b: task(), t: timer({ ms: 60_000 }), w: wait({ timeoutMs: 5_000 }), done: end() },
  ['begin -> a & t & w', 'a -> b -> done', 't -> done', 'w -> done'],
);

describe('a paused instance', () => {
  it('dispatches nothing: what was dispatched is unwatched, and dispatched anew when it is resumed', () => {
    const bench = given(two).after(started()).when(paused).gives();
    expect(bench.instance.status).toBe('paused');
    for (const node of ['a', 't', 'w']) expect(bench.row(node)?.queue).toBeNull();
    expect(bench.happens(resumed)).toMatchObject({ value: { instance: { status: 'running' } } });
  });

  it('still counts the answer of what runs; what that enters waits for the resume', () => {
    const bench = given(two).after(started(), paused).when(completed('a')).gives('b');
    expect(bench.instance.status).toBe('paused');
    expect(bench.row('b')).toMatchObject({ status: 'ready' });
    expect(bench.happens(received('w'))).toMatchObject({ ok: true });
  });

  it('lets no time run out: a timer that falls due is fired after the resume', () => {
    given(two).after(started(), paused).when(fired('t')).rejects('paused');
    given(two).after(started(), paused).when(fired('w')).rejects('paused');
  });

  it('resumes what is due, and what is not at its time', () => {
    const bench = given(two).after(started(), paused);
    const at = (ms: number) => ({ ...resumed, at: ms });
    bench.when(at(21_000)).gives('a operator', 't +40001', 'w');
  });

  it('can be paused once and resumed once', () => {
    given(two).after(started(), paused).when(paused).rejects('paused');
    given(two).after(started()).when(resumed).rejects('not-paused');
  });

  it('ends when nothing is left to do', () => {
    const short = flow({ begin: start(), a: task(), done: end() }, ['begin -> a -> done']);
    given(short).after(started(), paused).when(completed('a')).gives('= completed done');
  });
});
