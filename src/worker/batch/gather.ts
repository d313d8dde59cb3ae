import DataLoader from 'dataloader';
import type { Cancel, Clock } from '../../engine/ports/clock.js';
import {
  answersTo,
  type BatchCall,
  type BatchHandler,
  type BatchOrder,
  type TaskHandler,
} from '../../engine/ports/handlers.js';

/** What one call has to do with the batches it was in. */
export interface InBatch {
  /** How long it has waited for others. */
  waitedMs: number;
  /** Batches of which it was the first. */
  led: number;
}

interface Waiting extends BatchCall {
  readonly since: number;
  readonly part: InBatch;
}

/**
 * Calls of one handler that come within a short time are one call of it. Each keeps its own time: one that is given up before the
 * handler is asked is left out, one that is given up later is answered for nobody, and the others notice nothing.
 */
export class Batches {
  private readonly open = new Map<string, Gathering>();

  constructor(private readonly clock: Clock) {}

  /** The handler of one call, asked together with that of others. `part` is told what became of it. */
  gathering(order: BatchOrder, many: BatchHandler, part: InBatch): TaskHandler {
    return (input, context) => {
      const { key } = order;
      let gathering = this.open.get(key);
      if (!gathering) {
        gathering = new Gathering(order, many, this.clock, () => this.open.delete(key));
        this.open.set(key, gathering);
      }
      return gathering.add({ input, context, since: this.clock.now(), part });
    };
  }
}

/** One batch while it comes together. */
class Gathering {
  private readonly loader: DataLoader<Waiting, unknown>;
  private waiting = 0;
  private ask: () => void = () => {};
  private timer: Cancel | null = null;

  constructor(
    private readonly order: BatchOrder,
    private readonly many: BatchHandler,
    private readonly clock: Clock,
    private readonly close: () => void,
  ) {
    this.loader = new DataLoader((calls) => this.answer(calls), {
      // Each call is an attempt of its own, equal or not: `cache` is for those that are equal.
      cache: false,
      maxBatchSize: order.max,
      batchScheduleFn: (ask) => {
        this.ask = ask;
        this.timer = clock.schedule(order.withinMs, () => this.go());
      },
    });
  }

  add(call: Waiting): Promise<unknown> {
    const answer = this.loader.load(call);
    if (++this.waiting >= this.order.max) this.go();
    return answer;
  }

  /** Whoever comes from now on is in the next batch. */
  private go(): void {
    this.timer?.();
    this.close();
    this.ask();
  }

  private async answer(waiting: readonly Waiting[]): Promise<unknown[]> {
    const now = this.clock.now();
    const calls = waiting.filter(({ context }) => !context.signal.aborted);
    const [first] = calls;
    // Nobody hears the answers of those who are gone.
    if (!first) return waiting.map(() => null);
    first.part.led++;
    for (const { part, since } of calls) part.waitedMs += now - since;
    const signal = whenAllAreAborted(calls.map(({ context }) => context.signal));
    const answers = await answersTo(
      calls.map(({ input, context }) => ({ input, context })),
      this.many,
      { signal },
    );
    const byCall = new Map(calls.map((call, at) => [call, answers[at]]));
    return waiting.map((call) => byCall.get(call) ?? null);
  }
}

function whenAllAreAborted(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController();
  let left = signals.length;
  const abort = (): void => {
    if (--left === 0) all.abort(signals.at(-1)?.reason);
  };
  for (const signal of signals) signal.addEventListener('abort', abort, { once: true });
  return all.signal;
}
