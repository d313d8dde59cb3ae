import { committerOf } from './batch.js';
import { Committer, type CommitterParts } from './committer.js';
import type { Outcome, Pending } from './pending.js';

/** The one way in for events of running instances: each instance has its committer, so its events keep their order. */
export class CommitEvents {
  private readonly committers: readonly Committer[];

  constructor(parts: CommitterParts, committers: number) {
    this.committers = Array.from({ length: committers }, () => new Committer(parts));
  }

  offer(pending: Pending): void {
    (this.committers[committerOf(pending.instance, this.committers.length)] as Committer).offer(pending);
  }

  /** Offers and waits for what became of it. */
  execute(pending: Omit<Pending, 'settle'>): Promise<Outcome> {
    const { instance, flow, version, event } = pending;
    return new Promise((settle) => this.offer({ instance, flow, version, event, settle }));
  }

  get waiting(): number {
    return this.committers.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  get unconfirmed(): number {
    return this.committers.reduce((sum, { unconfirmed }) => sum + unconfirmed, 0);
  }

  async idle(): Promise<void> {
    await Promise.all(this.committers.map((committer) => committer.idle()));
  }
}
