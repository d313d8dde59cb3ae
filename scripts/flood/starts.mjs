// Usage: import { sendStarts, purgeLanes, readyInLanes } from './starts.mjs'      what the flood does to the broker
import amqp from 'amqplib';

/** Messages without a confirm at once. */
const WINDOW = 1_000;
const LANES = ['fast', 'normal', 'slow', 'retry', 'probe'];

/** Publishes so many start messages; resolves when the broker has confirmed all of them. */
export async function sendStarts({ url, prefix }, flow, count) {
  await onChannel(url, async (channel) => {
    for (let sent = 0; sent < count; ) {
      for (const end = Math.min(count, sent + WINDOW); sent < end; sent++) {
        const properties = { messageId: `flood-${sent}`, persistent: true, contentType: 'application/json' };
        channel.publish(`${prefix}.start`, flow, Buffer.from(JSON.stringify({ number: sent })), properties);
      }
      await channel.waitForConfirms();
    }
  });
}

/** Empties every lane; answers how many messages that were. */
export const purgeLanes = ({ url, prefix }) =>
  onChannel(url, async (channel) => {
    let gone = 0;
    for (const lane of LANES) gone += (await channel.purgeQueue(`${prefix}.lane.${lane}`)).messageCount;
    return gone;
  });

/** Messages that lie ready in all lanes together. */
export const readyInLanes = ({ url, prefix }) =>
  onChannel(url, async (channel) => {
    let ready = 0;
    for (const lane of LANES) ready += (await channel.checkQueue(`${prefix}.lane.${lane}`)).messageCount;
    return ready;
  });

async function onChannel(url, work) {
  const connection = await amqp.connect(url, { noDelay: true });
  try {
    return await work(await connection.createConfirmChannel());
  } finally {
    await connection.close();
  }
}
