import { describe, expect, it } from 'vitest';
import type { Delivery, OutgoingEvent } from '../../../src/engine/ports/broker.js';
import { MemoryBroker } from '../../../src/memory/memory-broker.js';
import { SystemClock } from '../../../src/memory/system-clock.js';
import { VirtualClock } from '../../../src/memory/virtual-clock.js';
import { laneContract } from './stage/lane-suite.js';
import { messageContract } from './stage/message-suite.js';
import type { Stage } from './stage/stage.js';
import { dispatchTo, until } from './stage/stage.js';
import { brokerContract } from './stage/suite.js';

async function set(): Promise<Stage> {
  const broker = new MemoryBroker(new SystemClock());
  await broker.open();
  return {
    broker,
    putIntoLane: async (lane, body) => void broker.publishRaw(lane, body),
    sendStart: async (flow, body, properties) => {
      broker.publishStart(flow, new TextEncoder().encode(body), properties);
    },
    sendMessage: async (name, body, properties) => {
      broker.publishMessage(name, new TextEncoder().encode(body), properties);
    },
    listen: async () => {
      const heard: OutgoingEvent[] = [];
      broker.onEvent((event) => {
        if (event.routingKey.startsWith('instance.completed.')) heard.push(event);
      });
      return heard;
    },
    end: () => broker.close(),
  };
}

brokerContract('broker inside the process', set);
laneContract('broker inside the process', set);
messageContract('broker inside the process', set);

describe('the broker inside the process', () => {
  it('keeps delays to the millisecond of its clock', async () => {
    const clock = new VirtualClock();
    const broker = new MemoryBroker(clock);
    await broker.open();
    const got: string[] = [];
    await broker.consume('retry', 10, (delivery) => got.push(delivery.message.instance));
    await broker.publish([dispatchTo('retry', 'late', 5_000), dispatchTo('retry', 'early', 250)]);
    clock.advance(249);
    await turn();
    expect(got).toEqual([]);
    clock.advance(1);
    await turn();
    expect(got).toEqual(['early']);
    clock.advance(4_750);
    await turn();
    expect(got).toEqual(['early', 'late']);
  });

  it('tells how often it has delivered a message, and counts each by itself', async () => {
    const broker = new MemoryBroker(new SystemClock());
    await broker.open();
    const got: Delivery[] = [];
    await broker.consume('fast', 10, (delivery) => {
      got.push(delivery);
      if (delivery.message.instance === 'again' && got.length < 6) delivery.release();
      else delivery.ack();
    });
    await broker.publish([dispatchTo('fast', 'once'), dispatchTo('fast', 'again')]);
    await until('six deliveries', () => got.length === 6);
    const counts = (of: string) => got.filter(({ message }) => message.instance === of).map((one) => one.deliveries);
    expect([counts('once'), counts('again')]).toEqual([[1], [1, 2, 3, 4, 5]]);
  });

  it('takes ten thousand pointers a lane and refuses the next, until there is room', async () => {
    const broker = new MemoryBroker(new SystemClock());
    await broker.open();
    const many = Array.from({ length: 10_001 }, (_, index) => dispatchTo('fast', `i${index}`));
    const answers = await broker.publish(many);
    expect(answers.filter(Boolean)).toHaveLength(10_000);
    expect(answers.at(-1)).toBe(false);
    expect(await broker.publish([dispatchTo('slow', 'another lane')])).toEqual([true]);
    const got: string[] = [];
    await broker.consume('fast', 100, (delivery) => {
      got.push(delivery.message.instance);
      delivery.ack();
    });
    await until('all of them', () => got.length === 10_000);
    expect(got).toEqual(many.slice(0, 10_000).map(({ message }) => message.instance));
    expect(await broker.publish([dispatchTo('fast', 'again')])).toEqual([true]);
  });

  it('lets timers in between a long row of deliveries', async () => {
    const broker = new MemoryBroker(new SystemClock());
    await broker.open();
    let taken = 0;
    let takenAtTimer = -1;
    setTimeout(() => {
      takenAtTimer = taken;
    }, 1);
    await broker.consume('fast', 1_000, (delivery) => {
      taken += 1;
      const since = performance.now();
      while (performance.now() - since < 0.005);
      delivery.ack();
    });
    await broker.publish(Array.from({ length: 9_000 }, (_, index) => dispatchTo('fast', `i${index}`)));
    await until('all of them', () => taken === 9_000);
    expect(takenAtTimer).toBeGreaterThanOrEqual(0);
    expect(takenAtTimer).toBeLessThan(9_000);
  });

  it('gives each of two consumers its share', async () => {
    const broker = new MemoryBroker(new SystemClock());
    await broker.open();
    const shares = [0, 0];
    for (const index of [0, 1]) {
      await broker.consume('fast', 5, (delivery) => {
        shares[index] = (shares[index] ?? 0) + 1;
        delivery.ack();
      });
    }
    await broker.publish(Array.from({ length: 1_000 }, (_, index) => dispatchTo('fast', `i${index}`)));
    await until('all of them', () => (shares[0] ?? 0) + (shares[1] ?? 0) === 1_000);
    expect(shares).toEqual([500, 500]);
  });

  it('is empty when opened again', async () => {
    const broker = new MemoryBroker(new SystemClock());
    await broker.open();
    await broker.publish([dispatchTo('fast', 'forgotten'), dispatchTo('fast', 'too', 20)]);
    await broker.close();
    await broker.open();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await broker.depth('fast')).toBe(0);
  });
});

const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
