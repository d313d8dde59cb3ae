import { afterEach, describe, expect, it } from 'vitest';
import { WritePlay } from '../../../src/engine/start/plays/write-play.js';
import { EngineBench } from '../bench.js';

const COUPON = `flow: coupon
key: input.order
play: { type: object }
nodes: { begin: { start: true }, w: { wait: never.comes }, done: { end: given } }
edges: [begin -> w -> done]
`;

describe('a share of a quota', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  async function stage(max: number) {
    bench = new EngineBench({}, COUPON);
    const quota = { max, by: null };
    const rest = { title: null, params: {}, window: null, audience: null };
    const hand = { by: 'ann', reason: null };
    await new WritePlay(bench.store, bench.catalog).create({ code: 'one', flow: 'coupon', ...rest, quota }, hand);
    const engine = await bench.engine();
    return (receipt: string, order = receipt, flow = '') =>
      engine.startInstance.execute({ flow, play: 'one', input: { order }, receipt });
  }
  const codeOf = (answer: Awaited<ReturnType<Awaited<ReturnType<typeof stage>>>>) =>
    answer.ok ? (answer.value.duplicate ? 'duplicate' : 'started') : answer.error.code;

  it('stays used when two ask for the same start at once: one takes it, the other stores the instance', async () => {
    const start = await stage(1);
    const { claim } = bench.store.triggers;
    let overtaken = '';
    bench.store.triggers.claim = async (...given) => {
      const claimed = await claim.apply(bench.store.triggers, given);
      bench.store.triggers.claim = claim;
      overtaken = codeOf(await start('same'));
      return claimed;
    };
    expect(codeOf(await start('same'))).toBe('duplicate');
    expect(overtaken).toBe('started');
    expect(codeOf(await start('other'))).toBe('PLAY_USED_UP');
  });

  it('is given back when a start names another flow than that of its play', async () => {
    const start = await stage(1);
    expect(codeOf(await start('wrong', 'wrong', 'tea'))).toBe('INVALID_PLAY');
    expect(codeOf(await start('right'))).toBe('started');
  });

  it('is given back for an instance that is there under the business key, also when that is asked for again', async () => {
    const start = await stage(2);
    expect(codeOf(await start('first', 'order-1'))).toBe('started');
    bench.rows.clock.now = () => Date.now() + 5;
    for (const _ of [1, 2]) expect(codeOf(await start('second', 'order-1'))).toBe('duplicate');
    expect(codeOf(await start('third', 'order-2'))).toBe('started');
    expect(codeOf(await start('fourth', 'order-3'))).toBe('PLAY_USED_UP');
  });
});
