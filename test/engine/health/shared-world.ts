import type { Circuit } from '../../../src/core/routing/health/circuit.js';
import { circuitAt } from '../../../src/core/routing/health/circuit.js';
import type { Subject } from '../../../src/core/routing/subject.js';
import { Health } from '../../../src/engine/health/health.js';
import { HealthBus, type HealthChange, type HealthReport } from '../../../src/engine/health/sharing/health-bus.js';
import type { HealthEpoch, SharedHealth, SharedSubject } from '../../../src/engine/health/sharing/health-store.js';
import type { LaneWait } from '../../../src/engine/health/sharing/lane-news.js';
import { ShareHealth } from '../../../src/engine/health/sharing/share-health.js';
import type { Consumer, OutgoingEvent } from '../../../src/engine/ports/broker.js';
import { Tally } from '../../../src/engine/tally.js';
import { MemoryHealthStore } from '../../../src/memory/health/memory-health-store.js';
import { VirtualClock } from '../../../src/memory/virtual-clock.js';
import { KeptLog } from '../bench.js';

/** The same numbers for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What the network does to messages: shares that are lost and doubled, and how late they come at most. */
export interface Network {
  lostReports: number;
  lostChanges: number;
  doubled: number;
  latestMs: number;
}

/** A bus that loses, repeats and reorders. Reports go to the first engine that lives, as a single active consumer. */
export class FaultyBus extends HealthBus {
  readonly network: Network = { lostReports: 0, lostChanges: 0, doubled: 0, latestMs: 100 };
  private readonly maintainers: ((report: HealthReport) => Promise<void>)[] = [];
  private readonly listeners = new Set<(change: HealthChange) => void>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly clock: VirtualClock,
    private readonly random: () => number,
  ) {
    super();
  }

  override async report(report: HealthReport): Promise<void> {
    this.pass(this.network.lostReports, () => {
      this.last = this.last.then(() => this.maintainers[0]?.(report)).catch(() => {});
    });
  }

  override async maintain(on: (report: HealthReport) => Promise<void>): Promise<Consumer> {
    this.maintainers.push(on);
    return { stop: async () => void this.maintainers.splice(this.maintainers.indexOf(on), 1) };
  }

  override async tell(change: HealthChange): Promise<void> {
    for (const listener of this.listeners) this.pass(this.network.lostChanges, () => listener(change));
  }

  override async listen(on: (change: HealthChange) => void): Promise<Consumer> {
    this.listeners.add(on);
    return { stop: async () => void this.listeners.delete(on) };
  }

  private pass(lost: number, arrive: () => void): void {
    const { doubled, latestMs } = this.network;
    if (this.random() < lost) return;
    this.clock.schedule(this.random() * latestMs, arrive);
    if (this.random() < doubled) this.clock.schedule(this.random() * latestMs, arrive);
  }
}

/** A store that can be away, and that notes when it was written. */
export class NotedStore extends MemoryHealthStore {
  isAway = false;
  readonly writtenAt = new Map<number, number>();

  constructor(
    private readonly clock: VirtualClock,
    incarnation: string,
  ) {
    super(incarnation);
  }

  override async epoch(): Promise<HealthEpoch> {
    this.answer();
    return super.epoch();
  }

  override async after(version: number): Promise<SharedHealth> {
    this.answer();
    return super.after(version);
  }

  override async write(expected: HealthEpoch, changes: readonly Omit<SharedSubject, 'version'>[]) {
    this.answer();
    const written = await super.write(expected, changes);
    for (const { version } of written ?? []) this.writtenAt.set(version, this.clock.now());
    return written;
  }

  private answer(): void {
    if (this.isAway) throw new Error('Expected a database, but it is away.');
  }
}

interface Member {
  readonly name: string;
  readonly health: Health;
  readonly sharing: ShareHealth;
  readonly tally: Tally;
}

/** Engines that share what they learn of partners, without the rest of an engine, on time that a test moves. */
export class SharedWorld {
  readonly clock = new VirtualClock();
  readonly bus: FaultyBus;
  readonly random: () => number;
  readonly members: Member[] = [];
  readonly down = new Set<Subject>();
  /** Calls that reached a partner, by engine and subject. */
  readonly calls = new Map<string, number>();
  /** What the outside was told, by whoever judged. */
  readonly announced: OutgoingEvent[] = [];
  /** How long the lanes wait. */
  lanes: () => readonly LaneWait[] = () => [];
  /** The longest that a written change took to reach an engine, in milliseconds. */
  worstLagMs = 0;
  store: NotedStore;
  private readonly reached = new Map<string, number>();

  constructor(seed: number) {
    this.random = randomFrom(seed);
    this.bus = new FaultyBus(this.clock, this.random);
    this.store = new NotedStore(this.clock, 'first');
  }

  async join(count: number): Promise<void> {
    for (let at = 0; at < count; at++) {
      const tally = new Tally();
      const log = new KeptLog();
      const health = new Health(log, tally);
      const name = `engine-${this.members.length}`;
      const { clock, bus } = this;
      const store = proxied(() => this.store);
      const announce = async (events: readonly OutgoingEvent[]) => void this.announced.push(...events);
      const lanes = async (): Promise<readonly LaneWait[]> => this.lanes();
      const about = { store, bus, clock, lanes, announce, now: () => clock.now(), log, tally };
      const sharing = new ShareHealth(health, { engine: name, ...about });
      this.members.push({ name, health, sharing, tally });
      await sharing.start();
    }
  }

  /** One call from one engine, if what it knows lets it. */
  call(member: Member, subject: Subject): void {
    const now = this.clock.now();
    const circuit: Circuit = circuitAt(member.health.subjects.get(subject)?.circuit ?? CLOSED, now);
    if (circuit.state === 'open' || (circuit.state === 'half-open' && circuit.left === 0)) return;
    const probe = circuit.state === 'half-open';
    const run = (): void => {
      const key = `${member.name} ${subject}`;
      this.calls.set(key, (this.calls.get(key) ?? 0) + 1);
      const failed = this.down.has(subject);
      member.sharing.saw(subject, { failed, slow: false, probe }, 20);
      member.health.observe(subject, { verdict: failed ? 'failed' : 'ok', durationMs: 20, probe }, this.clock.now());
    };
    if (!probe) return run();
    const counted = member.health.takeProbe(subject, now);
    void member.sharing.takeProbe(counted).then((is) => (is ? run() : member.health.noProbeLeft(counted)));
  }

  /** Calls by all engines at random, each engine about every `everyMs`. */
  traffic(subjects: readonly Subject[], everyMs: number, untilMs: number): void {
    const end = this.clock.now() + untilMs;
    for (const member of this.members) {
      const next = (): void => {
        if (this.clock.now() >= end || !this.members.includes(member)) return;
        this.call(member, subjects[Math.floor(this.random() * subjects.length)] as Subject);
        this.clock.schedule(this.random() * 2 * everyMs, next);
      };
      this.clock.schedule(this.random() * everyMs, next);
    }
  }

  async pass(ms: number): Promise<void> {
    const until = this.clock.now() + ms;
    for (let next = this.clock.nextAt(); next !== null && next <= until; next = this.clock.nextAt()) {
      this.clock.runNext();
      await new Promise((wake) => setImmediate(wake));
      this.measure();
    }
    this.clock.advance(until - this.clock.now());
  }

  stateOf(member: Member, subject: Subject): string {
    return circuitAt(member.health.subjects.get(subject)?.circuit ?? CLOSED, this.clock.now()).state;
  }

  statesOf(subject: Subject): string[] {
    return this.members.map((member) => this.stateOf(member, subject));
  }

  private measure(): void {
    for (const { name, sharing } of this.members) {
      const { version } = sharing.state;
      for (let reached = (this.reached.get(name) ?? 0) + 1; reached <= version; reached++) {
        const at = this.store.writtenAt.get(reached);
        if (at !== undefined) this.worstLagMs = Math.max(this.worstLagMs, this.clock.now() - at);
      }
      this.reached.set(name, version);
    }
  }
}

const CLOSED: Circuit = { state: 'closed', since: null, failures: 0, opens: 0 };

/** The store of now: it may be exchanged for another one. */
const proxied = (now: () => NotedStore): NotedStore =>
  new Proxy({} as NotedStore, {
    get: (_, name) => {
      const store = now();
      const value = store[name as keyof NotedStore];
      return typeof value === 'function' ? value.bind(store) : value;
    },
  });
