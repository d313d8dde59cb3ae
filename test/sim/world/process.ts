import { Engine } from '../../../src/engine/engine.js';
import { AddItems } from '../../../src/engine/operate/add-items.js';
import { CompleteManual } from '../../../src/engine/operate/complete-manual.js';
import { MigrateInstances } from '../../../src/engine/operate/migrate/migrate-instances.js';
import { SettleParticipant } from '../../../src/engine/operate/parts/settle-participant.js';
import { Catalog, type Published } from '../../../src/engine/ports/catalog.js';
import { Log } from '../../../src/engine/ports/log.js';
import { SERVER_TUNING } from '../../../src/engine/ports/tuning.js';
import type { Views } from '../../../src/engine/ports/views.js';
import { WritePlay } from '../../../src/engine/start/plays/write-play.js';
import { AskedHandlers, AskingRunner } from './asking/runner.js';
import { Calls } from './calls.js';
import { CircuitGuard } from './circuit-guard.js';
import { Connection } from './connection.js';
import { triggersOf } from './events.js';
import { PLAY_CHECKS } from './guards/play-checks.js';
import type { PlayGuard } from './guards/play-guard.js';
import { HealthLine } from './health-words.js';
import { SimRunner } from './partner.js';
import { EngineClock } from './sim-clock.js';
import { simHealthStore, simStore } from './sim-store.js';
import type { Surroundings } from './surroundings.js';
import type { Versions } from './versions.js';

/** One life of an engine process, from its start to its crash or stop. */
export class Process {
  readonly calls: Calls;
  readonly clock: EngineClock;
  readonly connection: Connection;
  /** What it hears and says about partners, if engines share that. */
  readonly line: HealthLine | null;
  readonly engine: Engine;
  readonly addItems: AddItems;
  readonly completeManual: CompleteManual;
  readonly settleParticipant: SettleParticipant;
  readonly migrateInstances: MigrateInstances;
  readonly writePlay: WritePlay;
  stopping = false;
  dead = false;

  constructor(
    private readonly world: Surroundings,
    readonly place: number,
  ) {
    const { scenario, identity } = world;
    this.calls = new Calls(new Set(scenario.instant));
    this.clock = new EngineClock(world.clock, scenario.skewsMs[place] ?? 0);
    const gathers = scenario.faults.includes('unflushed');
    this.connection = new Connection(world.lanes, this.calls, this.clock, {
      longestMs: scenario.maxDelayMs,
      gathers,
      counting: scenario.counting,
      watch: (message) => world.history.delivers(message),
    });
    this.line = scenario.sharing ? new HealthLine(world.words, () => this.connection.ready) : null;
    const twice = scenario.faults.includes('twice');
    const views = simViews(world.opened.views, this.calls);
    const catalog = new SimCatalog(world.versions, this.calls, world.plays);
    const log = new SimLog((line) => world.logged.push(line));
    const { calls, clock } = this;
    const { partner, history } = world;
    const plain = new SimRunner(calls, partner, history, guardOf(world));
    const runner = new AskingRunner(plain, { calls, partner, history, clock, log });
    const store = simStore(world.opened.store, this.calls, world.history.seenBy(this), {
      twice: () => twice && world.count('twice'),
      plays: world.plays.watching(world.opened.store.plays),
      fences: partner.participants.watching(world.opened.store.fences),
    });
    this.engine = new Engine({
      store,
      views,
      broker: this.connection,
      catalog,
      handlers: new AskedHandlers(runner.handler, (handler) => world.lacks(place, handler)),
      runner,
      clock: this.clock,
      identity,
      log,
      // What was recorded long ago does not know all of it.
      tuning: { ...SERVER_TUNING, ...scenario.tuning },
      ...(this.line && { sharing: { store: simHealthStore(world.opened.health, this.calls), bus: this.line } }),
    });
    this.addItems = new AddItems(this.engine.commits, views, identity);
    this.completeManual = new CompleteManual(this.engine.commits, views, catalog);
    this.migrateInstances = new MigrateInstances(store, views, catalog, log);
    this.writePlay = new WritePlay(store, catalog);
    this.settleParticipant = new SettleParticipant(this.engine.commits, views, catalog);
    this.engine.triggers.follow(triggersOf(scenario.starts));
    // Without its database a process ends at its start; whoever watches it starts it again.
    this.engine.start().catch(() => this.die());
  }

  /** Ends it between two instructions: nothing of it is answered, and its messages go back. Answers how many. */
  die(): number {
    if (this.dead) return 0;
    this.dead = true;
    this.world.gather(this.engine.tally.all());
    this.calls.pending = [];
    this.calls.replies = [];
    this.calls.running = [];
    this.clock.alarms.length = 0;
    this.line?.leave();
    return this.connection.cut();
  }

  /** Its connection to the broker breaks. */
  disconnect(): void {
    this.connection.cut();
    this.line?.cut();
  }

  connect(): void {
    this.connection.comeBack();
    this.line?.comeBack();
  }

  /** Ends it in order. */
  stop(): void {
    this.stopping = true;
    void this.engine
      .stop()
      .then(() => this.connection.close())
      .then(() => this.die());
  }
}

/**
 * What learns too late what time it is, does not know exactly for how long it leaves somebody in peace; and what others
 * have seen, workers too, is more than its own calls tell.
 */
function guardOf({ scenario: { tuning, faults, sharing, flows }, clock, history }: Surroundings): CircuitGuard | null {
  const isWork = Object.values(flows).some((flow) => /"by":"worker"|"kind":"wide"|"more"/.test(JSON.stringify(flow)));
  if (tuning.watchHealth !== true || isWork || sharing || faults.includes('slow')) return null;
  return new CircuitGuard(
    () => clock.at,
    (what) => history.wrong('I19', what),
  );
}

/** Published definitions; each process has to load them once. */
class SimCatalog extends Catalog {
  private readonly known = new Set<string>();

  constructor(
    private readonly versions: Versions,
    private readonly calls: Calls,
    private readonly plays: PlayGuard,
  ) {
    super();
  }

  override get(flow: string, version?: number): Promise<Published | null> {
    return this.calls.make(
      'get',
      async () => {
        const found = this.published(flow, version);
        if (found) this.known.add(`${flow} ${found.definition.version}`);
        return found ?? null;
      },
      { fates: { slow: 'slow' } },
    );
  }

  override cached(flow: string, version: number): Published | undefined {
    return this.known.has(`${flow} ${version}`) ? this.published(flow, version) : undefined;
  }

  private published(flow: string, version?: number): Published | undefined {
    const definition = this.versions.at(flow, version);
    const plays = this.plays.of(flow) && { plays: PLAY_CHECKS };
    return definition && { definition, checkInput: () => [], ...plays };
  }
}

/** Only states and instances are read by what writes. */
function simViews(inner: Views, calls: Calls): Views {
  const slow = { fates: { slow: 'slow' } } as const;
  const read: Partial<Views> = {
    states: (ids) => calls.make('states', () => inner.states(ids), slow),
    instance: (id) => calls.make('instance', () => inner.instance(id), slow),
  };
  return new Proxy(inner, { get: (_, name: keyof Views) => read[name] ?? inner[name].bind(inner) });
}

class SimLog extends Log {
  constructor(private readonly write: (line: string) => void) {
    super();
  }

  override info(): void {}
  /** A loop fails when its database is away, and for no other reason. */
  override warn(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    if (/ loop failed/.test(message) && !String(facts['fault']).startsWith('StoreUnavailable'))
      this.error(message, facts);
  }
  override error(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.write(`${message} ${JSON.stringify(facts)}`);
  }
}
