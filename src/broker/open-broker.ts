import type { Config } from '../config/config.js';
import type { Log } from '../engine/ports/log.js';
import { RabbitBroker } from './rabbit-broker.js';

export type BrokerConfig = Pick<Config, 'brokerUrl' | 'topologyPrefix' | 'delay' | 'lanes'>;

/** The broker on RabbitMQ. It connects when its `open` is called. Throws without an address. */
export function openBroker(config: BrokerConfig, log: Log): RabbitBroker {
  const { brokerUrl, topologyPrefix, delay, lanes } = config;
  if (brokerUrl === null) {
    throw new Error("Expected the broker's address, but none is set. Set SLUICE_BROKER_URL=amqp://….");
  }
  return new RabbitBroker({ url: brokerUrl, prefix: topologyPrefix, delay, lanes }, log);
}
