import { describe, expect, it } from 'vitest';
import type { Config } from '../../../../src/config/config.js';
import { freshVhost } from '../../../support/servers.mjs';
import { offersPlugin } from '../stage/offers-plugin.js';
import { type RabbitStage, setRabbitStage } from '../stage/rabbit-stage.js';
import { dispatchTo } from '../stage/stage.js';

async function opened(delay: Config['delay'], look: (stage: RabbitStage) => Promise<void>): Promise<void> {
  const stage = await setRabbitStage(await freshVhost(), delay);
  try {
    await look(stage);
  } finally {
    await stage.end();
  }
}

describe('the delays of the broker on RabbitMQ', () => {
  it('go through the plugin exactly where the broker offers it, when asked to choose', async () => {
    const expected = (await offersPlugin()) ? 'plugin' : 'ladder';
    await opened('auto', async ({ broker, log }) => {
      expect(broker.state().about).toMatchObject({ product: 'RabbitMQ', delay: expected });
      expect(broker.maxDelayMs()).toBe(expected === 'plugin' ? 4_294_967_295 : 3_600_000);
      expect(log.lines).toEqual([]);
    });
  });

  it('go through the ladder with a warning when the plugin was asked for and is not there', async () => {
    const there = await offersPlugin();
    await opened('plugin', async ({ broker, log }) => {
      expect(broker.state().about.delay).toBe(there ? 'plugin' : 'ladder');
      expect(log.lines.filter((line) => line.includes('delayed-message plugin'))).toHaveLength(there ? 0 : 1);
    });
  });

  it('stay with the database when that was asked for', async () => {
    await opened('database', async ({ broker }) => {
      expect(broker.maxDelayMs()).toBe(0);
      expect(await broker.publish([dispatchTo('fast', 'now'), dispatchTo('fast', 'later', 250)])).toEqual([
        true,
        false,
      ]);
    });
  });
});
