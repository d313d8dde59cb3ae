import type { Consumer, OutgoingTask, ReplyDelivery } from '../../src/engine/ports/broker.js';
import { MemoryBroker } from '../../src/memory/memory-broker.js';
import { EngineBench } from './bench.js';

/** What became of an answer that was sent. */
interface Settled {
  acked: number;
  released: number;
}

/** A broker that also reaches workers outside, which a test plays by hand. */
export class OutsideBroker extends MemoryBroker {
  readonly tasks: OutgoingTask[] = [];
  /** Whether it takes tasks. */
  takes = true;
  private onReply: ((delivery: ReplyDelivery) => void) | undefined;

  override reachesWorkers(): boolean {
    return true;
  }

  override async hand(tasks: readonly OutgoingTask[]): Promise<readonly boolean[]> {
    if (this.takes) this.tasks.push(...tasks);
    return tasks.map(() => this.takes);
  }

  override async consumeReplies(_: number, on: (delivery: ReplyDelivery) => void): Promise<Consumer> {
    this.onReply = on;
    return { stop: async () => {} };
  }

  /** What the worker of that task got. */
  body(index: number): any {
    return JSON.parse(new TextDecoder().decode(this.tasks[index]?.body));
  }

  /** Answers the task of that number; `raw` says otherwise. */
  answer(index: number, reply: object, raw: Partial<ReplyDelivery> = {}): Settled {
    const settled = { acked: 0, released: 0 };
    const { idempotencyKey } = this.body(index);
    this.onReply?.({
      correlationId: this.tasks[index]?.correlationId ?? null,
      body: new TextEncoder().encode(JSON.stringify({ idempotencyKey, ...reply })),
      contentType: 'application/json',
      contentEncoding: null,
      headers: {},
      exchange: '',
      routingKey: 'sluice.replies',
      redelivered: false,
      ack: () => void settled.acked++,
      release: () => void settled.released++,
      ...raw,
    });
    return settled;
  }
}

export class OutsideBench extends EngineBench {
  override readonly broker = new OutsideBroker(this.clock);
}
