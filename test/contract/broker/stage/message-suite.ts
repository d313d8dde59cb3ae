import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Broker, MessageDelivery, StartDelivery } from '../../../../src/engine/ports/broker.js';
import { type Stage, until } from './stage.js';

/** What every broker promises about messages for flows that wait. */
export function messageContract(name: string, set: () => Promise<Stage>): void {
  describe(`the contract of the broker for messages, kept by the ${name}`, () => {
    let stage: Stage;
    let broker: Broker;
    beforeEach(async () => {
      stage = await set();
      broker = stage.broker;
    });
    afterEach(() => stage.end());

    it('hands over messages for flows by their name, apart from starts', async () => {
      const [got, starts]: [MessageDelivery[], StartDelivery[]] = [[], []];
      await broker.consumeStarts(5, (delivery) => starts.push(delivery));
      await broker.consumeMessages(5, (delivery) => got.push(delivery));
      const properties = { messageId: 'm-1', contentType: 'application/json', headers: { a: 1 } };
      await stage.sendMessage('bank.paid', '{"loanId":"L-1"}', properties);
      await until('the message', () => got.length === 1);
      expect(got[0]).toMatchObject({
        messageId: 'm-1',
        routingKey: 'bank.paid',
        headers: { a: 1 },
        redelivered: false,
      });
      expect(new TextDecoder().decode(got[0]?.body)).toBe('{"loanId":"L-1"}');
      got[0]?.release();
      await until('it once more', () => got.length === 2);
      expect(got[1]?.redelivered).toBe(true);
      got[1]?.ack();
      expect(starts).toEqual([]);
    });
  });
}
