import { afterEach, describe, expect, it } from 'vitest';
import { UNKNOWN_LATENCY } from '../../../src/core/routing/health/latency.js';
import { until } from '../bench.js';
import { OutsideBench } from '../outside.js';

const FLOW = (task: string) => `
flow: loan
nodes:
  begin: { start: true }
  kyc: { task: kyc.verify, remote: true, in: { loanId: input.loanId }, ${task} }
  done: { end: done }
  refused: { end: refused }
edges:
  - begin -> kyc
  - kyc -> done: _result
  - kyc -> refused: else
`;

let bench: OutsideBench;
afterEach(() => bench.end());

const row = async (id: string) => (await bench.views.states([id])).items[0]?.nodes.find(({ node }) => node === 'kyc');

describe('a remote task, before it is handed over,', () => {
  it('goes as often as its rate says, and what is too much waits at no attempt', async () => {
    bench = new OutsideBench({}, FLOW('rate: { max: 1, per: 1h }'));
    const engine = await bench.engine();
    const ids = await Promise.all(['1', '2', '3', '4', '5'].map((loanId) => bench.start(engine, 'loan', { loanId })));
    await until('what is too much', () => engine.tally.get('delivery.limited') >= 4);
    await until('the first', () => bench.broker.tasks.length === 1);
    const rows = await Promise.all(ids.map((id) => row(id)));
    const kept = rows.filter((one) => one?.status === 'ready');
    expect(kept.map((one) => [one?.attempt, one?.receipt?.code])).toEqual(Array(4).fill([1, 'limit.rate']));
  });

  it('keeps retries to their share, as they are handed over', async () => {
    bench = new OutsideBench({}, FLOW('retry: { remote: [1ms], max: 100 }'));
    const engine = await bench.engine();
    const match = { flow: null, node: null, handler: 'kyc.verify', tag: null, dims: {}, attemptFrom: 1, attemptTo: 99 };
    const rule = { code: 'gently', match, lane: null, minDelayMs: 0, reason: 'first tries first', retryShare: 0.1 };
    engine.router.follow({ rules: [rule], overrides: [], version: 'v1' });
    await bench.start(engine, 'loan', { loanId: 'L-1' });
    for (let at = 0; at < 6; at++) {
      await until(`task ${at}`, () => bench.broker.tasks.length === at + 1);
      bench.broker.answer(at, { type: 'error', code: 'BUSY', message: 'later' });
    }
    await until('a retry that waits', () => engine.tally.get('retry.kept') === 1);
    expect(bench.broker.tasks).toHaveLength(6);
  });

  it('gives its fallback while its circuit is open, and nothing is handed over', async () => {
    bench = new OutsideBench({}, FLOW('circuit: { fallback: { _result: false, known: false } }'));
    const engine = await bench.engine();
    const cause = { state: 'open', since: 0, opens: 1, cause: 'x' } as const;
    const circuit = { ...cause, until: bench.clock.now() + 3_600_000 };
    engine.router.health.adopt({ subject: 'kyc.verify', circuit, latency: UNKNOWN_LATENCY, version: 1 }, 0);
    const id = await bench.start(engine, 'loan', { loanId: 'L-1' });
    await until('the end', async () => (await bench.instance(id))?.outcome === 'refused');
    expect(bench.broker.tasks).toHaveLength(0);
    expect(await row(id)).toMatchObject({ status: 'done', attempt: 1, receipt: { degraded: true } });
  });
});
