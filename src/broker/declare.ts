import type { Channel } from 'amqplib';
import type { BindingSpec, ExchangeSpec, Topology } from './topology.js';

/** Declares everything, also what is there already. Rejects, with the channel closed, when something differs. */
export async function declareTopology(channel: Channel, topology: Topology): Promise<void> {
  await Promise.all(topology.exchanges.map((exchange) => declareExchange(channel, exchange)));
  await Promise.all(
    topology.queues.map((queue) => channel.assertQueue(queue.name, { durable: true, arguments: queue.arguments })),
  );
  await Promise.all(topology.bindings.map((binding) => bind(channel, binding)));
}

/** Declares the delayed exchange, on a broker that is known to have the plugin. */
export async function declarePlugin(channel: Channel, { plugin }: Topology): Promise<void> {
  await declareExchange(channel, plugin.exchange);
  await bind(channel, plugin.binding);
}

const declareExchange = (channel: Channel, exchange: ExchangeSpec) =>
  channel.assertExchange(exchange.name, exchange.type, { durable: true, arguments: exchange.arguments });

const bind = (channel: Channel, { from, to, toKind, key }: BindingSpec) =>
  toKind === 'queue' ? channel.bindQueue(to, from, key) : channel.bindExchange(to, from, key);
