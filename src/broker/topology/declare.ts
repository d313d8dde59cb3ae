import type { Channel, ChannelModel } from 'amqplib';
import type { LiveTopology } from '../publish/live-topology.js';
import type { BindingSpec, ExchangeSpec, QueueSpec, Topology } from './topology.js';

const NOT_FOUND = 404;
const PRECONDITION_FAILED = 406;

/** Declares everything, also what is there already. Rejects, with the channel closed, when something differs. */
export async function declareTopology(connection: ChannelModel, channel: Channel, topology: Topology): Promise<void> {
  // Of one moment: a lane that is named meanwhile would have a binding, and no queue.
  const { exchanges, queues, bindings } = topology;
  if (!(await hasDispatch(connection, topology))) await deleteRungs(channel, topology);
  await Promise.all(exchanges.map((exchange) => declareExchange(channel, exchange)));
  await Promise.all(queues.map((queue) => declareQueue(channel, queue)));
  await Promise.all(bindings.map((binding) => bind(channel, binding)));
}

/** Whether something is there already and differs. */
export const isMismatch = (error: unknown): boolean => (error as { code?: unknown }).code === PRECONDITION_FAILED;

/** Declares one after another, whatever becomes of the others; answers what the broker said of those that differ. */
export async function declareApart(connection: ChannelModel, topology: Topology): Promise<readonly string[]> {
  const steps: ((channel: Channel) => Promise<unknown>)[] = [
    ...topology.exchanges.map((exchange) => (channel: Channel) => declareExchange(channel, exchange)),
    ...topology.queues.map((queue) => (channel: Channel) => declareQueue(channel, queue)),
    ...topology.bindings.map((binding) => (channel: Channel) => bind(channel, binding)),
  ];
  const open = async (): Promise<Channel> => {
    const channel = await connection.createChannel();
    channel.on('error', () => {});
    return channel;
  };
  const faults: string[] = [];
  let channel = await open();
  for (const step of steps) {
    try {
      await step(channel);
    } catch (error) {
      if (isMismatch(error)) faults.push((error as Error).message);
      channel = await open();
    }
  }
  await channel.close();
  return faults;
}

/** Whether the exchange is there that delays end in. On a channel of its own, since the broker closes it otherwise. */
export async function hasDispatch(connection: ChannelModel, { names }: Topology): Promise<boolean> {
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  try {
    await channel.checkExchange(names.dispatch);
  } catch (error) {
    if ((error as { code?: unknown }).code === NOT_FOUND) return false;
    throw error;
  }
  await channel.close();
  return true;
}

/**
 * A rung keeps what fell due while the exchange behind it was gone, and tries again after three minutes. It has
 * room for 32 of them: from then on it holds everything, also once the exchange is back. A new queue holds nothing; what the
 * old one had is in the database, and the sweep sends it.
 */
async function deleteRungs(channel: Channel, { rungs }: Topology): Promise<void> {
  await Promise.all(rungs.map((rung) => channel.deleteQueue(rung)));
}

/**
 * Declares the lanes that rules have named. One channel does things in order: the new way out of delays is there before the
 * old one goes, so that what falls due in between comes twice, and not never.
 */
export async function declareLanes(channel: Channel, live: LiveTopology): Promise<void> {
  const { queues, bindings } = live.own;
  await Promise.all([
    ...queues.map((queue) => declareQueue(channel, queue)),
    ...bindings.map((binding) => bind(channel, binding)),
    ...live.stale().map(({ binding: { to, from, key } }) => channel.unbindQueue(to, from, key)),
  ]);
}

/** Declares the delayed exchange, on a broker that is known to have the plugin. */
export async function declarePlugin(channel: Channel, { plugin }: Topology): Promise<void> {
  await declareExchange(channel, plugin.exchange);
  await bind(channel, plugin.binding);
}

const declareExchange = (channel: Channel, exchange: ExchangeSpec) =>
  channel.assertExchange(exchange.name, exchange.type, { durable: true, arguments: exchange.arguments });

const declareQueue = (channel: Channel, queue: QueueSpec) =>
  channel.assertQueue(queue.name, { durable: true, arguments: queue.arguments });

const bind = (channel: Channel, { from, to, toKind, key }: BindingSpec) =>
  toKind === 'queue' ? channel.bindQueue(to, from, key) : channel.bindExchange(to, from, key);
