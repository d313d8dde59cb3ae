import { type Bound, type Refusal, saidOf, waitOf } from '../../../core/routing/limits/bound.js';
import { overBudget } from '../../../core/routing/limits/retries.js';
import type { Routable } from '../../../core/routing/opinion.js';
import { POLICY } from '../../../core/routing/policy.js';
import type { Rule } from '../../../core/routing/rules.js';
import { share } from '../../../core/share.js';
import type { OutgoingEvent } from '../../ports/broker.js';
import type { Cancel, Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import { BudgetNews } from './budget-news.js';
import type { LimitStore } from './limit-store.js';
import { RetryBudget } from './retry-budget.js';

const { leaseMs, renewMs, unusedMs, recentMs, awayMs } = POLICY.limit;

/** Places that a message has while it runs. */
export interface Places {
  readonly bounds: readonly Bound[];
}

/** Why a message may not run now. */
export interface TurnedAway {
  readonly code: 'limit.max' | 'limit.rate' | 'limit.retries' | 'limit.unknown';
  readonly said: string;
  readonly waitMs: number;
}

export interface LimitsAround {
  readonly clock: Clock;
  readonly log: Log;
  /** Tells the outside; left out: nobody listens. */
  readonly announce?: (events: readonly OutgoingEvent[]) => Promise<unknown>;
}

interface Asking {
  readonly bounds: readonly Bound[];
  readonly id: string;
  readonly answer: (answer: Places | TurnedAway) => void;
}

/**
 * Keeps limits and rates that count over all engines. Whoever asks while a transaction is under way goes into the next one, so
 * that under load many messages share one.
 */
export class Limits {
  private readonly held = new Map<string, number>();
  /** Keys of which places were given back since the last transaction. */
  private readonly given = new Set<string>();
  private readonly turned = new Map<string, { since: number; count: number }>();
  private asking: Asking[] = [];
  private working: Promise<void> | null = null;
  private renewing: Cancel | null = null;
  private stopped = false;
  private readonly retries: RetryBudget;
  private readonly spent = new BudgetNews();

  constructor(
    private readonly store: LimitStore,
    private readonly engine: string,
    private readonly around: LimitsAround,
  ) {
    this.retries = new RetryBudget(() => around.clock.now());
  }

  /** Counts a call by each rule that keeps retries to a share; answers why a retry may not run. */
  retry(rules: readonly Rule[], { subject, attempt, id }: Routable): TurnedAway | null {
    for (const { code, retryShare } of rules) {
      if (retryShare === undefined || subject === null) continue;
      const key = `${code} ${subject}`;
      if (this.retries.take(key, attempt > 1, retryShare)) continue;
      const waitMs = Math.ceil(POLICY.retries.waitMs * (1 + share(id) / 2));
      const calls = this.retries.of(key);
      const news = this.spent.of({ rule: code, subject, share: retryShare, ...calls }, this.around.clock.now());
      if (news.length > 0) void this.around.announce?.(news);
      return { code: 'limit.retries', said: overBudget(calls, subject, retryShare), waitMs };
    }
    return null;
  }

  /** @param id of the node instance; decides how its waiting is spread. */
  take(bounds: readonly Bound[], id: string): Promise<Places | TurnedAway> {
    return new Promise((answer) => {
      this.asking.push({ bounds, id, answer });
      this.work();
    });
  }

  /** A message that had places has ended. */
  leave({ bounds }: Places): void {
    for (const { key, type } of bounds) {
      if (type === 'rate') continue;
      this.held.set(key, Math.max(0, (this.held.get(key) ?? 1) - 1));
      this.given.add(key);
    }
    if (this.given.size > 0) this.work();
  }

  /** Resolves when what was given back is written, or could not be: then it counts no more when its lease ends. */
  async stop(): Promise<void> {
    this.renewing?.();
    this.renewing = null;
    for (let tries = 0; this.working && tries < 3; tries++) await this.working;
    this.stopped = true;
  }

  private work(): void {
    this.working ??= this.rounds().finally(() => {
      this.working = null;
      if (!this.stopped && (this.asking.length > 0 || this.given.size > 0)) this.work();
    });
  }

  private async rounds(): Promise<void> {
    // What comes in the same turn goes together.
    await Promise.resolve();
    const asking = this.asking;
    this.asking = [];
    const keys = new Set([...this.given, ...asking.flatMap(({ bounds }) => bounds.map(({ key }) => key))]);
    this.given.clear();
    const held = new Map([...keys].map((key) => [key, this.held.get(key) ?? 0]));
    try {
      const wanted = asking.map(({ bounds }) => bounds);
      const answers = await this.store.exchange({ engine: this.engine, held, wanted, leaseMs });
      for (const [at, one] of asking.entries()) this.answer(one, answers[at] ?? null);
    } catch (fault) {
      for (const key of keys) this.given.add(key);
      const away: TurnedAway = { code: 'limit.unknown', said: 'nobody knows how many run', waitMs: awayMs };
      for (const { answer } of asking) answer(away);
      this.around.log.warn('Limits could not be asked for; what has one waits.', { fault: String(fault) });
      await new Promise<void>((wake) => this.around.clock.schedule(awayMs, wake));
    }
    for (const [key, count] of this.held) if (count === 0 && !this.given.has(key)) this.held.delete(key);
    if (this.held.size > 0 && !this.stopped) this.renewLater();
  }

  private answer({ bounds, id, answer }: Asking, refusal: Refusal | null): void {
    if (refusal === null) {
      for (const { key, type } of bounds) if (type === 'limit') this.held.set(key, (this.held.get(key) ?? 0) + 1);
      answer({ bounds });
      return;
    }
    const { bound } = refusal;
    const waitMs = waitOf(refusal, this.turnedOf(bound.key), share(id));
    answer({ code: bound.type === 'limit' ? 'limit.max' : 'limit.rate', said: saidOf(bound), waitMs });
  }

  /** How many of a key were turned away of late, not counting this one, which is counted from now on. */
  private turnedOf(key: string): number {
    const now = this.around.clock.now();
    const known = this.turned.get(key);
    const before = known && now - known.since < recentMs ? known : { since: now, count: 0 };
    this.turned.set(key, { since: before.since, count: before.count + 1 });
    return before.count;
  }

  private renewLater(): void {
    this.renewing ??= this.around.clock.schedule(renewMs, () => {
      this.renewing = null;
      for (const key of this.held.keys()) this.given.add(key);
      this.turned.clear();
      this.work();
      void this.store.tidy(unusedMs).catch(() => {});
    });
  }
}
