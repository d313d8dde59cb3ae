import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { SendMessage } from './commit/messages/send-message.js';
import { Engine } from './engine.js';
import { GroupStore } from './health/groups/group-store.js';
import { KeepLanes } from './health/lanes/keep-lanes.js';
import { LaneStore } from './health/lanes/lane-store.js';
import { LimitStore } from './health/limits/limit-store.js';
import { Router } from './health/router.js';
import { HealthBus } from './health/sharing/health-bus.js';
import { HealthStore } from './health/sharing/health-store.js';
import { InHand } from './intake/in-hand.js';
import { Secrets } from './intake/work/order/secrets.js';
import { AddItems } from './operate/add-items.js';
import { CancelInstance } from './operate/cancel-instance.js';
import { CompleteManual } from './operate/complete-manual.js';
import { CancelDelay } from './operate/delays/cancel-delay.js';
import { MoveDispatch } from './operate/delays/move-dispatch.js';
import { MigrateInstances } from './operate/migrate/migrate-instances.js';
import { SettleParticipant } from './operate/parts/settle-participant.js';
import { PauseInstance } from './operate/pause-instance.js';
import { DiscardQuarantined } from './operate/quarantine/discard-quarantined.js';
import { ReplayQuarantined } from './operate/quarantine/replay-quarantined.js';
import { RetryIncidents } from './operate/retry-incidents.js';
import { Broker } from './ports/broker.js';
import { Catalog } from './ports/catalog.js';
import type { Checkpoint } from './ports/checkpoint.js';
import { Clock } from './ports/clock.js';
import { AttemptRunner, Handlers } from './ports/handlers.js';
import { Identity } from './ports/identity.js';
import { Log } from './ports/log.js';
import { Store } from './ports/store.js';
import type { Tuning } from './ports/tuning.js';
import { Views } from './ports/views.js';
import { ReportRepair } from './repair/report-repair.js';
import { RepublishAll } from './repair/republish-all.js';
import { WritePlay } from './start/plays/write-play.js';
import { StartInstance } from './start/start-instance.js';
import { Triggers } from './start/triggers/triggers.js';
import { Tally } from './tally.js';

/** One part of the engine, as a provider of its own. */
const part = <T>(provide: FactoryProvider<T>['provide'], take: (engine: Engine) => T): FactoryProvider<T> => ({
  provide,
  inject: [Engine],
  useFactory: take,
});

/**
 * Builds the engine out of the ports. The only file of `engine/` that knows Nest. The ports are abstract classes, so
 * they are their own injection tokens; the composition root says which modules provide them.
 */
@Module({})
export class EngineModule {
  static using(
    { tuning, checkpoint }: { readonly tuning: Tuning; readonly checkpoint?: Checkpoint | undefined },
    ...adapters: NonNullable<ModuleMetadata['imports']>
  ): DynamicModule {
    const engine: FactoryProvider<Engine> = {
      provide: Engine,
      inject: [
        Store,
        Views,
        Broker,
        Catalog,
        Handlers,
        AttemptRunner,
        Clock,
        Identity,
        Log,
        HealthStore,
        HealthBus,
        LaneStore,
        LimitStore,
        GroupStore,
        { token: Secrets, optional: true },
      ],
      useFactory: (
        store: Store,
        views: Views,
        broker: Broker,
        catalog: Catalog,
        handlers: Handlers,
        runner: AttemptRunner,
        clock: Clock,
        identity: Identity,
        log: Log,
        healthStore: HealthStore,
        healthBus: HealthBus,
        lanes: LaneStore,
        limits: LimitStore,
        groups: GroupStore,
        secrets?: Secrets,
      ) => {
        const sharing = { store: healthStore, bus: healthBus };
        const parts = { store, views, broker, catalog, handlers, runner, clock, identity, log, tuning, checkpoint };
        return new Engine({ ...parts, sharing, lanes, limits, groups, secrets });
      },
    };
    return {
      module: EngineModule,
      imports: adapters,
      providers: [
        engine,
        part(StartInstance, ({ startInstance }) => startInstance),
        part(RetryIncidents, ({ retryIncidents }) => retryIncidents),
        part(CancelInstance, ({ cancelInstance }) => cancelInstance),
        {
          provide: CancelDelay,
          inject: [Engine, Views],
          useFactory: ({ commits }: Engine, views: Views) => new CancelDelay(commits, views),
        },
        {
          provide: MoveDispatch,
          inject: [Engine, Views, Store],
          useFactory: ({ commits }: Engine, views: Views, store: Store) => new MoveDispatch(commits, views, store),
        },
        {
          provide: AddItems,
          inject: [Engine, Views, Identity],
          useFactory: ({ commits }: Engine, views: Views, identity: Identity) => new AddItems(commits, views, identity),
        },
        {
          provide: SettleParticipant,
          inject: [Engine, Views, Catalog],
          useFactory: ({ commits }: Engine, views: Views, catalog: Catalog) =>
            new SettleParticipant(commits, views, catalog),
        },
        {
          provide: CompleteManual,
          inject: [Engine, Views, Catalog],
          useFactory: ({ commits }: Engine, views: Views, catalog: Catalog) =>
            new CompleteManual(commits, views, catalog),
        },
        {
          provide: MigrateInstances,
          inject: [Store, Views, Catalog, Log],
          useFactory: (store: Store, views: Views, catalog: Catalog, log: Log) =>
            new MigrateInstances(store, views, catalog, log),
        },
        part(PauseInstance, ({ pauseInstance }) => pauseInstance),
        part(SendMessage, ({ beside }) => beside.messaging.send),
        part(Triggers, ({ triggers }) => triggers),
        {
          provide: WritePlay,
          inject: [Store, Catalog],
          useFactory: (store: Store, catalog: Catalog) => new WritePlay(store, catalog),
        },
        part(RepublishAll, ({ republishAll }) => republishAll),
        part(ReplayQuarantined, ({ replayQuarantined }) => replayQuarantined),
        part(DiscardQuarantined, ({ discardQuarantined }) => discardQuarantined),
        part(KeepLanes, ({ lanes }) => lanes),
        part(Router, ({ router }) => router),
        part(ReportRepair, ({ reportRepair }) => reportRepair),
        part(InHand, ({ inHand }) => inHand),
        part(Tally, ({ tally }) => tally),
      ],
      exports: [
        Engine,
        StartInstance,
        RetryIncidents,
        CancelInstance,
        CancelDelay,
        MoveDispatch,
        AddItems,
        SettleParticipant,
        CompleteManual,
        PauseInstance,
        MigrateInstances,
        SendMessage,
        Triggers,
        WritePlay,
        RepublishAll,
        ReplayQuarantined,
        DiscardQuarantined,
        KeepLanes,
        Router,
        ReportRepair,
        InHand,
        Tally,
      ],
    };
  }
}
