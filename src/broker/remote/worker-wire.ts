import { type Channel, type ChannelModel, type ConfirmChannel, type ConsumeMessage, connect } from 'amqplib';
import type { OutgoingTask, ReplyDelivery } from '../../engine/ports/broker.js';
import { socketOptions } from '../link.js';
import { topologyOf } from '../topology/topology.js';
import { TASK_QUEUE } from './task-queues.js';

/** What came back. */
type WiredReply = Pick<ReplyDelivery, 'correlationId' | 'body' | 'contentType' | 'contentEncoding'> & {
  readonly persistent: boolean;
};

/**
 * The engine's end of a worker's queue, for one who tries that worker out: answers come to a queue of its own, so
 * that no engine takes them.
 */
export class WorkerWire {
  private constructor(
    private readonly connection: ChannelModel,
    private readonly sending: ConfirmChannel,
    private readonly queue: string,
    private readonly replyTo: string,
  ) {}

  /** Rejects when the broker cannot be reached. The queue is made if it is missing. */
  static async open(
    url: string,
    prefix: string,
    task: string,
    heard: (reply: WiredReply) => void,
  ): Promise<WorkerWire> {
    const { names } = topologyOf(prefix);
    const connection = await connect(url, socketOptions('conform'));
    connection.on('error', () => {});
    const sending = await connection.createConfirmChannel();
    const listening = await connection.createChannel();
    const { queue: replyTo } = await listening.assertQueue('', { exclusive: true });
    await listenToExchange(connection, names.replies, replyTo);
    await listening.consume(replyTo, (message) => message && heard(read(message)), { noAck: true });
    await declare(connection, names.task(task));
    return new WorkerWire(connection, sending, names.task(task), replyTo);
  }

  /** Messages that lie ready, and who consumes. */
  async state(): Promise<{ readonly ready: number; readonly consumers: number }> {
    const channel = await this.connection.createChannel();
    const { messageCount, consumerCount } = await channel.checkQueue(this.queue);
    await channel.close();
    return { ready: messageCount, consumers: consumerCount };
  }

  /** Resolves when the broker has it. */
  async send({ messageId, correlationId, body, headers, expiresMs }: Omit<OutgoingTask, 'task'>): Promise<void> {
    this.sending.sendToQueue(this.queue, Buffer.from(body), {
      messageId,
      correlationId,
      replyTo: this.replyTo,
      type: 'sluice.task',
      contentType: 'application/json',
      persistent: true,
      expiration: String(expiresMs),
      headers: { ...headers },
    });
    await this.sending.waitForConfirms();
  }

  async close(): Promise<void> {
    await this.connection.close().catch(() => {});
  }
}

/** A worker may answer to the exchange instead of to `reply_to`; it is there only where an engine has been. */
async function listenToExchange(connection: ChannelModel, exchange: string, queue: string): Promise<void> {
  await trying(connection, async (channel) => {
    await channel.checkExchange(exchange);
    await channel.bindQueue(queue, exchange, '');
  });
}

/** With other arguments it is used as it is. */
async function declare(connection: ChannelModel, queue: string): Promise<void> {
  await trying(connection, (channel) => channel.assertQueue(queue, TASK_QUEUE));
}

/** On a channel of its own, which RabbitMQ closes when the answer is no. */
async function trying(connection: ChannelModel, work: (channel: Channel) => Promise<unknown>): Promise<void> {
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  try {
    await work(channel);
    await channel.close();
  } catch {
    // That it is not there, or another, is an answer.
  }
}

function read({ content, properties }: ConsumeMessage): WiredReply {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const { correlationId, contentType, contentEncoding, deliveryMode } = properties;
  return {
    correlationId: text(correlationId),
    body: content,
    contentType: text(contentType),
    contentEncoding: text(contentEncoding),
    persistent: deliveryMode === 2,
  };
}
