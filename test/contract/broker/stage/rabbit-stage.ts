import { type ChannelModel, connect } from 'amqplib';
import { RabbitBroker, type RabbitSettings } from '../../../../src/broker/rabbit-broker.js';
import { topologyOf } from '../../../../src/broker/topology/topology.js';
import type { Config } from '../../../../src/config/config.js';
import type { OutgoingEvent } from '../../../../src/engine/ports/broker.js';
import { Log } from '../../../../src/engine/ports/log.js';
import type { Stage } from './stage.js';

/** Keeps what was logged, to be read by a test. */
export class Lines extends Log {
  readonly lines: string[] = [];
  override info(message: string, facts?: Readonly<Record<string, unknown>>): void {
    this.lines.push(`info ${message} ${JSON.stringify(facts ?? {})}`);
  }
  override warn(message: string, facts?: Readonly<Record<string, unknown>>): void {
    this.lines.push(`warn ${message} ${JSON.stringify(facts ?? {})}`);
  }
  override error(message: string, facts?: Readonly<Record<string, unknown>>): void {
    this.lines.push(`error ${message} ${JSON.stringify(facts ?? {})}`);
  }
}

export interface Place {
  readonly url: string;
  readonly prefix: string;
  drop(): Promise<unknown>;
}

export interface RabbitStage extends Stage {
  readonly broker: RabbitBroker;
  readonly stranger: ChannelModel;
  readonly log: Lines;
  readonly place: Place;
}

/** A RabbitMQ broker in a place of its own, with a stranger who uses plain amqplib beside it. */
export async function setRabbitStage(
  place: Place,
  delay: Config['delay'] = 'ladder',
  more: Pick<RabbitSettings, 'lanes' | 'declareEveryMs'> = {},
): Promise<RabbitStage> {
  const { names } = topologyOf(place.prefix, more.lanes);
  const log = new Lines();
  const broker = new RabbitBroker({ url: place.url, prefix: place.prefix, delay, ...more }, log);
  await broker.open(AbortSignal.timeout(20_000)).catch((error: Error) => {
    throw new Error(`${error.message}\n${log.lines.join('\n')}`);
  });
  const stranger = await connect(place.url);
  stranger.on('error', () => {});
  const publishing = await stranger.createConfirmChannel();
  publishing.on('error', () => {});
  return {
    broker,
    stranger,
    log,
    place,
    async putIntoLane(lane, body) {
      publishing.sendToQueue(names.lane(lane), Buffer.from(body), { persistent: true });
      await publishing.waitForConfirms();
    },
    async sendStart(flow, body, properties) {
      publishing.publish(names.start, flow, Buffer.from(body), { persistent: true, ...properties });
      await publishing.waitForConfirms();
    },
    async sendMessage(name, body, properties) {
      publishing.publish(names.messages, name, Buffer.from(body), { persistent: true, ...properties });
      await publishing.waitForConfirms();
    },
    async listen() {
      const heard: OutgoingEvent[] = [];
      const channel = await stranger.createChannel();
      const { queue } = await channel.assertQueue('', { exclusive: true });
      await channel.bindQueue(queue, names.events, 'instance.completed.*');
      await channel.consume(
        queue,
        (message) => {
          if (!message) return;
          const { properties, fields, content } = message;
          heard.push({
            id: String(properties.messageId),
            routingKey: fields.routingKey,
            body: JSON.parse(content.toString()),
          });
        },
        { noAck: true },
      );
      return heard;
    },
    async end() {
      await broker.close();
      await stranger.close().catch(() => {});
      await place.drop();
    },
  };
}
