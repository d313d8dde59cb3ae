import { ON_TIME_MS, ticksToStart } from '../../../core/definition/starting/ticks.js';
import type { Trigger } from '../../../core/definition/starting/trigger.js';
import type { DatabaseClock } from '../../intake/database-clock.js';
import type { Identity } from '../../ports/identity.js';
import type { Store } from '../../ports/store.js';
import type { FireTriggers } from './fire-triggers.js';
import type { Triggers } from './triggers.js';

/** How long a tick waits while the lanes are full. */
const BUSY_MS = 1_000;
/** The database's clock is estimated: what comes a little early is asked again. */
const EARLY_MS = 25;

export interface FireTicksParts {
  readonly triggers: Triggers;
  readonly store: Store;
  readonly fire: Pick<FireTriggers, 'tick'>;
  readonly identity: Identity;
  readonly databaseClock: DatabaseClock;
}

/** A trigger that ticks, and what this engine knows of it. */
interface Clockwork {
  readonly trigger: Trigger;
  /** Fingerprint of its expression and zone. */
  readonly rule: string;
  /** Since when this engine has it in force; database time. */
  readonly since: number;
  /** When it is to be asked again. */
  nextAt: number;
}

/**
 * Starts what ticks start. Every engine does so: a start has an identity made of the trigger and the tick, so that of many engines
 * one starts it, and only when it is stored is the tick told to be done. Who dies in between leaves the tick to the next round of
 * any engine, which finds what was started.
 */
export class FireTicks {
  private followed: readonly Trigger[] | null = null;
  private clockworks: readonly Clockwork[] = [];

  constructor(private readonly parts: FireTicksParts) {}

  /** Asks the database nothing while nothing is due. */
  async execute(): Promise<void> {
    const { triggers, databaseClock, store } = this.parts;
    if (triggers.ticking !== this.followed) await this.follow(triggers.ticking);
    const due = this.clockworks.filter(({ nextAt }) => nextAt <= databaseClock.now());
    if (due.length === 0) return;
    const now = await store.now();
    databaseClock.read(now);
    const cursors = await store.triggers.cursors(due.map(({ trigger: { code }, rule }) => ({ trigger: code, rule })));
    for (const one of due) {
      const cursor = cursors.get(one.trigger.code);
      // Under another rule the row tells how far that one was: what this rule says counts since it is in force.
      const known = cursor?.doneAt ?? now;
      await this.fire(one, cursor?.rule === one.rule ? known : Math.max(known, one.since), now);
    }
  }

  /** How long nothing is to be done; `null`: for ever, or until other triggers are in force. */
  soonMs(): number | null {
    if (this.clockworks.length === 0) return null;
    const next = Math.min(...this.clockworks.map(({ nextAt }) => nextAt));
    if (next === Infinity) return null;
    return Math.max(EARLY_MS, next - this.parts.databaseClock.now());
  }

  private async fire(one: Clockwork, after: number, now: number): Promise<void> {
    const { trigger, rule } = one;
    if (!trigger.cron) return;
    const ticks = ticksToStart(trigger.cron, after, now);
    for (const tick of ticks) {
      const answer = await this.parts.fire.tick(trigger, tick, now - tick > ON_TIME_MS);
      if (answer.ok) continue;
      one.nextAt = now + BUSY_MS;
      return;
    }
    // The clock of a database that took over may be behind: what was done stays done.
    const doneAt = Math.max(after, now);
    const hasTicked = (trigger.cron.rule.next(after) ?? Infinity) <= now;
    if (hasTicked) await this.parts.store.triggers.tickedTo({ trigger: trigger.code, rule, doneAt });
    one.nextAt = trigger.cron.rule.next(doneAt) ?? Infinity;
  }

  /** Other triggers are in force. What ticks as before goes on as before. */
  private async follow(ticking: readonly Trigger[]): Promise<void> {
    const now = ticking.length === 0 ? 0 : await this.parts.store.now();
    const before = new Map(this.clockworks.map((one) => [one.rule, one]));
    this.clockworks = ticking.map((trigger) => {
      const rule = this.ruleOf(trigger);
      return { trigger, rule, since: before.get(rule)?.since ?? now, nextAt: 0 };
    });
    this.followed = ticking;
  }

  private ruleOf({ code, cron }: Trigger): string {
    const text = `${code}\n${cron?.rule.text}\n${cron?.rule.zone}`;
    return this.parts.identity.sha256(new TextEncoder().encode(text));
  }
}
