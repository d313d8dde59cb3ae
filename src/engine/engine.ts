import { LANE_NAMES, type LaneName } from '../core/routing/lane.js';
import { CommitEvents } from './commit/commit-events.js';
import type { Outlook } from './commit/draft.js';
import { AcceptMessage } from './commit/messages/accept-message.js';
import { Outbox } from './commit/outbox.js';
import type { KeepLanes } from './health/lanes/keep-lanes.js';
import type { Limits } from './health/limits/limits.js';
import type { Router } from './health/router.js';
import type { ShareHealth } from './health/sharing/share-health.js';
import { type RoutingStores, type Sharing, watchHealth } from './health/sharing/watch-health.js';
import { DatabaseClock } from './intake/database-clock.js';
import { DeliveryReader } from './intake/delivery-reader.js';
import { InHand } from './intake/in-hand.js';
import { KnownInputs } from './intake/known-inputs.js';
import { Leases } from './intake/leases.js';
import { Refuse } from './intake/refuse.js';
import { RunAttempt } from './intake/run-attempt.js';
import { Suspects } from './intake/suspects.js';
import { TakeDelivery } from './intake/take-delivery.js';
import { RunEach } from './intake/work/each.js';
import type { WithSecrets } from './intake/work/order/secrets.js';
import { CancelInstance } from './operate/cancel-instance.js';
import { PauseInstance } from './operate/pause-instance.js';
import { DiscardQuarantined } from './operate/quarantine/discard-quarantined.js';
import { ReplayQuarantined } from './operate/quarantine/replay-quarantined.js';
import { RetryIncidents } from './operate/retry-incidents.js';
import type { Broker, Consumer } from './ports/broker.js';
import type { Catalog } from './ports/catalog.js';
import { type Checkpoint, NO_CHECKPOINT } from './ports/checkpoint.js';
import type { Clock } from './ports/clock.js';
import type { AttemptRunner, Handlers } from './ports/handlers.js';
import type { Identity } from './ports/identity.js';
import type { Log } from './ports/log.js';
import type { Store } from './ports/store.js';
import type { Tuning } from './ports/tuning.js';
import type { Views } from './ports/views.js';
import { remoteWork } from './remote/remote-work.js';
import { Audit } from './repair/audit.js';
import { ExpireLeases } from './repair/expire-leases.js';
import { FireDue } from './repair/fire-due.js';
import { HealHandlers } from './repair/heal-handlers.js';
import type { Loop } from './repair/loop.js';
import { loopsOf } from './repair/loops.js';
import { ReportRepair } from './repair/report-repair.js';
import { Republish } from './repair/republish.js';
import { RepublishAll } from './repair/republish-all.js';
import { Sweep } from './repair/sweep.js';
import { Watermarks } from './repair/watermarks.js';
import { AcceptStart } from './start/accept-start.js';
import { Backlog } from './start/backlog.js';
import { Beside } from './start/beside.js';
import { RunCall } from './start/calls/run-call.js';
import { AdmitPlay } from './start/plays/admit-play.js';
import { StartBatches } from './start/start-batches.js';
import { StartInstance } from './start/start-instance.js';
import { Triggers } from './start/triggers/triggers.js';
import { Tally } from './tally.js';
import { atMost, keepWhile, whileAway } from './while-away.js';

export interface EngineParts extends RoutingStores, WithSecrets {
  readonly store: Store;
  readonly views: Views;
  readonly broker: Broker;
  readonly catalog: Catalog;
  readonly handlers: Handlers;
  readonly runner: AttemptRunner;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly log: Log;
  readonly tuning: Tuning;
  readonly checkpoint?: Checkpoint | undefined;
  /** How the health of partners is shared with other engines; left out: this one learns alone. */
  readonly sharing?: Sharing;
}

/**
 * One engine process: consumes lanes, runs handlers, commits what they did, repairs what was lost. Start more of them
 * to scale out; they share nothing but the database and the broker.
 */
export class Engine {
  readonly tally = new Tally();
  readonly triggers = new Triggers();
  readonly inHand: InHand;
  readonly startInstance: StartInstance;
  readonly retryIncidents: RetryIncidents;
  readonly cancelInstance: CancelInstance;
  readonly pauseInstance: PauseInstance;
  readonly commits: CommitEvents;
  readonly sweep: Sweep;
  readonly fireDue: FireDue;
  readonly republishAll: RepublishAll;
  readonly replayQuarantined: ReplayQuarantined;
  readonly discardQuarantined: DiscardQuarantined;
  readonly beside: Beside;
  readonly reportRepair: ReportRepair;
  readonly audit: Audit;
  readonly router: Router;
  readonly lanes: KeepLanes;

  private readonly limits: Limits | null;
  private readonly sharing: ShareHealth | null;
  private readonly databaseClock: DatabaseClock;
  private readonly watermarks = new Watermarks();
  private readonly stopping = new AbortController();
  private readonly take: TakeDelivery;
  private readonly accept: AcceptStart;
  private readonly acceptMessage: AcceptMessage;
  private readonly refuse: Refuse;
  private readonly remote: ReturnType<typeof remoteWork>;
  private readonly loops: readonly Loop[];
  private readonly running = new Set<Promise<void>>();
  private consumers: Consumer[] = [];

  constructor(private readonly parts: EngineParts) {
    const { store, views, broker, catalog, handlers, runner, clock, identity, log, tuning } = parts;
    const { checkpoint = NO_CHECKPOINT, secrets } = parts;
    const { tally } = this;
    const outbox = new Outbox(broker, clock, log, tally);

    this.databaseClock = new DatabaseClock(clock);
    const watched = watchHealth(parts, () => this.databaseClock.now(), tally);
    this.router = watched.router;
    this.sharing = watched.sharing;
    this.lanes = watched.lanes;
    this.limits = watched.limits;
    const outlook = (): Outlook => ({
      maxDelayMs: broker.maxDelayMs(),
      snapshot: this.router.snapshot,
      decided: (route) => this.router.decided(route),
    });
    const afterCommit = (...told: Parameters<Beside['afterCommit']>): void => this.beside.afterCommit(...told);
    this.inHand = new InHand(clock);
    this.commits = new CommitEvents(
      { store, catalog, outbox, clock, log, tally, tuning, outlook, afterCommit, checkpoint },
      tuning.committers,
    );
    const knownInputs = new KnownInputs();
    const starts = new StartBatches({ store, outbox, knownInputs, tally, afterCommit, checkpoint });
    const backlog = new Backlog(broker, clock, tuning.backlog, tally, this.lanes);
    const admit = new AdmitPlay({ store, catalog, identity, counts: this.triggers });
    this.startInstance = new StartInstance(catalog, starts, identity, backlog, outlook, views, admit);
    const told = { store, catalog, views, identity, outlook, log, tally, checkpoint, start: this.startInstance };
    const own = { databaseClock: this.databaseClock, triggers: this.triggers };
    this.beside = new Beside({ ...told, ...own, commits: this.commits, batches: starts });
    this.retryIncidents = new RetryIncidents(this.commits, views);
    this.cancelInstance = new CancelInstance(this.commits, views);
    this.pauseInstance = new PauseInstance(this.commits, views);

    const republish = new Republish(store, catalog, outbox, tally);
    const sha256 = (bytes: Uint8Array): string => identity.sha256(bytes);
    this.refuse = new Refuse(store, clock, sha256, log, tally);
    this.accept = new AcceptStart(this.startInstance, this.refuse, clock, republish, catalog, () => identity.next());
    this.acceptMessage = new AcceptMessage(this.beside.messaging.send, this.refuse, clock, () => identity.next());
    const { commits, databaseClock, inHand, watermarks, router, refuse, lanes } = this;
    const reader = new DeliveryReader(store, clock, databaseClock);
    const outside = {
      store,
      broker,
      catalog,
      handlers,
      runner,
      secrets,
      clock,
      log,
      tally,
      tuning,
      checkpoint,
      sha256,
    };
    const known = { router, lanes, limits: this.limits, inHand, knownInputs, watermarks, databaseClock };
    const inside = { ...known, commits, outbox, refuse, reader, republish };
    const around = { ...outside, ...inside, stop: this.stopping.signal };
    this.remote = remoteWork(around);
    const [{ handOver }, { withdrawals }] = [this.remote, this.beside];
    const runCall = new RunCall(this.startInstance, views, clock);
    const [runAttempt, runEach, suspects] = [new RunAttempt(around), new RunEach(store, clock), new Suspects(around)];
    const leases = new Leases({ ...around, runAttempt, track: (work) => this.track(work) });
    const running = { runAttempt, runCall, runEach, suspects, handOver, leases, withdrawals };
    this.take = new TakeDelivery({ ...around, ...running });
    this.sweep = new Sweep(around);
    this.republishAll = new RepublishAll(store, republish, inHand, lanes, tally);
    this.fireDue = new FireDue(around);
    const expire = new ExpireLeases(around);
    const heal = new HealHandlers(around);
    this.audit = new Audit(views, commits, log, tally);
    const { sweep, fireDue, audit, beside } = this;
    this.loops = loopsOf({ ...around, sweep, fireDue, audit, beside, expire, heal });
    const { loops, startInstance: start } = this;
    const reported = { loops, named: lanes, watermarks, inHand, leases, commits, broker, store, clock, tally };
    this.reportRepair = new ReportRepair(reported);
    this.replayQuarantined = new ReplayQuarantined({ store, views, start, republish, tally });
    this.discardQuarantined = new DiscardQuarantined(store, views, tally);
  }

  /** Opens the broker, then takes work. Starts are taken last, so that what is already accepted goes first. */
  async start(signal?: AbortSignal): Promise<void> {
    const { broker, store, tuning } = this.parts;
    // The database may be away at this very moment: nobody would start this engine again.
    const now = await whileAway(this.parts.clock, async () => (signal?.throwIfAborted(), store.now()));
    this.databaseClock.read(now);
    await broker.open(signal);
    await this.sharing?.start(tuning.maintains);
    // Whoever sends to named lanes looks after them.
    if (tuning.works === false) return this.loops.at(-1)?.start(0);
    for (const lane of LANE_NAMES) this.consumers.push(await this.consume(lane, tuning.prefetch[lane]));
    await this.lanes.consumeBy((lane, places) => this.consume(lane, places));
    const { startPrefetch } = tuning;
    this.consumers.push(
      await broker.consumeReplies(startPrefetch, (reply) => this.track(this.remote.receive.execute(reply))),
      await broker.consumeDead(10, (delivery) => this.track(this.refuse.dead(delivery))),
      await broker.consumeMessages(startPrefetch, (delivery) => this.track(this.acceptMessage.execute(delivery))),
      await broker.consumeStarts(startPrefetch, (delivery) => this.track(this.accept.execute(delivery))),
    );
    for (const loop of this.loops) loop.start(0);
  }

  /**
   * Stops in order: no new work; handlers end by themselves, then by abort; what they did is committed and published.
   * Whatever is cut goes back to the broker and costs no attempt. The broker and the store stay open: who opened them
   * closes them. Takes at most `drainMs` and four times `abortMs`, also when the servers give no answer: what is
   * unfinished then is found by others, as after a crash.
   */
  async stop(): Promise<void> {
    const { drainMs, abortMs } = this.parts.tuning;
    const within = (ms: number, work: Promise<unknown>): Promise<void> => atMost(this.parts.clock, ms, work);
    await within(abortMs, Promise.all([this.lanes.stop(), ...this.consumers.map((consumer) => consumer.stop())]));
    this.consumers = [];
    await within(drainMs, Promise.all([...this.loops.map((loop) => loop.stop()), ...this.running]));
    if (this.sharing) await within(abortMs, this.sharing.stop());
    this.stopping.abort();
    await within(abortMs, Promise.all(this.running));
    await within(abortMs, Promise.all([this.beside.idle(), this.limits?.stop(), this.lanes.leave()]));
  }

  private consume(lane: LaneName, places: number): Promise<Consumer> {
    return this.parts.broker.consume(lane, places, (delivery) => {
      // The broker did not hear in time that nothing more is wanted. Given back, it would come again at once.
      if (this.stopping.signal.aborted) return;
      if (!delivery.redelivered) this.watermarks.saw(lane, delivery.message.wakeAt);
      this.track(this.take.execute(delivery));
    });
  }

  private track(work: Promise<void>): void {
    keepWhile(this.running, work);
  }
}
