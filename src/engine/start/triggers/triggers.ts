import type { Trigger } from '../../../core/definition/starting/trigger.js';
import type { TriggerCount, TriggerStore, TriggerTally } from './trigger-store.js';

const NOTHING: TriggerTally = { started: 0, duplicate: 0, passed: 0, over: 0, failed: 0 };

/** The triggers in force, by the name of what they hear, and what this engine has counted since it last told. */
export class Triggers {
  private byName: ReadonlyMap<string, readonly Trigger[]> = new Map();
  private known: readonly Trigger[] = [];
  private clocks: readonly Trigger[] = [];
  private counted = new Map<string, TriggerCount>();

  get all(): readonly Trigger[] {
    return this.known;
  }

  /** Puts others in force, from the next event on. */
  follow(triggers: readonly Trigger[]): void {
    const byName = new Map<string, Trigger[]>();
    for (const trigger of triggers)
      if (trigger.on !== null) byName.set(trigger.on, [...(byName.get(trigger.on) ?? []), trigger]);
    this.byName = byName;
    this.known = triggers;
    this.clocks = triggers.filter(({ cron }) => cron !== null);
  }

  /** Those that go by a clock; the same list until others are in force. */
  get ticking(): readonly Trigger[] {
    return this.clocks;
  }

  /** In the order of the files. */
  on(name: string): readonly Trigger[] {
    return this.byName.get(name) ?? [];
  }

  count(trigger: string, what: keyof TriggerTally, at: number | null = null): void {
    const before = this.counted.get(trigger) ?? { trigger, ...NOTHING, lastAt: null };
    this.counted.set(trigger, { ...before, [what]: before[what] + 1, lastAt: at ?? before.lastAt });
  }

  /** Tells the store what was counted; what it did not take is told with the next. */
  async tell(store: TriggerStore): Promise<void> {
    const { counted } = this;
    if (counted.size === 0) return;
    this.counted = new Map();
    try {
      await store.add([...counted.values()].sort((a, b) => (a.trigger < b.trigger ? -1 : 1)));
    } catch (fault) {
      for (const one of counted.values()) this.restore(one);
      throw fault;
    }
  }

  private restore({ trigger, lastAt, ...counts }: TriggerCount): void {
    const since = this.counted.get(trigger) ?? { trigger, ...NOTHING, lastAt: null };
    const sums = Object.entries(counts).map(([what, count]) => [what, since[what as keyof TriggerTally] + count]);
    this.counted.set(trigger, {
      ...since,
      ...(Object.fromEntries(sums) as unknown as TriggerTally),
      lastAt: since.lastAt ?? lastAt,
    });
  }
}
