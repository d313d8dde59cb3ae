import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Broker, DeadDelivery } from '../../../../src/engine/ports/broker.js';
import { dispatchTo, pause, type Stage, until } from './stage.js';

/** What every broker promises of lanes that rules have named. */
export function laneContract(name: string, set: () => Promise<Stage>): void {
  describe(`named lanes, kept by the ${name}`, () => {
    let stage: Stage;
    let broker: Broker;
    let got: string[];
    beforeEach(async () => {
      stage = await set();
      broker = stage.broker;
      got = [];
    });
    afterEach(() => stage.end());
    const consume = (lane: string) =>
      broker.consume(lane, 10, (delivery) => {
        got.push(`${lane}:${delivery.message.instance}`);
        delivery.ack();
      });

    it('are there once they are used, with a consumer of their own, and told of like others', async () => {
      expect(await broker.publish([dispatchTo('vip', 'early')])).toEqual([false]);
      await broker.useLanes([{ name: 'vip', leaving: false }]);
      expect(await broker.publish([dispatchTo('vip', 'one'), dispatchTo('vip', 'late', 250)])).toEqual([true, true]);
      expect(await broker.depth('vip')).toBe(1);
      await consume('normal');
      await consume('vip');
      await until('both', () => got.length === 2);
      expect(got).toEqual(['vip:one', 'vip:late']);
    });

    it('give what is delayed for them to normal when they are left, once, and take it again when they are back', async () => {
      await broker.useLanes([{ name: 'vip', leaving: false }]);
      await consume('normal');
      await consume('vip');
      expect(await broker.publish([dispatchTo('vip', 'delayed', 500)])).toEqual([true]);
      await broker.useLanes([{ name: 'vip', leaving: true }]);
      await until('the delayed one', () => got.length === 1);
      expect(got).toEqual(['normal:delayed']);
      await broker.useLanes([{ name: 'vip', leaving: false }]);
      expect(await broker.publish([dispatchTo('vip', 'again', 250)])).toEqual([true]);
      await until('the second', () => got.length === 2);
      await pause(100);
      expect(got).toEqual(['normal:delayed', 'vip:again']);
    });

    it('can be taken away with what lies in them, and what falls due for them later goes to normal', async () => {
      const dead: DeadDelivery[] = [];
      await broker.consumeDead(5, (delivery) => void dead.push(delivery));
      await broker.useLanes([{ name: 'vip', leaving: false }]);
      await broker.publish([dispatchTo('vip', 'lies'), dispatchTo('vip', 'delayed', 500)]);
      await broker.useLanes([{ name: 'vip', leaving: true }]);
      await broker.useLanes([]);
      await broker.dropLane('vip');
      expect(await broker.publish([dispatchTo('vip', 'lost')])).toEqual([false]);
      await consume('normal');
      await until('the delayed one', () => got.length === 1);
      expect(got).toEqual(['normal:delayed']);
      expect(dead).toEqual([]);
    });
  });
}
