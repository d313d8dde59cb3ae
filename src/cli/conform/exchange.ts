import { createHash, randomUUID } from 'node:crypto';
import type { JsonObject } from '../../core/json.js';
import type { DispatchMessage, OutgoingTask } from '../../engine/ports/broker.js';
import { type Reply, readReply } from '../../engine/remote/read-reply.js';
import { writeTask } from '../../engine/remote/write-task.js';
import type { ConformOrder, Wire, WiredReply } from './wire.js';

/** How long after an answer a second one would be noticed. */
const SECOND_ANSWER_MS = 300;

/** What a worker did with one task. */
export interface Heard {
  readonly idempotencyKey: string;
  /** The answer that ended it; `null` when none came in time. */
  readonly final: Reply | null;
  readonly heartbeats: number;
  /** What was wrong with any of its answers. */
  readonly faults: readonly string[];
}

/** Exchanges with a worker: tasks as an engine writes them, and what comes back for each. */
export class Exchange {
  constructor(
    private readonly wire: Wire,
    private readonly order: ConformOrder,
  ) {}

  /** A task with a key of its own, exactly as an engine would send it. */
  task(input: JsonObject = this.order.input, more: JsonObject = {}): OutgoingTask & { readonly key: string } {
    const message: DispatchMessage = {
      instance: randomUUID(),
      flow: 'conform',
      version: 1,
      node: 'conform',
      visit: 1,
      attempt: 1,
      dispatch: 1,
      kind: 'task',
      handler: this.order.task,
      lane: 'normal',
      wakeAt: Date.now(),
    };
    const { task: handler, timeoutMs } = this.order;
    const sent = { polls: 0, sentAt: Date.now(), probe: false };
    const task = writeTask(message, { handler, with: null, timeoutMs }, input, sent, sha256);
    const key = `${message.instance}.conform.1`;
    if (Object.keys(more).length === 0) return { ...task, key };
    const body = { ...(JSON.parse(new TextDecoder().decode(task.body)) as JsonObject), ...more };
    return { ...task, key, body: new TextEncoder().encode(JSON.stringify(body)) };
  }

  /** Sends tasks together and listens till each has its answer, or time is up. */
  async with(tasks: readonly (OutgoingTask & { readonly key: string })[]): Promise<readonly Heard[]> {
    const heard = tasks.map(({ key }) => ({
      idempotencyKey: key,
      final: null as Reply | null,
      heartbeats: 0,
      faults: [] as string[],
    }));
    let wake = (): void => {};
    const stop = this.wire.hear((reply) => {
      const at = tasks.findIndex(({ correlationId }) => correlationId === reply.correlationId);
      const one = heard[at];
      if (!one) return;
      const read = readReply(reply);
      const faults = faultsOf(reply, read, one.idempotencyKey);
      one.faults.push(...faults);
      if (!read.ok) return;
      if (read.value.outcome === null) one.heartbeats++;
      else if (one.final) one.faults.push('It was answered twice.');
      else one.final = read.value;
      wake();
    });
    try {
      for (const task of tasks) await this.wire.send(task);
      const until = Date.now() + this.order.timeoutMs;
      while (heard.some(({ final }) => !final) && Date.now() < until) {
        await Promise.race([new Promise<void>((done) => (wake = done)), pause(Math.min(100, this.order.timeoutMs))]);
      }
      await pause(SECOND_ANSWER_MS);
      return heard;
    } finally {
      stop();
    }
  }

  async one(input: JsonObject, more: JsonObject = {}): Promise<Heard> {
    return (await this.with([this.task(input, more)]))[0] as Heard;
  }
}

function faultsOf(
  { persistent, contentType }: WiredReply,
  read: ReturnType<typeof readReply>,
  key: string,
): readonly string[] {
  const faults: string[] = [];
  if (!read.ok) faults.push(read.error.message);
  else if (read.value.idempotencyKey !== key)
    faults.push(`Expected the idempotency key '${key}', but got '${read.value.idempotencyKey}'.`);
  if (!persistent)
    faults.push('Expected a persistent message (delivery mode 2), but it is lost when the broker restarts.');
  if (contentType === null) faults.push('Expected the content type application/json, but none is given.');
  return faults;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const pause = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));
