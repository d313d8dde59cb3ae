import type { Channel } from 'amqplib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topologyOf } from '../../../../src/broker/topology/topology.js';
import { freshVhost } from '../../../support/servers.mjs';
import { type RabbitStage, setRabbitStage } from '../stage/rabbit-stage.js';
import { dispatchTo, pause, until } from '../stage/stage.js';

const START = { messageId: 's1', contentType: 'application/json', headers: {} };

describe('the topology on RabbitMQ, when somebody changes it while it is used', () => {
  let stage: RabbitStage;
  let channel: Channel;
  beforeEach(async () => {
    stage = await setRabbitStage(await freshVhost(), 'ladder', { declareEveryMs: 300 });
    channel = await stage.stranger.createChannel();
    channel.on('error', () => {});
  });
  afterEach(() => stage.end());
  const names = () => topologyOf(stage.place.prefix).names;

  /** Sends starts under new ids till one of them arrives. */
  async function startArrives(): Promise<void> {
    const got: string[] = [];
    await stage.broker.consumeStarts(5, (delivery) => {
      got.push(delivery.flow);
      delivery.ack();
    });
    const sending = setInterval(() => void stage.sendStart('order', '{}', START).catch(() => {}), 200);
    await until('a start', () => got.length > 0, 15_000).finally(() => clearInterval(sending));
  }

  it.each([
    ['the binding of the intake', () => channel.unbindQueue(names().intake, names().start, '#')],
    ['the queue of the intake', () => channel.deleteQueue(names().intake)],
  ])('has %s again within a round, though no engine has seen it go', async (_, harm) => {
    await harm();
    await startArrives();
  });

  it.each([
    ['the exchange of starts', 'start'],
    ['the exchange of what is unrouted', 'unrouted'],
    ['the exchange of messages', 'messages'],
  ] as const)('has %s again within a round', async (_, name) => {
    await channel.deleteExchange(names()[name]);
    for (const end = Date.now() + 15_000; ; ) {
      const looking = await stage.stranger.createChannel();
      looking.on('error', () => {});
      const there = await looking.checkExchange(names()[name]).then(
        () => true,
        () => false,
      );
      if (there) break;
      expect(Date.now()).toBeLessThan(end);
      await pause(50);
    }
  });

  it.each([
    ['queue', (name: string) => channel.deleteQueue(name)],
    ['exchange', (name: string) => channel.deleteExchange(name)],
  ])('carries delays again after the %s of a rung was deleted', async (_, harm) => {
    const got: string[] = [];
    await stage.broker.consume('normal', 5, (delivery) => {
      got.push(delivery.message.instance);
      delivery.ack();
    });
    await harm(names().rung(250));
    for (const end = Date.now() + 15_000; got.length === 0; ) {
      expect(Date.now()).toBeLessThan(end);
      await stage.broker.publish([dispatchTo('normal', 'late', 250)]);
      await pause(50);
    }
  });

  it('tells what differs, keeps all else in place, and heals when it is deleted', async () => {
    const { broker, log } = stage;
    expect(broker.state().faults).toBeUndefined();
    // The name of a rung, of another kind; and one that is only missing, declared after it.
    await channel.deleteQueue(names().rung(500));
    await channel.assertQueue(names().rung(500), { durable: true, arguments: { 'x-queue-type': 'classic' } });
    await channel.deleteExchange(names().rung(1_000));
    await until('the fault', () => broker.state().faults !== undefined, 15_000);
    expect(broker.state().faults).toEqual([expect.stringContaining(names().rung(500))]);
    expect(
      log.lines.filter((line) => line.includes('but one differs')),
      'told once',
    ).toHaveLength(1);
    expect(broker.state().ready).toBe(true);
    const got: string[] = [];
    await broker.consume('fast', 5, (delivery) => {
      got.push(delivery.message.instance);
      delivery.ack();
    });
    expect(await broker.publish([dispatchTo('fast', 'beside', 1_000)])).toEqual([true]);
    await until('the delay beside it', () => got.includes('beside'), 15_000);

    await channel.deleteQueue(names().rung(500));
    await until('the end of the fault', () => broker.state().faults === undefined, 15_000);
    expect(await broker.publish([dispatchTo('fast', 'after', 500)])).toEqual([true]);
    await until('the delay', () => got.includes('after'), 15_000);
  });
});
