import type { Beyond } from '../commit/messages/message-store.js';
import { Messaging } from '../commit/messages/messaging.js';
import type { DatabaseClock } from '../intake/database-clock.js';
import { Withdrawals } from '../intake/work/stops/withdrawals.js';
import type { Checkpoint } from '../ports/checkpoint.js';
import type { Store } from '../ports/store.js';
import { DeliverSignals, type DeliverSignalsParts } from './calls/deliver-signals.js';
import { FireTicks } from './triggers/fire-ticks.js';
import { FireTriggers, type FireTriggersParts } from './triggers/fire-triggers.js';
import { ForgetClaims } from './triggers/forget-claims.js';
import type { Triggers } from './triggers/triggers.js';

export type BesideParts = Omit<DeliverSignalsParts, 'messages'> & {
  readonly store: Store;
  readonly checkpoint: Checkpoint;
  readonly start: FireTriggersParts['start'];
  readonly databaseClock: DatabaseClock;
  readonly triggers: Triggers;
};

/** What goes on between instances, and between them and the outside: messages, and words of calls. */
export class Beside {
  readonly triggers: Triggers;
  readonly ticks: FireTicks;
  readonly forgetClaims: ForgetClaims;
  readonly messaging: Messaging;
  readonly signals: DeliverSignals;
  readonly withdrawals: Withdrawals;

  constructor(private readonly parts: BesideParts) {
    const { triggers } = parts;
    this.triggers = triggers;
    const fire = new FireTriggers(parts);
    this.ticks = new FireTicks({ ...parts, fire });
    this.forgetClaims = new ForgetClaims(parts.store, parts.tally);
    this.messaging = new Messaging({ ...parts, fire, starts: (name) => triggers.on(name).length > 0 });
    this.withdrawals = new Withdrawals(parts.tally);
    this.signals = new DeliverSignals({ ...parts, messages: parts.store.messages });
  }

  /** What transitions did beside their instances is committed. */
  afterCommit(beyonds: readonly Beyond[]): void {
    this.messaging.afterCommit(beyonds);
    this.signals.after(beyonds);
    this.withdrawals.after(beyonds);
  }

  /** Tells what triggers have counted here. */
  tellCounts(): Promise<void> {
    return this.triggers.tell(this.parts.store.triggers);
  }

  /** Resolves when everything offered is committed, and what follows from it elsewhere too. */
  async idle(): Promise<void> {
    await this.parts.commits.idle();
    await this.messaging.idle();
    await this.signals.idle();
    // What is counted is for people: a database that is away now is no reason to wait.
    await this.tellCounts().catch(() => {});
  }
}
