import { createHash } from 'node:crypto';
import type { Definition } from '../../../src/core/definition/definition.js';
import { Identity } from '../../../src/engine/ports/identity.js';
import { definitionOf } from '../flow/definition.js';
import type { Partners } from '../flow/partners.js';
import { Client } from './client.js';
import { PlayGuard } from './guards/play-guard.js';
import { HealthWords } from './health-words.js';
import { History } from './history.js';
import { Lanes } from './lanes.js';
import { Adders } from './outside/adders.js';
import { Letters } from './outside/letters.js';
import { Persons } from './outside/persons.js';
import { Workers } from './outside/workers.js';
import { Partner } from './partner.js';
import { Process } from './process.js';
import type { Fault, Scenario } from './scenario.js';
import type { WorldClock } from './sim-clock.js';
import type { OpenedStore, Surroundings } from './surroundings.js';
import { Versions } from './versions.js';

/** Everything that one schedule happens to. */
export class World implements Surroundings {
  readonly clock: WorldClock;
  readonly lanes: Lanes;
  readonly words = new HealthWords();
  readonly partner: Partner;
  readonly history: History;
  readonly identity: Identity;
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly versions: Versions;
  readonly plays: PlayGuard;
  readonly clients: readonly Client[];
  readonly letters: Letters;
  readonly workers: Workers;
  readonly persons: Persons;
  readonly adders: Adders;
  /** By place; `null` while it is down. */
  readonly processes: (Process | null)[];
  readonly faults: Partial<Record<Fault, number>> = {};
  readonly exercised: Record<string, number> = {};
  /** Lines that engines logged as errors. */
  readonly logged: string[] = [];
  /** Instances that an operator was told are cancelled. */
  readonly cancelled = new Set<string>();
  /** Unusable messages that were put into the broker on purpose. */
  garbage = 0;
  /** Letters for nobody. */
  strays = 0;
  calm = false;
  /** When faults ended. */
  calmAt = Number.POSITIVE_INFINITY;

  constructor(
    readonly scenario: Scenario,
    readonly opened: OpenedStore,
  ) {
    this.clock = opened.clock;
    this.lanes = new Lanes(this.clock);
    const wrong = (what: string): void => this.history.wrong('I42', what);
    this.plays = new PlayGuard(scenario.plays ?? [], () => this.clock.at, wrong);
    this.history = new History(() => this.clock.at, scenario.flows, scenario.tuning.watchHealth, this.plays);
    const { partners = OWN } = scenario;
    this.partner = new Partner(scenario.flows, partners);
    this.identity = new SimIdentity(scenario.number);
    this.definitions = new Map(
      Object.entries(scenario.flows).map(([name, block]) => [name, definitionOf(name, block, partners)]),
    );
    this.versions = new Versions(this.definitions);
    this.workers = new Workers(this.lanes, this.partner, this.history);
    this.persons = new Persons(scenario.flows, this.history);
    this.adders = new Adders(scenario.flows, this.history);
    this.letters = new Letters(scenario, this.lanes, this.history);
    this.clients = scenario.starts.map(
      (plan) =>
        new Client(
          this.lanes,
          plan,
          scenario.starts.filter(({ event }) => event !== undefined && event === plan.event),
          this.plays,
        ),
    );
    this.processes = Array.from({ length: scenario.engines }, (_, place) => new Process(this, place));
  }

  get up(): readonly Process[] {
    return this.processes.filter((one): one is Process => one !== null && !one.dead);
  }

  lacks(place: number, handler: string): boolean {
    return !this.calm && this.scenario.missing.includes(`${place}.${handler}`) && this.count('missing');
  }

  /** Counts a fault that has happened. */
  count(fault: Fault, by = 1): true {
    this.faults[fault] = (this.faults[fault] ?? 0) + by;
    return true;
  }

  gather(tally: Readonly<Record<string, number>>): void {
    for (const [name, count] of Object.entries(tally)) this.exercised[name] = (this.exercised[name] ?? 0) + count;
  }
}

const OWN: Partners = { shared: false, banks: false, frail: false };

/** Ids in order, as far apart in their tails as random ones would be. */
class SimIdentity extends Identity {
  private last = 0;

  constructor(private readonly schedule: number) {
    super();
  }

  override next(): string {
    this.last++;
    const head = this.schedule.toString(16).padStart(8, '0');
    const order = this.last.toString(16).padStart(4, '0');
    const tail = (Math.imul(this.last, 0x9e3779b1) >>> 0).toString(16).padStart(12, '0');
    return `${head}-${order}-7000-8000-${tail}`;
  }

  override sha256(bytes: Uint8Array): string {
    return createHash('sha256').update(bytes).digest('hex');
  }
}
