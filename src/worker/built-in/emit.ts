import type { OutgoingEvent } from '../../engine/ports/broker.js';
import { PermanentError, type TaskHandler } from '../../engine/ports/handlers.js';

/** Sends events to the outside; answers per event whether the broker has it. `Broker.announce` is one. */
export type Emitter = (events: readonly OutgoingEvent[]) => Promise<readonly boolean[]>;

const EVENT_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}(\.[A-Za-z0-9_-]{1,64}){0,4}$/;

/**
 * `emit`: announces the task's input to the outside, under the routing key `emitted.<flow>.<name>`; the name comes
 * from `with: { name }`. The event is sent by the attempt: at least once. Its id is the idempotency key, equal over
 * attempts, so whoever listens can tell a repetition.
 */
export function emitTo(emit: Emitter): TaskHandler {
  return async (input, { with: literals, flow, idempotencyKey }) => {
    const { name } = literals;
    if (typeof name !== 'string' || !EVENT_NAME.test(name)) {
      throw new PermanentError(
        'BAD_INPUT',
        `Expected "with.name" to be the name of an event ("order.shipped"), but it is ${JSON.stringify(name ?? null)}.`,
      );
    }
    const event: OutgoingEvent = { id: idempotencyKey, routingKey: `emitted.${flow}.${name}`, body: input };
    const [confirmed] = await emit([event]);
    if (!confirmed) {
      throw Object.assign(new Error(`Expected the broker to take the event "${name}", but it did not confirm it.`), {
        code: 'EMIT_UNCONFIRMED',
      });
    }
    return { id: event.id, routingKey: event.routingKey };
  };
}
