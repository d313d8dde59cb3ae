import type { Call } from '../../../core/routing/health/circuit.js';
import { POLICY } from '../../../core/routing/policy.js';
import type { Subject } from '../../../core/routing/subject.js';
import { share } from '../../../core/share.js';
import type { Consumer, OutgoingEvent } from '../../ports/broker.js';
import type { Cancel, Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import { Loop } from '../../repair/loop.js';
import type { Tally } from '../../tally.js';
import type { Health } from '../health.js';
import { Gather } from './gather.js';
import type { HealthBus, HealthChange } from './health-bus.js';
import type { HealthStore, SharedHealth } from './health-store.js';
import { LaneNews, type LaneWait } from './lane-news.js';
import { MaintainHealth } from './maintain-health.js';

export interface ShareHealthParts {
  /** Of this engine, unique. */
  readonly engine: string;
  readonly store: HealthStore;
  readonly bus: HealthBus;
  /** How long the lanes wait; left out: nobody looks. */
  readonly lanes?: () => Promise<readonly LaneWait[]>;
  /** Tells the outside of circuits, subjects and lanes; left out: nobody listens. */
  readonly announce?: (events: readonly OutgoingEvent[]) => Promise<unknown>;
  readonly clock: Clock;
  /** Database time, as this process estimates it. */
  readonly now: () => number;
  readonly log: Log;
  readonly tally: Tally;
}

/**
 * Keeps what this engine knows of partners equal to what the others know: reports its calls, takes over what the one
 * who judges tells, and looks into the database for what it was not told. While nobody judges, the engine judges for
 * itself; what it knew last stays.
 */
export class ShareHealth {
  private readonly gather = new Gather();
  private readonly maintain: MaintainHealth;
  private readonly laneNews = new LaneNews();
  private readonly loops: readonly Loop[];
  private incarnation = '';
  private version = 0;
  private number = 0;
  private sentAt = Number.NEGATIVE_INFINITY;
  private heardAt = Number.NEGATIVE_INFINITY;
  private due: { readonly at: number; readonly cancel: Cancel } | null = null;
  private polling: Promise<void> | null = null;
  private consumers: Consumer[] = [];
  private stopped = true;

  constructor(
    private readonly health: Health,
    private readonly parts: ShareHealthParts,
  ) {
    const { engine, clock, log, tally } = parts;
    this.maintain = new MaintainHealth(parts);
    const { helloMs, pollMs, spreadMs } = POLICY.share;
    this.loops = [
      new Loop('health', helloMs, async () => this.hello(), clock, log, tally),
      new Loop(
        'routing',
        pollMs + spreadMs * share(engine),
        async () => {
          health.askAgain();
          await this.poll();
        },
        clock,
        log,
        tally,
      ),
      new Loop('alert', POLICY.alert.lookMs, () => this.lookAtLanes(), clock, log, tally),
    ];
  }

  /** How far this engine is; and whether somebody judges for all, and whether that is it. */
  get state(): { readonly version: number; readonly isLed: boolean; readonly isMaintainer: boolean } {
    return { version: this.version, isLed: this.health.led, isMaintainer: this.maintain.isActive };
  }

  /**
   * Listens before it reads, so that nothing is missed in between. A database that is away costs nothing but time.
   * @param judges whether this engine may be the one that judges for all.
   */
  async start(judges = true): Promise<void> {
    this.stopped = false;
    const { bus, log } = this.parts;
    const poll = (): void => void this.poll().catch(() => {});
    this.consumers = [await bus.listen((change) => this.hear(change), poll)];
    if (judges) {
      const consumer = await bus.maintain((report) => {
        this.maintain.follow(this.version);
        return this.maintain.take(report);
      });
      this.consumers.push(consumer);
    }
    await this.poll().catch((fault: unknown) =>
      log.warn('The health of partners could not be read; nothing is known of them yet.', { fault: String(fault) }),
    );
    for (const loop of this.loops) loop.start();
    this.send();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.due?.cancel();
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.polling?.catch(() => {});
  }

  /** Takes note of a call that has ended, for the next report. */
  saw(subject: Subject, call: Call, durationMs: number): void {
    this.gather.add(subject, call, durationMs);
    this.sendWithin(call.failed || call.probe ? POLICY.share.urgentMs : POLICY.share.reportMs);
  }

  /** Takes a probe of every subject that all engines share; `false`: there is none. A database that is away gives it. */
  async takeProbe(subjects: readonly Subject[]): Promise<boolean> {
    for (const [at, subject] of subjects.entries()) {
      const version = this.health.sharedVersion(subject);
      if (version === null || (await this.parts.store.takeProbe(subject, version).catch(() => true))) continue;
      this.returnProbe(subjects.slice(0, at));
      return false;
    }
    return true;
  }

  returnProbe(subjects: readonly Subject[]): void {
    for (const subject of subjects) {
      const version = this.health.sharedVersion(subject);
      if (version !== null) void this.parts.store.returnProbe(subject, version).catch(() => {});
    }
  }

  private hear(change: HealthChange): void {
    const { clock } = this.parts;
    const wasLed = this.health.led;
    this.heardAt = clock.now();
    this.health.led = true;
    // Judging for itself, this engine went its own way from what it shared: all of that is taken over anew.
    if (!wasLed) this.version = 0;
    if (change.incarnation !== this.incarnation || change.from > this.version) {
      if (this.incarnation !== '') this.parts.tally.count('health.missed');
      // What is being read now may have been read before this was written.
      void Promise.resolve(this.polling)
        .catch(() => {})
        .then(() => this.poll())
        .catch(() => {});
    } else this.adopt(change);
    if (!wasLed) this.claim();
  }

  /** What is known already changes nothing, so that copies and late messages are harmless. */
  private adopt({ version, subjects }: Pick<SharedHealth, 'version' | 'subjects'>): void {
    const now = this.parts.now();
    for (const one of subjects) if (one.version > this.version) this.health.adopt(one, now);
    this.version = Math.max(this.version, version);
  }

  /** Reads what changed since. Two at once are one. */
  private poll(): Promise<void> {
    this.polling ??= this.read().finally(() => {
      this.polling = null;
    });
    return this.polling;
  }

  private async read(): Promise<void> {
    this.lookAbout();
    const { store, tally } = this.parts;
    const { incarnation, version } = await store.epoch();
    const known = incarnation === this.incarnation && version >= this.version;
    if (known && version === this.version) return;
    const found = await store.after(known ? this.version : 0);
    if (!known) {
      if (this.incarnation !== '') tally.count('health.reloaded');
      this.incarnation = found.incarnation;
      this.version = 0;
      this.health.forgetShared(this.parts.now());
      this.maintain.forget();
    }
    this.adopt(found);
  }

  /** What opened here while nobody judged is told to who does now. */
  private claim(): void {
    const now = this.parts.now();
    for (const subject of this.health.openedHere(now)) this.gather.claim(subject, POLICY.circuit.consecutive);
    if (!this.gather.isEmpty) this.sendWithin(0);
  }

  /** Who is told nothing for long judges for itself. */
  private lookAbout(): void {
    if (this.parts.clock.now() - this.heardAt > POLICY.share.absentMs) this.health.led = false;
  }

  /** Who judges the partners tells of lanes too, so that one engine does. */
  private async lookAtLanes(): Promise<void> {
    const { lanes, announce, now, log } = this.parts;
    if (!lanes || !announce) return;
    if (!this.maintain.isActive) {
      this.laneNews.forget();
      return;
    }
    const news = this.laneNews.of(await lanes(), now());
    if (news.length === 0) return;
    for (const { routingKey, body } of news) log.warn('A lane is late, or has caught up.', { routingKey, body });
    await announce(news);
  }

  private hello(): void {
    this.lookAbout();
    if (this.parts.clock.now() - this.sentAt >= POLICY.share.helloMs / 2) this.send();
  }

  private sendWithin(ms: number): void {
    const { clock } = this.parts;
    const at = Math.max(clock.now(), this.sentAt + ms);
    if (this.stopped || (this.due && this.due.at <= at)) return;
    this.due?.cancel();
    this.due = { at, cancel: clock.schedule(at - clock.now(), () => this.send()) };
  }

  private send(): void {
    this.due?.cancel();
    this.due = null;
    this.sentAt = this.parts.clock.now();
    this.number++;
    void this.parts.bus.report({ engine: this.parts.engine, number: this.number, seen: this.gather.take() });
  }
}
