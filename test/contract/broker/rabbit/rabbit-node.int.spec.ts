import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Channel } from 'amqplib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topologyOf } from '../../../../src/broker/topology/topology.js';
import { freshVhost, servers } from '../../../support/servers.mjs';
import { type RabbitStage, setRabbitStage } from '../stage/rabbit-stage.js';
import { dispatchTo, pause, until } from '../stage/stage.js';

/** Runs RabbitMQ's command line against the node that this run has started. */
async function rabbitmqctl(...words: string[]): Promise<void> {
  const file = process.env.SLUICE_TEST_SERVERS_FILE as string;
  const { env } = JSON.parse(readFileSync(file, 'utf8')).broker as { env: Record<string, string> };
  await promisify(execFile)('/usr/lib/rabbitmq/bin/rabbitmqctl', words, { env });
}

// These faults reach the whole node, which is only ours to hurt when this run has started it.
describe.runIf(servers.canKill())('the broker on RabbitMQ, when the node suffers', () => {
  let stage: RabbitStage;
  beforeEach(async () => {
    stage = await setRabbitStage(await freshVhost());
  });
  afterEach(() => stage.end());

  it('loses nothing that was confirmed when the node is killed, and goes on by itself', async () => {
    const { broker } = stage;
    // A queue that was declared a moment ago and killed without an entry may come back without a leader (3.10).
    await pause(3_000);
    const sent = Array.from({ length: 200 }, (_, index) => dispatchTo('fast', `f${index}`));
    const delayed = Array.from({ length: 50 }, (_, index) => dispatchTo('retry', `r${index}`, 2_000));
    expect((await broker.publish([...sent, ...delayed])).every(Boolean)).toBe(true);
    await servers.kill('broker');
    await until('the news', () => !broker.state().ready);
    await servers.start('broker');
    await until('the broker', () => broker.state().ready, 60_000);
    const got = new Set<string>();
    for (const lane of ['fast', 'retry'] as const) {
      await broker.consume(lane, 50, (delivery) => {
        got.add(delivery.message.instance);
        delivery.ack();
      });
    }
    await until('every message', () => got.size === 250, 20_000);
  });

  it('goes on in every lane when the node comes back with a queue that has no process', async () => {
    const { broker, stranger, place } = stage;
    const got = new Set<string>();
    for (const lane of ['fast', 'normal'] as const) {
      await broker.consume(lane, 5, (delivery) => {
        got.add(delivery.message.instance);
        delivery.ack();
      });
    }
    // RabbitMQ 3.10 forgets the process of a queue that was declared so shortly before; later ones keep it.
    const { names } = topologyOf(place.prefix);
    const withChannel = async (work: (channel: Channel) => Promise<unknown>): Promise<boolean> => {
      const channel = await stranger.createChannel();
      channel.on('error', () => {});
      return work(channel).then(
        () => true,
        () => false,
      );
    };
    await pause(3_000);
    await withChannel((channel) => channel.deleteQueue(names.lane('fast')));
    while (!(await withChannel((channel) => channel.checkQueue(names.lane('fast'))))) await pause(20);
    await servers.kill('broker');
    await servers.start('broker');
    await until('the broker', () => broker.state().ready, 60_000);
    for (let tries = 0; got.size < 2 && tries < 40; tries++) {
      await broker.publish([dispatchTo('fast', 'fast'), dispatchTo('normal', 'normal')]);
      await pause(500);
    }
    expect([...got].sort()).toEqual(['fast', 'normal']);
  });

  it('answers false while the node is out of memory, and goes on afterwards', async () => {
    const { broker } = stage;
    const got: string[] = [];
    await broker.consume('fast', 5, (delivery) => {
      got.push(delivery.message.instance);
      delivery.ack();
    });
    await rabbitmqctl('set_vm_memory_high_watermark', 'absolute', '1MB');
    try {
      const sentAt = performance.now();
      expect(await broker.publish([dispatchTo('fast', 'blocked')])).toEqual([false]);
      expect(performance.now() - sentAt).toBeLessThan(11_000);
      expect(broker.state().blocked).toBe(true);
      expect(await broker.publish([dispatchTo('fast', 'still blocked')])).toEqual([false]);
    } finally {
      await rabbitmqctl('set_vm_memory_high_watermark', '0.4');
    }
    await until('the all-clear', () => !broker.state().blocked, 15_000);
    expect(await broker.publish([dispatchTo('fast', 'after')])).toEqual([true]);
    await until('the message', () => got.includes('after'));
  });
});
