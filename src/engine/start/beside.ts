import type { Beyond } from '../commit/messages/message-store.js';
import { Messaging } from '../commit/messages/messaging.js';
import { Withdrawals } from '../intake/work/withdrawals.js';
import type { Checkpoint } from '../ports/checkpoint.js';
import type { Store } from '../ports/store.js';
import { DeliverSignals, type DeliverSignalsParts } from './calls/deliver-signals.js';

export type BesideParts = Omit<DeliverSignalsParts, 'messages'> & {
  readonly store: Store;
  readonly checkpoint: Checkpoint;
};

/** What goes on between instances, and between them and the outside: messages, and words of calls. */
export class Beside {
  readonly messaging: Messaging;
  readonly signals: DeliverSignals;
  readonly withdrawals: Withdrawals;

  constructor(private readonly parts: BesideParts) {
    this.messaging = new Messaging(parts);
    this.withdrawals = new Withdrawals(parts.tally);
    this.signals = new DeliverSignals({ ...parts, messages: parts.store.messages });
  }

  /** What transitions did beside their instances is committed. */
  afterCommit(beyonds: readonly Beyond[]): void {
    this.messaging.afterCommit(beyonds);
    this.signals.after(beyonds);
    this.withdrawals.after(beyonds);
  }

  /** Resolves when everything offered is committed, and what follows from it elsewhere too. */
  async idle(): Promise<void> {
    await this.parts.commits.idle();
    await this.messaging.idle();
    await this.signals.idle();
  }
}
