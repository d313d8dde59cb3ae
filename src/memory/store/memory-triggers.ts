import { type QuotaClaim, type TriggerCount, TriggerStore } from '../../engine/start/triggers/trigger-store.js';
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
    claims.add(nameOf(claim));
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
}

const nameOf = ({ trigger, identity }: QuotaClaim): string => `${trigger} ${identity}`;
const shareOf = ({ trigger, share }: QuotaClaim): string => `${trigger} ${share}`;
