import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrdersBus } from '../../../../src/engine/health/orders/orders-bus.js';
import { until } from './stage.js';

/** Two engines' ends of one bus. */
export interface OrdersStage {
  readonly one: OrdersBus;
  readonly other: OrdersBus;
  end(): Promise<unknown>;
}

/** What every OrdersBus does while nothing is wrong. */
export function ordersBusContract(name: string, set: () => Promise<OrdersStage>): void {
  describe(name, () => {
    let stage: OrdersStage;
    beforeEach(async () => {
      stage = await set();
    });
    afterEach(() => stage.end());

    it('says once at first that words may have been missed, then tells all that heed, and none that has stopped', async () => {
      const heard = { one: 0, other: 0 };
      const heeding = await stage.one.heed(() => heard.one++);
      await stage.other.heed(() => heard.other++);
      await until('the first word', () => heard.one === 1 && heard.other === 1);
      await stage.one.nudge();
      await until('both to hear', () => heard.one === 2 && heard.other === 2);
      await heeding.stop();
      await stage.one.nudge();
      await until('the other to hear', () => heard.other === 3);
      expect(heard).toEqual({ one: 2, other: 3 });
    });
  });
}
