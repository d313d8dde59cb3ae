import { afterEach, describe, expect, it } from 'vitest';
import { RUNGS_MS, topologyOf } from '../../../../src/broker/topology/topology.js';
import { freshVhost } from '../../../support/servers.mjs';
import { offersPlugin } from '../stage/offers-plugin.js';
import { type RabbitStage, setRabbitStage } from '../stage/rabbit-stage.js';
import { dispatchTo, pause, until } from '../stage/stage.js';

const hasPlugin = await offersPlugin();
if (!hasPlugin) console.warn('LEFT OUT: delays by the plugin, which this broker has not. The ladder keeps them here.');
const drivers = hasPlugin ? (['ladder', 'plugin'] as const) : (['ladder'] as const);
const LONGEST_MS = { ladder: 3_600_000, plugin: 2 ** 32 - 1 };

describe.each(drivers)('delays by the %s', (driver) => {
  let stage: RabbitStage;
  afterEach(() => stage.end());

  /** Receives, and says what came in the order of its coming, with how long it took. */
  async function received(): Promise<{ readonly instance: string; readonly tookMs: number }[]> {
    const came: { instance: string; tookMs: number }[] = [];
    const began = performance.now();
    await stage.broker.consume('retry', 50, (delivery) => {
      came.push({ instance: delivery.message.instance, tookMs: performance.now() - began });
      delivery.ack();
    });
    return came;
  }

  it('blocks nothing behind a longer one that was sent before it', async () => {
    stage = await setRabbitStage(await freshVhost(), driver);
    const came = await received();
    const sent = [3_600_000, 120_000, 30_000, 2_000, 1_000, 500, 250];
    const dispatches = sent.map((delayMs) => dispatchTo('retry', `${delayMs}`, delayMs));
    expect((await stage.broker.publish(dispatches)).every(Boolean)).toBe(true);
    await until('the short ones', () => came.length === 4, 8_000);
    expect(came.map(({ instance }) => instance)).toEqual(['250', '500', '1000', '2000']);
  });

  it('brings 1 s and 5 s at once to their lane, not before and hardly after', async () => {
    stage = await setRabbitStage(await freshVhost(), driver);
    const came = await received();
    await stage.broker.publish([dispatchTo('retry', '5000', 5_000), dispatchTo('retry', '1000', 1_000)]);
    await until('both', () => came.length === 2, 10_000);
    for (const { instance, tookMs } of came) {
      expect(tookMs).toBeGreaterThan(Number(instance) - 50);
      expect(tookMs).toBeLessThan(Number(instance) + 2_000);
    }
  });

  it('keeps the longest that it says it takes, and refuses one millisecond more', async () => {
    stage = await setRabbitStage(await freshVhost(), driver);
    const came = await received();
    const longest = LONGEST_MS[driver];
    expect(stage.broker.maxDelayMs()).toBe(longest);
    const [at, above] = [dispatchTo('retry', 'at', longest), dispatchTo('retry', 'above', longest + 1)];
    expect(await stage.broker.publish([at, above])).toEqual([true, false]);
    await pause(1_500);
    expect(came).toEqual([]);
  });
});

describe('the ladder', () => {
  it.each([5_000, 30_000, 120_000])('keeps %i ms in one hop, by the rung of exactly that length', async (delayMs) => {
    const stage = await setRabbitStage(await freshVhost(), 'ladder');
    try {
      const { names } = topologyOf(stage.place.prefix);
      expect(await stage.broker.publish([dispatchTo('retry', 'one', delayMs - 40)])).toEqual([true]);
      const channel = await stage.stranger.createChannel();
      const counts = await Promise.all(
        RUNGS_MS.map(async (rung) => [rung, (await channel.checkQueue(names.rung(rung))).messageCount] as const),
      );
      expect(counts.filter(([, count]) => count > 0)).toEqual([[delayMs, 1]]);
    } finally {
      await stage.end();
    }
  });
});
