import type { Checkpoint } from '../../ports/checkpoint.js';
import type { Log } from '../../ports/log.js';
import type { Store } from '../../ports/store.js';
import type { Tally } from '../../tally.js';
import type { CommitEvents } from '../commit-events.js';
import { matches } from './matching.js';
import type { Beyond, ClaimedMessage, MessageRecord, MessageStore, WaitRecord } from './message-store.js';

/** How long a message may be claimed before somebody else asks what became of it. */
const CLAIM_MS = 30_000;
/** What is this much older than the last round was looked for by whoever wrote it, and by that round. */
const OVERLAP_MS = 60_000;
const PAGE = 500;
/** How often waits are read anew for a message, if those that were there are over when it is handed to them. */
const ROUNDS = 5;

export interface CorrelateParts {
  readonly messages: MessageStore;
  readonly store: Store;
  readonly commits: CommitEvents;
  readonly log: Log;
  readonly tally: Tally;
  readonly checkpoint: Checkpoint;
  /** Whether messages of the name start something: then nobody need wait for them. */
  readonly starts: (name: string) => boolean;
}

/**
 * Brings messages to the waits that they are for. A message is set aside for one wait, then the wait's instance
 * decides; the message is used up in the transaction that goes on with it, so it is used once.
 */
export class Correlate {
  private from = 0;
  /** They are over: with the message that they were handed, or before. */
  private readonly spent = new WeakSet<WaitRecord>();
  private readonly looking = new Set<Promise<void>>();

  constructor(private readonly parts: CorrelateParts) {}

  /** The waits are committed: what came before them is looked for. What fails here is found by the loop. */
  after(beyonds: readonly Beyond[]): void {
    const waits = beyonds.flatMap(({ opened }) => opened);
    if (waits.length === 0) return;
    const looking = this.lookFor(waits).catch((fault: unknown) => {
      this.parts.log.warn('Messages could not be looked for; the next round does.', { fault: String(fault) });
    });
    this.looking.add(looking);
    void looking.finally(() => this.looking.delete(looking));
  }

  /** Resolves when nothing is being looked for. */
  async idle(): Promise<void> {
    await Promise.all(this.looking);
  }

  /** Offers a message to the waits that it matches, the oldest first; answers the one that took it. */
  async offer(message: MessageRecord): Promise<WaitRecord | null> {
    for (let round = 0; round < ROUNDS; round++) {
      const waits = await this.parts.messages.waitsFor([message]);
      const taker = await this.offerTo(message, waits);
      // One that was over may have opened another meanwhile, which could not find the message: it was set aside.
      if (taker || !waits.some((wait) => this.spent.has(wait))) return taker;
    }
    return null;
  }

  /** What was missed: by a process that died between its commit and its look, or while it had a message claimed. */
  async execute(): Promise<void> {
    const { messages } = this.parts;
    const { now, claimedAt, writtenAt, expiresAt } = await messages.outstanding();
    if (claimedAt !== null && claimedAt <= now - CLAIM_MS) {
      for (const claimed of await messages.claimedFor(CLAIM_MS, PAGE)) await this.askAgain(claimed);
    }
    if (writtenAt !== null && writtenAt >= this.from) await this.lookAgain();
    this.from = now - OVERLAP_MS;
    if (expiresAt !== null && expiresAt <= now) await this.expire();
  }

  /** For both sides of what was written since the last round. */
  private async lookAgain(): Promise<void> {
    const { messages } = this.parts;
    for (let from = this.from; ; ) {
      const page = await messages.recent(from, PAGE);
      if (page.messages.length > 0) {
        const waits = await messages.waitsFor(page.messages);
        for (const message of page.messages) await this.offerTo(message, waits);
      }
      if (page.waits.length > 0) await this.lookFor(page.waits);
      const last = lastOf(page);
      if (last === null) return;
      from = Math.max(last, from + 1);
    }
  }

  private async lookFor(waits: readonly WaitRecord[]): Promise<void> {
    const found = await this.parts.messages.messagesFor(waits);
    for (const message of found) await this.offerTo(message, waits);
  }

  private async offerTo(message: MessageRecord, waits: readonly WaitRecord[]): Promise<WaitRecord | null> {
    for (const wait of waits) {
      if (this.spent.has(wait) || !matches(wait, message)) continue;
      if (!(await this.parts.messages.claim(message.id, wait))) return null;
      this.parts.checkpoint.reach('message.claimed');
      this.spent.add(wait);
      if (await this.hand(message, wait)) return wait;
    }
    return null;
  }

  /** True when the message is used up. */
  private async hand(message: MessageRecord, wait: WaitRecord): Promise<boolean> {
    const { instance, flow, version, node, visit } = wait;
    const { id, payload } = message;
    const event = { type: 'message.received', at: 0, node, visit, message: id, payload } as const;
    const outcome = await this.parts.commits.execute({ instance, flow, version, event });
    if (outcome.type === 'applied') {
      this.parts.tally.count('message.taken');
      return true;
    }
    if (outcome.type === 'rejected') this.parts.tally.count(`rejected.${outcome.rejection.reason}`);
    await this.parts.messages.forget(wait);
    // Not to be released any more: it was taken by an earlier try whose answer was lost.
    return !(await this.parts.messages.release(id, wait));
  }

  private async askAgain({ by, ...message }: ClaimedMessage): Promise<void> {
    this.parts.tally.count('message.asked-again');
    if (!(await this.hand(message, by))) await this.offer(message);
  }

  /** Nobody took it in time: it is kept where people can read it. */
  private async expire(): Promise<void> {
    const { messages, store, tally, starts } = this.parts;
    for (;;) {
      const expired = await messages.expired(PAGE);
      for (const { id, name, payload } of expired) {
        if (starts(name)) continue;
        const body = JSON.stringify(payload);
        await store.quarantine({
          source: 'message',
          code: 'NOBODY_WAITED',
          reason: `Expected somebody to wait for the message '${name}' while it was kept, but nobody did.`,
          exchange: '',
          routingKey: name,
          headers: {},
          body,
          encoding: 'utf8',
          size: body.length,
          sha256: id,
        });
        tally.count('message.expired');
      }
      await messages.remove(expired.map(({ id }) => id));
      if (expired.length < PAGE) return;
    }
  }
}

/** The time to go on from; `null` when both were read to the end. */
function lastOf(page: {
  readonly messages: readonly MessageRecord[];
  readonly waits: readonly WaitRecord[];
}): number | null {
  const full = [
    ...(page.messages.length < PAGE ? [] : [page.messages.at(-1)?.receivedAt ?? 0]),
    ...(page.waits.length < PAGE ? [] : [page.waits.at(-1)?.openedAt ?? 0]),
  ];
  return full.length === 0 ? null : Math.min(...full);
}
