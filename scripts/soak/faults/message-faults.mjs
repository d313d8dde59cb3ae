// What happens to messages and to what holds them.
import { connect } from 'amqplib';
import { pause } from '../../../test/support/servers/processes.mjs';
import { until } from './proof.mjs';

const LANES = ['normal', 'fast', 'retry'];
const RUNGS_MS = [250, 500, 1_000];
const QUEUES = [...LANES.map((lane) => `lane.${lane}`), ...RUNGS_MS.map((ms) => `delay.${ms}`)];
/** Most looks for a queue that is not empty: engines take what there is at once. */
const LOOKS = 500;
const TRIES = 4;
/** How long engines may take to declare anew what was deleted. */
const BACK_MS = 30_000;
/**
 * RabbitMQ 3.10, killed within some two seconds after a quorum queue was declared, comes back with a queue that has a
 * name and no process. No broker fault may follow that soon.
 */
const SETTLED_MS = 5_000;
const KINDS = { task: 'task', timer: 'timer' };

export const MESSAGE_FAULTS = [
  {
    kind: 'duplicate messages',
    weight: 3,
    needs: 'broker',
    async run({ place, chance, flows }) {
      const [rows] = await place.database.query(
        `SELECT n.instance AS i, i.flow AS f, i.version AS d, n.node AS n, n.visit AS s, n.attempt AS a, n.dispatch AS x,
           n.lane AS l, COALESCE(n.wake_at, n.started_at) AS w
         FROM node_instance n JOIN instance i ON i.id = n.instance
         WHERE n.lane IS NOT NULL AND i.id IN (SELECT id FROM (SELECT id FROM instance ORDER BY id DESC LIMIT 60) AS latest)`,
      );
      const sent = chance.shuffle(rows).slice(0, chance.int(1, 50));
      return onChannel(place, async (channel) => {
        for (const row of sent) {
          const kind = flows.isTimer(row.f, row.d, row.n) ? KINDS.timer : KINDS.task;
          const message = { v: 1, ...row, w: Number(row.w), k: kind, h: kind === 'task' ? 'soak.task' : null };
          channel.sendToQueue(`${place.prefix}.lane.${row.l}`, Buffer.from(JSON.stringify(message)), {
            contentType: 'application/json',
            persistent: true,
            messageId: `${row.i}.${row.n}.${row.s}:${row.a}:${row.x}`,
          });
        }
        await channel.waitForConfirms();
        return sent.length > 0 ? `${sent.length} dispatches, confirmed` : null;
      });
    },
  },
  {
    kind: 'shuffle a queue',
    weight: 2,
    needs: 'broker',
    run: ({ place, chance }) =>
      onChannel(place, async (channel) => {
        for (let tries = 0; tries < LOOKS; tries++) {
          const queue = `${place.prefix}.${chance.pick(QUEUES)}`;
          const taken = [];
          for (let message = await channel.get(queue); message; message = await channel.get(queue)) {
            taken.push(message);
            if (taken.length === 50) break;
          }
          // Through the rung's own exchange, which is named like it: the routing key is where the message goes next.
          for (const { content, properties, fields } of chance.shuffle(taken)) {
            if (queue.includes('.delay.')) channel.publish(queue, fields.routingKey, content, properties);
            else channel.sendToQueue(queue, content, properties);
          }
          await channel.waitForConfirms();
          for (const message of taken) channel.ack(message);
          if (taken.length > 0) return `${taken.length} messages of ${queue}`;
          await pause(25);
        }
        return null;
      }),
  },
  {
    kind: 'purge a queue',
    weight: 1,
    needs: 'broker',
    run: ({ place, chance }) =>
      onChannel(place, async (channel) => {
        for (let tries = 0; tries < LOOKS; tries++) {
          const queue = `${place.prefix}.${chance.pick(QUEUES)}`;
          const { messageCount } = await channel.purgeQueue(queue);
          if (messageCount > 0) return `${messageCount} messages of ${queue}`;
          await pause(25);
        }
        return null;
      }),
  },
  {
    kind: 'delete a queue',
    weight: 1,
    needs: 'broker',
    run: ({ place, chance }) =>
      onChannel(place, async (channel) => {
        const queue = `${place.prefix}.lane.${chance.pick(LANES)}`;
        await channel.checkQueue(queue);
        const { messageCount } = await channel.deleteQueue(queue);
        const isBack = await until(() => exists(place, (other) => other.checkQueue(queue)), BACK_MS);
        await pause(SETTLED_MS);
        return `${queue} with ${messageCount} messages; ${isBack ? 'declared anew' : `not back within ${BACK_MS} ms`}`;
      }),
  },
  {
    kind: 'delete an exchange',
    weight: 1,
    needs: 'broker',
    run: ({ place }) =>
      onChannel(place, async (channel) => {
        const exchange = `${place.prefix}.dispatch`;
        await channel.checkExchange(exchange);
        await channel.deleteExchange(exchange);
        // Engines look for it, and make the rungs anew with it.
        const isBack = await until(() => exists(place, (other) => other.checkExchange(exchange)), BACK_MS);
        await pause(SETTLED_MS);
        return `${exchange}; ${isBack ? 'declared anew' : `not back within ${BACK_MS} ms`}`;
      }),
  },
];

/** Works on a channel of its own; when that is closed, because a queue is not there at the moment, once more. */
async function onChannel({ brokerUrl }, work) {
  for (let tries = 1; ; tries++) {
    const connection = await connect(brokerUrl, { timeout: 5_000 });
    connection.on('error', () => {});
    try {
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => {});
      return await work(channel);
    } catch (fault) {
      if (tries === TRIES) throw fault;
    } finally {
      await connection.close().catch(() => {});
    }
    await pause(2_000);
  }
}

async function exists({ brokerUrl }, look) {
  const connection = await connect(brokerUrl, { timeout: 5_000 });
  connection.on('error', () => {});
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => {});
    return Boolean(await look(channel));
  } finally {
    await connection.close().catch(() => {});
  }
}
