import type { InstanceStatus } from '../../core/flow/instance.js';
import type { JsonObject } from '../../core/json.js';
import type { Draft } from '../commit/draft.js';
import type { Beyond } from '../commit/messages/message-store.js';
import type { Outbox } from '../commit/outbox.js';
import type { KnownInputs } from '../intake/known-inputs.js';
import type { Checkpoint } from '../ports/checkpoint.js';
import { type Changes, type StartAnswer, type Store, StoreUnavailable } from '../ports/store.js';
import type { Tally } from '../tally.js';

export interface StartOrder {
  readonly id: string;
  readonly flow: string;
  readonly key: string | null;
  readonly receipt: string | null;
  readonly input: JsonObject;
  /** The play that starts it. */
  readonly play?: string;
  readonly draft: (now: number) => Draft;
}

export interface StartOutcome {
  readonly id: string;
  readonly duplicate: boolean;
  /** It is another start's, with the same business key. */
  readonly byKey?: true;
  /** Of the new instance; a duplicate is told as running, its own page knows better. */
  readonly status: InstanceStatus;
  /** Resolves when the broker has been told of the instance's first work; never rejects. */
  readonly sent: Promise<void>;
}

interface Waiting {
  readonly order: StartOrder;
  readonly done: (outcome: StartOutcome) => void;
  readonly fail: (fault: unknown) => void;
}

/** A start as it was decided in the transaction, at its time. */
interface Made {
  readonly draft: Draft;
  readonly now: number;
  readonly beyond: Changes['beyond'];
}

/** Most starts in one transaction. */
const MOST = 100;

export interface StartBatchesParts {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly knownInputs: KnownInputs;
  readonly tally: Tally;
  readonly checkpoint: Checkpoint;
  readonly afterCommit: (beyonds: readonly Beyond[]) => void;
}

/** Stores starts many at a time; they never share a transaction with completions. */
export class StartBatches {
  private waiting: Waiting[] = [];
  private running = false;

  constructor(private readonly parts: StartBatchesParts) {}

  execute(order: StartOrder): Promise<StartOutcome> {
    return new Promise((done, fail) => {
      this.waiting.push({ order, done, fail });
      if (this.running) return;
      this.running = true;
      queueMicrotask(() => void this.run());
    });
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) await this.keep(this.waiting.splice(0, MOST));
    this.running = false;
  }

  private async keep(batch: readonly Waiting[]): Promise<void> {
    const drafts = new Map<string, Made>();
    try {
      const answers = await this.parts.store.start(
        batch.map(({ order: { id, flow, key, receipt, input, play, draft } }) => ({
          id,
          flow,
          key,
          receipt,
          input,
          ...(play !== undefined && { play }),
          decide: (now) => {
            const made = draft(now);
            const changes = made.changes();
            drafts.set(id, { draft: made, now, beyond: changes.beyond });
            return changes;
          },
        })),
      );
      this.afterCommit(batch, answers, drafts);
    } catch (fault) {
      await this.refused(batch, fault);
    }
  }

  private afterCommit(
    batch: readonly Waiting[],
    answers: readonly StartAnswer[],
    drafts: ReadonlyMap<string, Made>,
  ): void {
    const { outbox, knownInputs, tally, checkpoint } = this.parts;
    const won = answers.filter(({ duplicate }) => !duplicate).flatMap(({ id }) => drafts.get(id) ?? []);
    tally.count('start.stored', won.length);
    tally.count('start.duplicate', answers.length - won.length);
    if (won.length > 0) checkpoint.reach('start.stored');
    // Known before the first step is delivered, which may be at once.
    for (const [at, { order }] of batch.entries()) if (!answers[at]?.duplicate) knownInputs.put(order.id, order.input);
    const beyonds = won.flatMap(({ beyond }) => beyond ?? []);
    if (beyonds.length > 0) this.parts.afterCommit(beyonds);
    // Not awaited here: the instances are stored, and that is what the caller is promised.
    const sent = outbox.send(
      won.flatMap(({ draft, now }) => draft.outgoing(now)),
      won.flatMap(({ draft }) => [draft.startedNews(), ...draft.news()]),
    );
    batch.forEach(({ order, done }, at) => {
      const answer = answers[at] as StartAnswer;
      const { duplicate } = answer;
      done({
        ...answer,
        sent,
        status: duplicate ? 'running' : (drafts.get(order.id)?.draft.changes().instance.status ?? 'running'),
      });
    });
  }

  /** One start whose data the database refuses must not fail its neighbours: halves find it. */
  private async refused(batch: readonly Waiting[], fault: unknown): Promise<void> {
    if (fault instanceof StoreUnavailable || batch.length === 1) {
      for (const { fail } of batch) fail(fault);
      return;
    }
    const middle = batch.length >> 1;
    await this.keep(batch.slice(0, middle));
    await this.keep(batch.slice(middle));
  }
}
