import type { ChannelModel } from 'amqplib';
import type { OutgoingTask } from '../../engine/ports/broker.js';
import type { Log } from '../../engine/ports/log.js';
import { within } from '../link.js';
import type { PublishStream } from '../publish/publish-stream.js';
import type { Names } from '../topology/topology.js';
import { putTask } from './put-task.js';

/** What a worker may declare too: nothing but what every quorum queue has, so that both say the same. */
export const TASK_QUEUE = { durable: true, arguments: { 'x-queue-type': 'quorum' } } as const;

const DECLARE_TIMEOUT_MS = 5_000;
/** The queue is there, with other arguments. */
const PRECONDITION_FAILED = 406;

/**
 * The queues of remote workers, which come into being with the first task for them. They are declared on channels of
 * their own: RabbitMQ closes a channel on which a queue is declared with other arguments than it has, and what a
 * worker has declared is no reason to stop publishing.
 */
export class TaskQueues {
  readonly #known = new Map<string, Promise<boolean>>();

  constructor(
    private readonly names: Names,
    private readonly log: Log,
  ) {}

  /** Makes what queues are missing and publishes; answers per task whether its queue has it. Never rejects. */
  async hand(
    tasks: readonly OutgoingTask[],
    connection: ChannelModel | null,
    stream: PublishStream | null,
  ): Promise<readonly boolean[]> {
    if (!connection || !stream) return tasks.map(() => false);
    const queues = new Set(tasks.map(({ task }) => this.names.task(task)));
    await Promise.all([...queues].map((queue) => this.#one(connection, queue)));
    const answers = await stream.send(tasks, (task, to) => putTask(this.names, task, to));
    if (answers.includes(false)) this.forget();
    return answers;
  }

  /** After a new connection, or a message that no queue wanted: they may have been deleted. */
  forget(): void {
    this.#known.clear();
  }

  async #one(connection: ChannelModel, queue: string): Promise<void> {
    const known = this.#known.get(queue) ?? this.#declare(connection, queue);
    this.#known.set(queue, known);
    if (!(await known)) this.#known.delete(queue);
  }

  async #declare(connection: ChannelModel, queue: string): Promise<boolean> {
    let code: number | undefined;
    const remember = (error: Error & { code?: number }): void => {
      code ??= error.code;
    };
    try {
      const channel = await connection.createChannel();
      channel.on('error', remember);
      await within(
        DECLARE_TIMEOUT_MS,
        channel.assertQueue(queue, TASK_QUEUE).then(() => {}),
      );
      await channel.close();
      return true;
    } catch (error) {
      remember(error as Error & { code?: number });
      const reason = (error as Error).message;
      if (code === PRECONDITION_FAILED)
        this.log.warn(`Expected '${queue}' to be a plain quorum queue, but it is another; it is used as it is.`, {
          reason,
        });
      else this.log.warn(`Could not make the queue '${queue}'.`, { reason });
      return code === PRECONDITION_FAILED;
    }
  }
}
