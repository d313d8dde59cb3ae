import type { OutgoingTask } from '../../engine/ports/broker.js';
import type { Puts } from '../publish/publish-stream.js';
import type { Names } from '../topology/topology.js';

/** RabbitMQ refuses longer lifetimes. */
const LONGEST_MS = 2 ** 32 - 1;

/** Puts a task straight into its queue, to be answered to the queue of replies. */
export function putTask(names: Names, task: OutgoingTask, to: Puts): void {
  const { correlationId, messageId, body, headers, expiresMs } = task;
  to.put('', names.task(task.task), Buffer.from(body), {
    messageId,
    correlationId,
    replyTo: names.replies,
    type: 'sluice.task',
    contentType: 'application/json',
    persistent: true,
    mandatory: true,
    expiration: String(Math.min(LONGEST_MS, Math.max(1, Math.ceil(expiresMs)))),
    headers,
  });
}
