import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { socketOptions } from './link.js';

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
