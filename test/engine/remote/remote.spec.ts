import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/engine/engine.js';
import { EngineBench, until } from '../bench.js';
import { OutsideBench } from '../outside.js';

const FLOW = (task = 'retry: { remote: [10ms], max: 2 }') => `
flow: loan
nodes:
  begin: { start: true }
  kyc: { task: kyc.verify, remote: true, in: { loanId: input.loanId }, with: { depth: full }, ${task} }
  done: { end: done }
  refused: { end: refused }
edges:
  - begin -> kyc
  - kyc -> done: _result
  - kyc -> refused: else
`;

let bench: OutsideBench;
afterEach(() => bench.end());

async function begun(task?: string): Promise<{ engine: Engine; id: string }> {
  bench = new OutsideBench({}, FLOW(task));
  const engine = await bench.engine({ timerEveryMs: 20 });
  const id = await bench.start(engine, 'loan', { loanId: 'L-1' });
  await until('the task', () => bench.broker.tasks.length === 1);
  await until('the wait', async () => (await row(id))?.status === 'waiting');
  return { engine, id };
}

const row = async (id: string, node = 'kyc') =>
  (await bench.views.states([id])).items[0]?.nodes.find((one) => one.node === node);
const outcome = (id: string, wanted: string): Promise<unknown> =>
  until(`the outcome ${wanted}`, async () => (await bench.instance(id))?.outcome === wanted);
const kept = async () => (await bench.views.quarantined({ limit: 10 })).items;

describe('a remote task', () => {
  it('is handed over with all that its worker needs, and no delivery is held meanwhile', async () => {
    const { engine, id } = await begun();
    const { messageId, correlationId, headers, expiresMs, task } = bench.broker.tasks[0]!;
    expect(bench.broker.body(0)).toMatchObject({
      sluice: 1,
      task: 'kyc.verify',
      idempotencyKey: `${id}.kyc.1`,
      attempt: 1,
      polls: 0,
      input: { loanId: 'L-1' },
      with: { depth: 'full' },
      timeoutMs: 30_000,
    });
    const trace = new RegExp(`^00-${id.replaceAll('-', '')}-[0-9a-f]{16}-01$`);
    expect(headers).toMatchObject({ 'sluice-attempt': 1, traceparent: expect.stringMatching(trace) });
    expect({ task, expiresMs, messageId }).toEqual({
      task: 'kyc.verify',
      expiresMs: 30_000,
      messageId: `${id}.kyc.1:1:0`,
    });
    expect(Buffer.byteLength(correlationId)).toBeLessThan(255);
    await until('an empty hand', () => engine.inHand.size === 0);
  });

  it.each([
    [{ type: 'ok', output: { pass: true } }, 'done'],
    [{ type: 'ok' }, 'done'],
    [{ type: 'no' }, 'refused'],
    [{ type: 'no', output: { why: 'age' } }, 'refused'],
  ])('goes on by the answer %j', async (reply, end) => {
    const { id } = await begun();
    const settled = bench.broker.answer(0, reply);
    await outcome(id, end);
    await until('the acknowledgement', () => settled.acked === 1);
    const view = await bench.views.instance(id);
    expect(view?.nodes.find(({ node }) => node === 'kyc')?.status).toBe('done');
  });

  it('is asked again when it answers so, with the same key and attempt', async () => {
    const { id } = await begun();
    bench.broker.answer(0, { type: 'poll', delayMs: 5 });
    await until('the second task', () => bench.broker.tasks.length === 2);
    expect(bench.broker.body(1)).toMatchObject({ idempotencyKey: `${id}.kyc.1`, attempt: 1, polls: 1 });
    bench.broker.answer(0, { type: 'poll', delayMs: 5 });
    bench.broker.answer(1, { type: 'ok' });
    await outcome(id, 'done');
    expect(bench.broker.tasks).toHaveLength(2);
  });

  it('is tried again when it failed, and its old answers are then too late', async () => {
    const { engine, id } = await begun();
    bench.broker.answer(0, { type: 'error', code: 'BUSY', message: 'password=hidden' });
    await until('the second task', () => bench.broker.tasks.length === 2);
    await until('the wait', async () => (await row(id))?.status === 'waiting');
    expect(bench.broker.body(1)).toMatchObject({ idempotencyKey: `${id}.kyc.1`, attempt: 2 });
    const late = bench.broker.answer(0, { type: 'no' });
    await until('the late answer', () => late.acked === 1);
    expect(engine.tally.get('rejected.stale-attempt')).toBe(1);
    expect((await row(id))?.error?.message).toBe('password=***');
    bench.broker.answer(1, { type: 'ok' });
    await outcome(id, 'done');
    const twice = bench.broker.answer(1, { type: 'ok' });
    await until('the second copy', () => twice.acked === 1);
    expect(engine.tally.get('rejected.instance-over')).toBe(1);
  });

  it('fails for good when its worker says so', async () => {
    const { id } = await begun();
    bench.broker.answer(0, { type: 'error', code: 'CLOSED', permanent: true });
    await until('the incident', async () => (await bench.instance(id))?.status === 'incident');
    expect((await row(id))?.error).toMatchObject({ code: 'CLOSED', permanent: true });
  });

  it('is tried again when nobody answers in time', async () => {
    const { engine, id } = await begun('timeout: 60ms, retry: { remote: [10ms], max: 2 }');
    await until('the second task', () => bench.broker.tasks.length === 2);
    expect(bench.broker.body(1)).toMatchObject({ attempt: 2 });
    expect((await row(id))?.error).toMatchObject({ code: 'TIMEOUT' });
    expect(engine.tally.get('task.overdue')).toBe(1);
  });

  it('is waited for as long as heartbeats come', async () => {
    const { id } = await begun('timeout: 300ms, retry: { remote: [10ms], max: 2 }');
    for (let beats = 0; beats < 8; beats++) {
      await new Promise((wake) => setTimeout(wake, 100));
      bench.broker.answer(0, { type: 'heartbeat' });
    }
    expect(bench.broker.tasks).toHaveLength(1);
    bench.broker.answer(0, { type: 'ok' });
    await outcome(id, 'done');
  });

  it('costs no attempt while the broker takes nothing, and is handed once it does', async () => {
    bench = new OutsideBench({}, FLOW());
    const engine = await bench.engine();
    bench.broker.takes = false;
    const id = await bench.start(engine, 'loan', { loanId: 'L-1' });
    await until('a refusal', () => engine.tally.get('task.refused') > 0);
    bench.broker.takes = true;
    await until('the task', () => bench.broker.tasks.length === 1);
    expect(bench.broker.body(0)).toMatchObject({ attempt: 1 });
    bench.broker.answer(0, { type: 'ok' });
    await outcome(id, 'done');
  });
});

describe('the health of a remote worker', () => {
  const watched = async (count: number, task = 'retry: { remote: [10ms], max: 0 }'): Promise<Engine> => {
    bench = new OutsideBench({}, FLOW(task));
    const engine = await bench.engine({ timerEveryMs: 20, watchHealth: true });
    for (let at = 0; at < count; at++) await bench.start(engine, 'loan', { loanId: `L-${at}` });
    await until('the tasks', () => bench.broker.tasks.length === count);
    return engine;
  };
  const known = (engine: Engine) => engine.router.report().find(({ subject }) => subject === 'kyc.verify');

  it('is learnt from its answers: failures in a row open its circuit, and then it gets nothing', async () => {
    const engine = await watched(5);
    for (let at = 0; at < 5; at++) bench.broker.answer(at, { type: 'error', code: 'BUSY' });
    await until('an open circuit', () => known(engine)?.circuit.state === 'open');
    await bench.start(engine, 'loan', { loanId: 'next' });
    await new Promise((wake) => setTimeout(wake, 100));
    expect(bench.broker.tasks).toHaveLength(5);
  });

  it('is not spoken for by what it refused for good', async () => {
    const engine = await watched(6);
    for (let at = 0; at < 6; at++) bench.broker.answer(at, { type: 'error', code: 'CLOSED', permanent: true });
    await until('the incidents', async () => (await bench.views.incidents({ limit: 10 })).items.length === 6);
    expect(known(engine)?.circuit.state ?? 'closed').toBe('closed');
  });

  it('is spoken against by silence', async () => {
    const engine = await watched(5, 'timeout: 50ms, retry: { remote: [10ms], max: 0 }');
    await until('an open circuit', () => known(engine)?.circuit.state === 'open');
  });

  it('counts the time that it says it took, and never more than passed', async () => {
    const engine = await watched(2);
    await new Promise((wake) => setTimeout(wake, 150));
    bench.broker.answer(0, { type: 'ok', tookMs: 3 });
    await until('a call', () => known(engine)?.calls === 1);
    expect(known(engine)?.latency.p50Ms).toBeLessThan(20);
    bench.broker.answer(1, { type: 'ok', tookMs: 3_600_000 });
    await until('another call', () => known(engine)?.calls === 2);
    expect(known(engine)?.latency.p95Ms).toBeLessThan(30_000);
  });
});

describe('an answer that cannot be used', () => {
  it.each([
    ['BAD_REPLY', { type: 'yes' }, {}],
    ['BAD_REPLY', { type: 'error', code: 'not a code' }, {}],
    ['BAD_REPLY', { type: 'poll', delayMs: 0 }, {}],
    ['NOT_JSON', {}, { body: new TextEncoder().encode('ok') }],
    ['WRONG_KEY', { type: 'ok', idempotencyKey: 'of.another.1' }, {}],
    ['BAD_CORRELATION', { type: 'ok' }, { correlationId: 'mine' }],
    ['BAD_CORRELATION', { type: 'ok' }, { correlationId: null }],
    ['CONTENT_ENCODING', { type: 'ok' }, { contentEncoding: 'gzip' }],
  ])('is kept as %s, and a right one may still come', async (code, reply, raw) => {
    const { id } = await begun();
    const settled = bench.broker.answer(0, reply, raw);
    await until('the acknowledgement', () => settled.acked === 1);
    expect(await kept()).toMatchObject([{ source: 'reply', code, reason: expect.stringMatching(/^Expected /) }]);
    expect((await row(id))?.status).toBe('waiting');
    bench.broker.answer(0, { type: 'ok' });
    await outcome(id, 'done');
  });

  it('for an output that is too large is a failure for good, like that of a handler', async () => {
    const { id } = await begun();
    bench.broker.answer(0, { type: 'ok', output: 'x'.repeat(70_000) });
    await until('the incident', async () => (await bench.instance(id))?.status === 'incident');
    expect((await row(id))?.error?.code).toBe('RESULT_TOO_LARGE');
  });

  it('to a task that is none of the remote ones is kept', async () => {
    const { id } = await begun();
    const other = bench.broker.tasks[0]!.correlationId.replace('.kyc.', '.done.');
    const settled = bench.broker.answer(0, { type: 'ok', idempotencyKey: `${id}.done.1` }, { correlationId: other });
    await until('the acknowledgement', () => settled.acked === 1);
    expect(await kept()).toMatchObject([{ code: 'NOT_REMOTE' }]);
  });
});

describe('a remote task in embedded mode', () => {
  it('is an incident that says what is missing, and goes on with a handler of that name', async () => {
    const embedded = new EngineBench({}, FLOW());
    try {
      const engine = await embedded.engine({ healEveryMs: 20 });
      const id = await embedded.start(engine, 'loan', { loanId: 'L-1' });
      await until('the incident', async () => (await embedded.instance(id))?.status === 'incident');
      const [incident] = (await embedded.views.incidents({ limit: 10 })).items;
      expect(incident).toMatchObject({ code: 'NO_HANDLER', message: expect.stringContaining('SLUICE_BROKER_URL') });
      embedded.handlers.register('kyc.verify', () => ({ pass: true }));
      await until('the end', async () => (await embedded.instance(id))?.outcome === 'done');
    } finally {
      await embedded.end();
    }
  });
});
