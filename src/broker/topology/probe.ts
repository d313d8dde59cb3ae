import { randomUUID } from 'node:crypto';
import { type Channel, connect } from 'amqplib';
import type { Config } from '../../config/config.js';
import type { Log } from '../../engine/ports/log.js';
import { chooseDriver, type DelayDriver } from '../delay.js';
import { socketOptions } from '../link.js';
import { declarePlugin } from './declare.js';
import type { Topology } from './topology.js';

/** What a broker without the plugin answers: 503 up to 3.13.2, 406 since. */
const UNKNOWN_EXCHANGE_TYPE = new Set([503, 406]);

/**
 * Asks whether the broker has the delayed-message plugin, by declaring an exchange of its type. On a connection of
 * its own, since older brokers answer no by closing it. Any other trouble is thrown: taking it for a no would change
 * how delays are kept because a network hiccuped.
 */
export async function hasDelayPlugin(url: string, prefix: string): Promise<boolean> {
  const connection = await connect(url, socketOptions('probe'));
  let code: number | undefined;
  const remember = (error: Error & { code?: number }) => {
    code ??= error.code;
  };
  connection.on('error', remember);
  try {
    const channel = await connection.createChannel();
    channel.on('error', remember);
    const name = `${prefix}.probe.${randomUUID()}`;
    await channel.assertExchange(name, 'x-delayed-message', {
      durable: false,
      arguments: { 'x-delayed-type': 'fanout' },
    });
    // By hand, as an exchange that never had a binding does not delete itself.
    await channel.deleteExchange(name);
    return true;
  } catch (error) {
    remember(error as Error & { code?: number });
    if (code !== undefined && UNKNOWN_EXCHANGE_TYPE.has(code)) return false;
    throw error;
  } finally {
    await connection.close().catch(() => {});
  }
}

/** Who keeps the delays on the broker of this connection. What the driver needs there is declared. */
export async function settleDriver(
  url: string,
  channel: Channel,
  topology: Topology,
  { wanted, log }: { readonly wanted: Config['delay']; readonly log: Log },
): Promise<DelayDriver> {
  const asked = wanted === 'auto' || wanted === 'plugin';
  const found = asked && (await hasDelayPlugin(url, topology.prefix));
  if (found) await declarePlugin(channel, topology);
  if (wanted === 'plugin' && !found) {
    log.warn('Expected the delayed-message plugin on the broker, but it has none. The ladder keeps the delays.');
  }
  return chooseDriver(wanted, found);
}
