import type { Channel, ConsumeMessage } from 'amqplib';
import type { HealthChange, HealthReport } from '../../engine/health/sharing/health-bus.js';
import type { Names } from '../topology/topology.js';
import type { AckStream } from './ack-stream.js';
import type { Wanted } from './queue-consumer.js';

/** Reports that are in hand at most, when the database is slow. */
const REPORTS_IN_HAND = 20;
const CHANGES_IN_HAND = 200;

/** The queue of reports: RabbitMQ gives them to one of those who consume it. One report is worked on at a time. */
export function reportsOf({ reports }: Names, on: (report: HealthReport) => Promise<void>): Wanted {
  let last: Promise<unknown> = Promise.resolve();
  return {
    queue: reports,
    prefetch: REPORTS_IN_HAND,
    disposable: true,
    on: ({ content, fields }, acks) => {
      const report = read<HealthReport>(content, 'seen');
      // What fails is not repeated: the next report says enough.
      if (report) last = last.then(() => on(report)).catch(() => {});
      last = last.then(() => acks.ack(fields.deliveryTag));
    },
  };
}

export function changesOf({ changes }: Names, on: (change: HealthChange) => void, missed: () => void): Wanted {
  return heard(changes, missed, ({ content }) => {
    const change = read<HealthChange>(content, 'subjects');
    if (change) on(change);
  });
}

/** There is nothing to read in them. */
export function nudgesOf({ nudges }: Names, on: () => void): Wanted {
  return heard(nudges, on, on);
}

/** A queue of this connection alone on a fanout exchange. It begins empty whenever the connection does. */
function heard(exchange: string, missed: () => void, on: (message: ConsumeMessage) => void): Wanted {
  return {
    queue: exchange,
    prefetch: CHANGES_IN_HAND,
    disposable: true,
    own: async (channel: Channel) => {
      const { queue } = await channel.assertQueue('', { exclusive: true, durable: false, autoDelete: true });
      await channel.bindQueue(queue, exchange, '');
      missed();
      return queue;
    },
    on: (message: ConsumeMessage, acks: AckStream) => {
      on(message);
      acks.ack(message.fields.deliveryTag);
    },
  };
}

/** `null` when it is none of ours; the queues are ours alone, so it is not worth keeping. */
function read<T>(content: Buffer, list: keyof T & string): T | null {
  try {
    const value = JSON.parse(content.toString()) as T | null;
    return value && Array.isArray(value[list]) ? value : null;
  } catch {
    return null;
  }
}
