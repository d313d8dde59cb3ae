import { expect, it } from 'vitest';
import { RabbitBroker } from '../../../../src/broker/rabbit-broker.js';
import { freshVhost } from '../../../support/servers.mjs';
import { healthBusContract } from '../stage/health-suite.js';
import { ordersBusContract } from '../stage/orders-bus-suite.js';
import { wireTo } from '../stage/proxy.js';
import { Lines } from '../stage/rabbit-stage.js';
import { until } from '../stage/stage.js';

async function brokerAt(url: string, prefix: string): Promise<RabbitBroker> {
  const broker = new RabbitBroker({ url, prefix, delay: 'ladder' }, new Lines());
  await broker.open(AbortSignal.timeout(20_000));
  return broker;
}

const twoEnds = async () => {
  const place = await freshVhost();
  const [one, other] = await Promise.all([brokerAt(place.url, place.prefix), brokerAt(place.url, place.prefix)]);
  return {
    one,
    other,
    end: async () => {
      await Promise.all([one.close(), other.close()]);
      await place.drop();
    },
  };
};

healthBusContract('words about health on RabbitMQ', twoEnds);
ordersBusContract('words about orders on RabbitMQ', twoEnds);

it('hears again after its connection was cut, says that words may be missed, and gives the reports away', async () => {
  const place = await freshVhost();
  const wire = await wireTo(place.url);
  const cut = await brokerAt(wire.url, place.prefix);
  const whole = await brokerAt(place.url, place.prefix);
  try {
    const heard: number[] = [];
    const reported: string[] = [];
    let missed = 0;
    await cut.listen(
      ({ version }) => heard.push(version),
      () => missed++,
    );
    let nudged = 0;
    await cut.heed(() => nudged++);
    await cut.maintain(async ({ number }) => void reported.push(`cut ${number}`));
    await whole.maintain(async ({ number }) => void reported.push(`whole ${number}`));
    const before = missed;
    wire.cut();
    await until('the reports to go elsewhere', () => {
      void whole.report({ engine: 'x', number: 1, seen: [] });
      return reported.includes('whole 1');
    });
    await until('the connection to be back', () => missed > before && cut.state().ready);
    await until('a word to be heard', () => {
      void whole.tell({ incarnation: 'i', from: 6, version: 7, subjects: [] });
      return heard.includes(7);
    });
    expect(missed).toBeGreaterThan(before);
    expect(nudged).toBeGreaterThanOrEqual(2);
  } finally {
    await Promise.all([cut.close(), whole.close()]);
    await wire.close();
    await place.drop();
  }
}, 40_000);
