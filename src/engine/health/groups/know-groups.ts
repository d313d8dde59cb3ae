import {
  type AnnouncedEngine,
  type GroupReport,
  KnownGroups,
  type Where,
} from '../../../core/routing/health/groups.js';
import { POLICY } from '../../../core/routing/policy.js';
import type { Clock } from '../../ports/clock.js';
import type { Handlers } from '../../ports/handlers.js';
import type { Log } from '../../ports/log.js';
import type { GroupTimes } from '../../ports/tuning.js';
import type { Router } from '../router.js';
import type { EngineHead, GroupStore } from './group-store.js';

export interface KnowGroupsParts {
  readonly store: GroupStore;
  /** Of this engine, unique. */
  readonly engine: string;
  /** `null`: it runs no handlers, and is of none. */
  readonly group: string | null;
  readonly handlers: Pick<Handlers, 'names'>;
  readonly router: Pick<Router, 'useGroups'>;
  readonly times?: GroupTimes | undefined;
  readonly clock: Clock;
  /** Database time, as this process estimates it. */
  readonly now: () => number;
  readonly log: Log;
}

/** How old an answer for people may be. */
const FRESH_MS = 1_000;

interface Known extends AnnouncedEngine {
  readonly revision: number;
}

/** Says which handlers this engine has, and knows which groups of engines there are. While there is one group it asks nothing. */
export class KnowGroups {
  private readonly times: GroupTimes;
  /** Since when it watches; the database's time is known by the first look. */
  private since: number | null = null;
  private engines: readonly Known[] = [];
  private known: KnownGroups;
  private said: { readonly handlers: string; readonly revision: number; readonly at: number } | null = null;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private forgotAt: number;
  private looking: Promise<void> | null = null;
  private shown = '';
  private changed: () => void = () => {};
  private count = 0;

  constructor(private readonly parts: KnowGroupsParts) {
    this.times = parts.times ?? POLICY.groups;
    this.forgotAt = parts.clock.now();
    this.known = this.judged();
  }

  /** That of this engine; `null`: it runs no handlers. */
  get group(): string | null {
    return this.parts.group;
  }

  get store(): GroupStore {
    return this.parts.store;
  }

  get everyMs(): number {
    return this.times.everyMs;
  }

  /** How long a dispatch is due in the lane of a group that is gone before another group may have it. */
  get oldMs(): number {
    return this.times.oldMs;
  }

  /** Rises when other groups are there, or one is up or gone, or has other handlers. */
  get changes(): number {
    return this.count;
  }

  get current(): KnownGroups {
    return this.known;
  }

  report(): readonly GroupReport[] {
    return this.known.report();
  }

  /** As it is now, for people. A database that is away leaves what is known. */
  async fresh(): Promise<readonly GroupReport[]> {
    if (this.parts.clock.now() - this.lookedAt >= FRESH_MS) await this.look().catch(() => {});
    return this.known.report();
  }

  /** Calls this with each change. */
  onChange(changed: () => void): void {
    this.changed = changed;
  }

  /** What is known may be old: somebody has opened or closed lanes of groups. */
  expire(): void {
    this.lookedAt = Number.NEGATIVE_INFINITY;
  }

  /**
   * Says that this engine is there, and looks who else is, as far as it is time for that.
   * @param isDivided there are lanes of groups: then others may come and go without a change of lanes.
   */
  async round(isDivided: boolean): Promise<void> {
    const { clock, store, now } = this.parts;
    const { everyMs, rememberMs } = this.times;
    await this.announce();
    const isNew = this.lookedAt === Number.NEGATIVE_INFINITY;
    if (isNew || ((isDivided || this.known.isDivided) && clock.now() - this.lookedAt >= everyMs)) await this.look();
    if (clock.now() - this.forgotAt < rememberMs) return;
    this.forgotAt = clock.now();
    await store.forget(now() - rememberMs);
  }

  /**
   * Who has the handlers of a message that this engine lacks. Before it says that nobody has, it looks anew: whoever has them may
   * have come this moment. A database that is away leaves what is known.
   */
  async find(handlers: readonly string[], id: string): Promise<Where> {
    const where = this.known.where(handlers, id);
    const isOld = this.parts.clock.now() - this.lookedAt >= this.times.everyMs;
    if (where.type !== 'nobody' && !isOld) return where;
    try {
      // One that is under way may have missed it.
      await this.looking;
      await this.look();
    } catch (fault) {
      this.parts.log.warn('The groups of engines could not be read; what is known stays.', { fault: String(fault) });
    }
    return this.known.where(handlers, id);
  }

  /** Nobody need wait to find out that this engine is gone. */
  async leave(): Promise<void> {
    if (this.said === null) return;
    this.said = null;
    await this.parts.store.stay(this.parts.engine, this.parts.now());
  }

  private async announce(): Promise<void> {
    const { store, engine, group, handlers, clock, now } = this.parts;
    if (group === null) return;
    const { everyMs, upMs } = this.times;
    const names = handlers.names();
    const text = names.join('\n');
    const at = clock.now();
    const upUntil = now() + upMs;
    const { said } = this;
    // Whoever was silent for long may have been forgotten.
    if (said?.handlers === text && at - said.at < upMs) {
      if (at - said.at < everyMs) return;
      await store.stay(engine, upUntil);
      this.said = { ...said, at };
      return;
    }
    const revision = said?.handlers === text ? said.revision : (said?.revision ?? 0) + 1;
    await store.announce({ engine, group, handlers: names, upUntil, revision });
    this.said = { handlers: text, revision, at };
    this.expire();
  }

  /** Two at once are one. */
  private look(): Promise<void> {
    this.looking ??= this.read().finally(() => {
      this.looking = null;
    });
    return this.looking;
  }

  private async read(): Promise<void> {
    const { store, clock, router, log } = this.parts;
    const at = clock.now();
    const heads = await store.heads();
    const before = new Map(this.engines.map((one) => [one.engine, one]));
    const isNew = ({ engine, revision }: EngineHead): boolean => before.get(engine)?.revision !== revision;
    const others = heads.filter(isNew).map(({ engine }) => engine);
    const told = others.length > 0 ? await store.handlersOf(others) : new Map<string, readonly string[]>();
    this.engines = heads.map((head) => ({
      ...head,
      handlers: told.get(head.engine) ?? before.get(head.engine)?.handlers ?? [],
    }));
    this.lookedAt = at;
    this.since ??= this.parts.now();
    this.known = this.judged();
    router.useGroups(this.known.isDivided ? this.known : null);
    const shown = JSON.stringify(this.known.report().map(({ name, up, handlers }) => [name, up > 0, handlers]));
    if (shown === this.shown) return;
    this.shown = shown;
    this.count++;
    if (this.known.isDivided)
      log.info('The groups of engines have changed.', {
        groups: this.known.report().map(({ name, up }) => `${name}: ${up}`),
      });
    this.changed();
  }

  private judged(): KnownGroups {
    const { now, group: own } = this.parts;
    const at = now();
    return new KnownGroups(this.engines, { now: at, rememberMs: this.times.rememberMs, since: this.since ?? at, own });
  }
}
