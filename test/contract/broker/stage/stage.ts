import type { JsonObject } from '../../../../src/core/json.js';
import type { LaneName } from '../../../../src/core/routing/lane.js';
import type { Broker, DispatchMessage, OutgoingDispatch, OutgoingEvent } from '../../../../src/engine/ports/broker.js';

/** A broker under test, and what a stranger on the other side can do with it. */
export interface Stage {
  readonly broker: Broker;
  /** Puts any bytes into a lane. */
  putIntoLane(lane: LaneName, body: string): Promise<void>;
  sendStart(
    flow: string,
    body: string,
    properties: { messageId: string; contentType: string; headers: JsonObject },
  ): Promise<void>;
  sendMessage(
    name: string,
    body: string,
    properties: { messageId: string; contentType: string; headers: JsonObject },
  ): Promise<void>;
  /** What a stranger hears that listens to `instance.completed.*` from now on. */
  listen(): Promise<readonly OutgoingEvent[]>;
  end(): Promise<void>;
}

export const dispatchTo = (lane: LaneName, instance: string, delayMs = 0): OutgoingDispatch => ({
  message: {
    instance,
    flow: 'loan_disbursement',
    version: 3,
    node: 'disburse',
    visit: 2,
    attempt: 4,
    dispatch: 5,
    kind: 'task',
    handler: 'payment.disburse',
    lane,
    wakeAt: 1_790_000_000_123,
  } satisfies DispatchMessage,
  delayMs,
});

export const timerTo = (lane: LaneName, instance: string): DispatchMessage => ({
  ...dispatchTo(lane, instance).message,
  kind: 'timer',
  handler: null,
  node: 'müßig',
});

export async function until(what: string, holds: () => boolean, withinMs = 5_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`Expected ${what} within ${withinMs} ms, but it did not happen.`);
    await pause(10);
  }
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
