import {
  type QuotaClaim,
  type TickCursor,
  type TriggerCount,
  TriggerStore,
} from '../../engine/start/triggers/trigger-store.js';
import { copy, type MemoryRows, order } from '../memory-store-rows.js';

/** What triggers remember, in maps. */
export class MemoryTriggers extends TriggerStore {
  constructor(private readonly rows: MemoryRows) {
    super();
  }

  async claim(claim: QuotaClaim, max: number): Promise<'taken' | 'again' | 'over'> {
    const { claims, shares } = this.rows.triggers;
    if (claims.has(nameOf(claim))) return 'again';
    const used = shares.get(shareOf(claim)) ?? 0;
    if (used >= max) return 'over';
    claims.set(nameOf(claim), this.rows.clock.now());
    shares.set(shareOf(claim), used + 1);
    return 'taken';
  }

  async release(claim: QuotaClaim): Promise<void> {
    const { claims, shares } = this.rows.triggers;
    if (claims.delete(nameOf(claim))) shares.set(shareOf(claim), (shares.get(shareOf(claim)) ?? 1) - 1);
  }

  async add(counts: readonly TriggerCount[]): Promise<void> {
    for (const one of counts) {
      const { trigger, lastAt } = one;
      const known = this.rows.triggers.counts.get(trigger);
      this.rows.triggers.counts.set(trigger, {
        trigger,
        started: (known?.started ?? 0) + one.started,
        duplicate: (known?.duplicate ?? 0) + one.duplicate,
        passed: (known?.passed ?? 0) + one.passed,
        over: (known?.over ?? 0) + one.over,
        failed: (known?.failed ?? 0) + one.failed,
        lastAt: Math.max(known?.lastAt ?? 0, lastAt ?? 0) || null,
      });
    }
  }

  async counts(): Promise<readonly TriggerCount[]> {
    return copy([...this.rows.triggers.counts.values()]).sort((a, b) => order(a.trigger, b.trigger));
  }

  async cursors(triggers: readonly Omit<TickCursor, 'doneAt'>[]): Promise<ReadonlyMap<string, TickCursor>> {
    const { ticks } = this.rows.triggers;
    const doneAt = this.rows.clock.now();
    for (const one of triggers) if (!ticks.has(one.trigger)) ticks.set(one.trigger, { ...one, doneAt });
    return new Map(triggers.flatMap(({ trigger }) => copy([...ticks]).filter(([code]) => code === trigger)));
  }

  async tickedTo(cursor: TickCursor): Promise<void> {
    const { ticks } = this.rows.triggers;
    const before = ticks.get(cursor.trigger);
    if (before) ticks.set(cursor.trigger, { ...cursor, doneAt: Math.max(before.doneAt, cursor.doneAt) });
  }

  async forgetClaims(before: number, limit: number): Promise<number> {
    const { claims } = this.rows.triggers;
    const old = [...claims].filter(([, at]) => at < before).sort(([, a], [, b]) => a - b);
    for (const [name] of old.slice(0, limit)) claims.delete(name);
    return Math.min(old.length, limit);
  }
}

const nameOf = ({ trigger, identity }: QuotaClaim): string => `${trigger} ${identity}`;
const shareOf = ({ trigger, share }: QuotaClaim): string => `${trigger} ${share}`;
