import type { ConsumeMessage } from 'amqplib';
import type { Json, JsonObject } from '../../core/json.js';
import type { DeadDelivery, Delivery, DispatchMessage, StartDelivery } from '../../engine/ports/broker.js';
import { decode } from '../envelope.js';
import type { Names } from '../topology/topology.js';
import type { AckStream } from './ack-stream.js';

/** Settles one message on the channel it came by. */
class Settling {
  constructor(
    private readonly tag: number,
    private readonly acks: AckStream,
  ) {}

  ack(): void {
    this.acks.ack(this.tag);
  }

  release(): void {
    this.acks.release(this.tag);
  }
}

class LaneDelivery extends Settling implements Delivery {
  constructor(
    readonly message: DispatchMessage,
    readonly redelivered: boolean,
    readonly deliveries: number,
    tag: number,
    acks: AckStream,
  ) {
    super(tag, acks);
  }
}

/** Hands over what can be read; the rest goes to the dead, where `onDead` says what is wrong with it. `counts`: whether its queue does. */
export const onLane =
  (on: (delivery: Delivery) => void, counts = true) =>
  ({ content, fields, properties }: ConsumeMessage, acks: AckStream): void => {
    const { deliveryTag, redelivered } = fields;
    const read = decode(content);
    if (read.ok)
      on(
        new LaneDelivery(
          read.value,
          redelivered,
          redelivered && !counts ? someOf() : deliveriesOf(properties.headers),
          deliveryTag,
          acks,
        ),
      );
    else acks.refuse(deliveryTag);
  };

/**
 * A classic queue counts nothing. Whoever comes again is taken for a third time, and no two times for the same, so that
 * the engine counts them: a handler that ends its process must not end one engine after the other.
 */
const someOf = (): number => 3 + Math.random();

/** Quorum queues count the deliveries that came to nothing; the header is absent on the first. */
const deliveriesOf = (headers: Readonly<Record<string, unknown>> | undefined): number =>
  1 + (Number(headers?.['x-delivery-count']) || 0);

export const onStart =
  (on: (delivery: StartDelivery) => void) =>
  ({ content, fields, properties }: ConsumeMessage, acks: AckStream): void => {
    const settling = new Settling(fields.deliveryTag, acks);
    on({
      flow: fields.routingKey,
      body: content,
      messageId: textOrNull(properties.messageId),
      contentType: textOrNull(properties.contentType),
      contentEncoding: textOrNull(properties.contentEncoding),
      headers: jsonHeaders(properties.headers),
      exchange: fields.exchange,
      routingKey: fields.routingKey,
      redelivered: fields.redelivered,
      ack: () => settling.ack(),
      release: () => settling.release(),
    });
  };

export const onDead =
  (names: Names, on: (delivery: DeadDelivery) => void) =>
  (message: ConsumeMessage, acks: AckStream): void => {
    const settling = new Settling(message.fields.deliveryTag, acks);
    const headers = jsonHeaders(message.properties.headers);
    const { exchange, routingKey } = message.fields;
    const from = { exchange: firstExchange(headers) ?? exchange, routingKey };
    const { messageId, contentType, contentEncoding } = message.properties;
    const start = {
      messageId: textOrNull(messageId),
      contentType: textOrNull(contentType),
      contentEncoding: textOrNull(contentEncoding),
    };
    on({
      ...whyDead(names, message.content, headers, from),
      ...(headers['x-first-death-queue'] === names.intake ? { start } : dispatchIn(message.content)),
      ...from,
      body: message.content,
      headers,
      ack: () => settling.ack(),
      release: () => settling.release(),
    });
  };

/** For a message that the broker could not route. */
export const onUnrouted =
  (on: (delivery: DeadDelivery) => void) =>
  ({ content, fields, properties }: ConsumeMessage, acks: AckStream): void => {
    const settling = new Settling(fields.deliveryTag, acks);
    on({
      code: 'UNROUTED',
      reason: `Expected a queue for '${fields.routingKey}' on exchange '${fields.exchange}', but there is none.`,
      ...dispatchIn(content),
      body: content,
      headers: jsonHeaders(properties.headers),
      exchange: fields.exchange,
      routingKey: fields.routingKey,
      ack: () => settling.ack(),
      release: () => settling.release(),
    });
  };

function dispatchIn(body: Buffer): Pick<DeadDelivery, 'dispatch'> {
  const read = decode(body);
  return read.ok ? { dispatch: read.value } : {};
}

function whyDead(
  names: Names,
  body: Buffer,
  headers: JsonObject,
  from: { routingKey: string },
): Pick<DeadDelivery, 'code' | 'reason'> {
  const queue = textOrNull(headers['x-first-death-queue']) ?? 'an unknown queue';
  const why = textOrNull(headers['x-first-death-reason']) ?? 'unknown';
  if (why === 'rejected' && queue !== names.intake && queue !== names.mailbox) {
    const read = decode(body);
    if (!read.ok)
      return { code: 'UNDECODABLE', reason: `${read.error} It came by '${queue}' for '${from.routingKey}'.` };
  }
  const reason = `Expected it to be settled, but the broker took it out of '${queue}': ${why}.`;
  return { code: 'DELIVERY_LIMIT', reason };
}

/** The exchange it was published to, before anything moved it. */
function firstExchange(headers: JsonObject): string | null {
  const deaths = headers['x-death'];
  const first = Array.isArray(deaths) ? (deaths.at(-1) as JsonObject | undefined) : undefined;
  return textOrNull(first?.exchange);
}

/** AMQP tables hold more kinds than JSON: bytes become base64, numbers beyond the safe ones and times become text. */
export function jsonHeaders(headers: Readonly<Record<string, unknown>> | undefined): JsonObject {
  return headers ? (toJson(headers) as JsonObject) : {};
}

function toJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return value.toString();
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, toJson(item)]),
    );
  }
  return null;
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
