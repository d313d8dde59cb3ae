import type { ConsumeMessage } from 'amqplib';
import type { ReplyDelivery } from '../../engine/ports/broker.js';
import type { AckStream } from '../consume/ack-stream.js';
import { jsonHeaders } from '../consume/deliveries.js';

/** Hands over what workers answered, readable or not: the engine judges it, and keeps what cannot be used. */
export const onReply =
  (on: (delivery: ReplyDelivery) => void) =>
  ({ content, fields, properties }: ConsumeMessage, acks: AckStream): void => {
    const { deliveryTag, exchange, routingKey, redelivered } = fields;
    const { correlationId, contentType, contentEncoding, headers } = properties;
    on({
      correlationId: textOrNull(correlationId),
      body: content,
      contentType: textOrNull(contentType),
      contentEncoding: textOrNull(contentEncoding),
      headers: jsonHeaders(headers),
      exchange,
      routingKey,
      redelivered,
      ack: () => acks.ack(deliveryTag),
      release: () => acks.release(deliveryTag),
    });
  };

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
