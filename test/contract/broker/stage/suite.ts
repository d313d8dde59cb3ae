import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LaneName } from '../../../../src/core/routing/lane.js';
import type { Broker, DeadDelivery, Delivery, StartDelivery } from '../../../../src/engine/ports/broker.js';
import { dispatchTo, pause, type Stage, timerTo, until } from './stage.js';

/** What every broker promises. */
export function brokerContract(name: string, set: () => Promise<Stage>): void {
  describe(`the contract of the broker, kept by the ${name}`, () => {
    let stage: Stage;
    let broker: Broker;
    beforeEach(async () => {
      stage = await set();
      broker = stage.broker;
    });
    afterEach(() => stage.end());

    it('is ready once opened', async () => {
      expect(broker.state()).toMatchObject({ ready: true, blocked: false });
      expect(Object.keys(broker.state().about)).toEqual(expect.arrayContaining(['product', 'delay']));
    });

    it('delivers what was published, field by field', async () => {
      const got: Delivery[] = [];
      await broker.consume('fast', 10, (delivery) => got.push(delivery));
      const sent = [dispatchTo('fast', 'one'), { ...dispatchTo('fast', 'two'), message: timerTo('fast', 'two') }];
      expect(await broker.publish(sent)).toEqual([true, true]);
      await until('two deliveries', () => got.length === 2);
      expect(got.map((delivery) => delivery.message)).toEqual(sent.map(({ message }) => message));
      expect(got.map((delivery) => delivery.redelivered)).toEqual([false, false]);
      for (const delivery of got) delivery.ack();
    });

    it('delivers each lane to its own consumer', async () => {
      const got: string[] = [];
      for (const lane of ['normal', 'slow'] as const) {
        await broker.consume(lane, 10, (delivery) => {
          got.push(`${lane}:${delivery.message.instance}`);
          delivery.ack();
        });
      }
      await broker.publish([dispatchTo('slow', 's'), dispatchTo('normal', 'n')]);
      await until('both', () => got.length === 2);
      expect(got.sort()).toEqual(['normal:n', 'slow:s']);
    });

    it('answers per message, false for a lane that nobody has declared', async () => {
      const nowhere = dispatchTo('nowhere' as LaneName, 'lost');
      expect(await broker.publish([dispatchTo('fast', 'a'), nowhere, dispatchTo('fast', 'b')])).toEqual([
        true,
        false,
        true,
      ]);
    });

    it('answers an empty list at once', async () => {
      expect(await broker.publish([])).toEqual([]);
      expect(await broker.announce([])).toEqual([]);
    });

    it('takes an acknowledged delivery off the lane', async () => {
      const got: Delivery[] = [];
      const consumer = await broker.consume('fast', 10, (delivery) => got.push(delivery));
      await broker.publish([dispatchTo('fast', 'a'), dispatchTo('fast', 'b')]);
      await until('both', () => got.length === 2);
      for (const delivery of got) {
        delivery.ack();
        delivery.ack();
        delivery.release();
      }
      await consumer.stop();
      await pause(150);
      expect(await broker.depth('fast')).toBe(0);
      await broker.consume('fast', 10, (delivery) => got.push(delivery));
      await pause(200);
      expect(got).toHaveLength(2);
    });

    it('delivers a released delivery again and says so', async () => {
      const got: Delivery[] = [];
      await broker.consume('fast', 10, (delivery) => {
        got.push(delivery);
        if (got.length === 1) delivery.release();
        else delivery.ack();
      });
      await broker.publish([dispatchTo('fast', 'again')]);
      await until('the second delivery', () => got.length === 2);
      expect(got.map(({ redelivered, message }) => [redelivered, message.instance])).toEqual([
        [false, 'again'],
        [true, 'again'],
      ]);
    });

    it('leaves no more than the prefetch unsettled, and goes on as they are settled in any order', async () => {
      const got: Delivery[] = [];
      await broker.consume('normal', 3, (delivery) => got.push(delivery));
      await broker.publish(Array.from({ length: 10 }, (_, index) => dispatchTo('normal', `i${index}`)));
      await until('three deliveries', () => got.length === 3);
      await pause(150);
      expect(got).toHaveLength(3);
      // The first stays in hand; those behind it must not wait for it.
      for (let index = 1; index < 10; index += 1) {
        await until(`delivery ${index}`, () => got.length > index);
        got[index]?.ack();
      }
      expect(new Set(got.map(({ message }) => message.instance)).size).toBe(10);
      got[0]?.ack();
    });

    it('stops a consumer, and still takes the word for what is in hand', async () => {
      const got: Delivery[] = [];
      const consumer = await broker.consume('slow', 1, (delivery) => got.push(delivery));
      await broker.publish([dispatchTo('slow', 'a'), dispatchTo('slow', 'b')]);
      await until('the first', () => got.length === 1);
      await consumer.stop();
      got[0]?.ack();
      await pause(200);
      expect(got).toHaveLength(1);
      expect(await broker.depth('slow')).toBe(1);
      await broker.consume('slow', 5, (delivery) => got.push(delivery));
      await until('the second', () => got.length === 2);
      expect(got[1]?.message.instance).toBe('b');
      got[1]?.ack();
    });

    it('counts what lies ready, not what is in hand', async () => {
      await broker.publish(Array.from({ length: 4 }, (_, index) => dispatchTo('retry', `d${index}`)));
      await pause(100);
      expect(await broker.depth('retry')).toBe(4);
      await broker.consume('retry', 3, () => {});
      await pause(300);
      expect(await broker.depth('retry')).toBe(1);
    });

    it.each([250, 600, 1_500])(
      'delays by %i ms: never long after, and early only by less than half',
      async (delayMs) => {
        const arrived: number[] = [];
        await broker.consume('retry', 10, (delivery) => {
          arrived.push(Date.now());
          delivery.ack();
        });
        const sentAt = Date.now();
        expect(await broker.publish([dispatchTo('retry', 'later', delayMs)])).toEqual([true]);
        await until('the delivery', () => arrived.length === 1);
        const tookMs = (arrived[0] ?? 0) - sentAt;
        expect(tookMs).toBeGreaterThan(delayMs / 2);
        expect(tookMs).toBeLessThan(delayMs + 1_000);
      },
    );

    it('refuses a delay that is longer than it can keep', async () => {
      expect(broker.maxDelayMs()).toBeGreaterThan(0);
      expect(await broker.publish([dispatchTo('retry', 'next year', broker.maxDelayMs() + 1)])).toEqual([false]);
    });

    it('hands over start messages with their properties, untouched', async () => {
      const got: StartDelivery[] = [];
      await broker.consumeStarts(5, (delivery) => got.push(delivery));
      await stage.sendStart('loan_disbursement', '{"loanId":"L-1"', {
        messageId: 'order-4711',
        contentType: 'application/json',
        headers: { 'sluice-key': 'L-1', nested: { n: 1 } },
      });
      await until('the start', () => got.length === 1);
      const [start] = got as [StartDelivery];
      expect(start).toMatchObject({
        flow: 'loan_disbursement',
        messageId: 'order-4711',
        contentType: 'application/json',
        contentEncoding: null,
        headers: { 'sluice-key': 'L-1', nested: { n: 1 } },
        routingKey: 'loan_disbursement',
        redelivered: false,
      });
      expect(new TextDecoder().decode(start.body)).toBe('{"loanId":"L-1"');
      start.release();
      await until('it again', () => got.length === 2);
      expect(got[1]?.redelivered).toBe(true);
      got[1]?.ack();
    });

    it('brings what cannot be read to the dead, with a reason, and stops nobody', async () => {
      const got: Delivery[] = [];
      const dead: DeadDelivery[] = [];
      await broker.consumeDead(5, (delivery) => dead.push(delivery));
      await broker.consume('fast', 1, (delivery) => {
        got.push(delivery);
        delivery.ack();
      });
      await stage.putIntoLane('fast', 'no dispatch');
      await broker.publish([dispatchTo('fast', 'behind it')]);
      await until('the good one', () => got.length === 1);
      await until('the dead one', () => dead.length === 1);
      expect(dead[0]).toMatchObject({ code: 'UNDECODABLE', routingKey: expect.stringContaining('fast') });
      expect(dead[0]?.reason).toMatch(/^Expected .*, but /);
      expect(new TextDecoder().decode(dead[0]?.body)).toBe('no dispatch');
      dead[0]?.ack();
      await pause(100);
      expect(dead).toHaveLength(1);
    });

    it('brings what falls due for a lane that is not there to the dead', async () => {
      const dead: DeadDelivery[] = [];
      await broker.consumeDead(5, (delivery) => {
        dead.push(delivery);
        delivery.ack();
      });
      expect(await broker.publish([dispatchTo('nowhere' as LaneName, 'lost', 250)])).toEqual([true]);
      await until('the dead one', () => dead.length === 1);
      expect(dead[0]).toMatchObject({ code: 'UNROUTED', routingKey: 'nowhere' });
      expect(dead[0]?.reason).toMatch(/^Expected .*nowhere/);
    });

    it('announces events to whoever listens, and is content when nobody does', async () => {
      const unheard = { id: 'e0', routingKey: 'incident.raised.none', body: {} };
      expect(await broker.announce([unheard])).toEqual([true]);
      const heard = await stage.listen();
      const event = {
        id: 'e1',
        routingKey: 'instance.completed.loan',
        body: { id: 'x', outcome: 'done', n: [1, null] },
      };
      expect(await broker.announce([event, unheard])).toEqual([true, true]);
      await until('the event', () => heard.length === 1);
      expect(heard[0]).toEqual(event);
    });

    it('answers false and never rejects once closed', async () => {
      await broker.close();
      expect(broker.state().ready).toBe(false);
      expect(await broker.publish([dispatchTo('fast', 'late')])).toEqual([false]);
      expect(await broker.announce([{ id: 'e', routingKey: 'k', body: 1 }])).toEqual([false]);
      expect(await broker.depth('fast').catch(() => 'threw')).not.toBe('threw');
    });
  });
}
