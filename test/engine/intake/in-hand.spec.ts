import { expect, it } from 'vitest';
import { InHand } from '../../../src/engine/intake/in-hand.js';
import type { Delivery } from '../../../src/engine/ports/broker.js';
import { VirtualClock } from '../../../src/memory/virtual-clock.js';

const settled: string[] = [];
const delivery = (dispatch: number, name = `${dispatch}`): Delivery => ({
  message: {
    instance: 'i',
    flow: 'f',
    version: 1,
    node: 'a',
    visit: 1,
    attempt: 1,
    dispatch,
    kind: 'task',
    handler: 'do.a',
    lane: 'normal',
    wakeAt: 0,
  },
  redelivered: false,
  ack: () => void settled.push(`ack ${name}`),
  release: () => void settled.push(`release ${name}`),
});

it('keeps an old dispatch that comes again apart from the current one', () => {
  const hand = new InHand(new VirtualClock());
  const current = hand.take(delivery(2));
  const old = hand.take(delivery(1));
  expect([current, old].map((one) => one !== null)).toEqual([true, true]);
  expect(hand.take(delivery(2, 'copy of 2')), 'must not run beside the one in hand').toBeNull();

  old?.ack();
  if (old) hand.drop(old);
  expect(hand.has({ instance: 'i', node: 'a', visit: 1 })).toBe(true);
  current?.ack();
  expect(settled).toEqual(['ack 1', 'ack 2', 'ack copy of 2']);
  if (current) hand.drop(current);
  expect([hand.has({ instance: 'i', node: 'a', visit: 1 }), hand.size]).toEqual([false, 0]);
});
