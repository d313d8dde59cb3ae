import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { GroupStore } from '../engine/health/groups/group-store.js';
import { LaneStore } from '../engine/health/lanes/lane-store.js';
import { LimitStore } from '../engine/health/limits/limit-store.js';
import { OrderStore } from '../engine/health/orders/order-store.js';
import { HealthStore } from '../engine/health/sharing/health-store.js';
import { AuditTrail } from '../engine/operate/audit/audit-trail.js';
import { DispatchViews } from '../engine/operate/delays/dispatch-views.js';
import type { Checkpoint } from '../engine/ports/checkpoint.js';
import type { Clock } from '../engine/ports/clock.js';
import { DefinitionStore } from '../engine/ports/definition-store.js';
import type { Log } from '../engine/ports/log.js';
import { Store } from '../engine/ports/store.js';
import { Views } from '../engine/ports/views.js';
import { Database } from './database.js';
import type { WriterThread } from './embedded/open.js';
import { openStorage, type Storage, type StorageConfig } from './open-storage.js';

const STORAGE = Symbol('storage');

/** Gives the application its Store, DefinitionStore, Views, HealthStore and Database, and closes the database when it stops. */
@Module({})
export class StorageModule implements OnApplicationShutdown {
  constructor(@Inject(STORAGE) private readonly storage: Storage) {}

  static with(
    config: StorageConfig,
    clock: Clock,
    log: Log,
    checkpoint?: Checkpoint,
    writer?: WriterThread,
  ): DynamicModule {
    return {
      module: StorageModule,
      providers: [
        { provide: STORAGE, useFactory: () => openStorage(config, clock, log, checkpoint, writer) },
        { provide: Store, useFactory: (storage: Storage) => storage.store, inject: [STORAGE] },
        { provide: DefinitionStore, useFactory: (storage: Storage) => storage.definitions, inject: [STORAGE] },
        { provide: Views, useFactory: (storage: Storage) => storage.views, inject: [STORAGE] },
        { provide: HealthStore, useFactory: (storage: Storage) => storage.health, inject: [STORAGE] },
        { provide: LimitStore, useFactory: (storage: Storage) => storage.limits, inject: [STORAGE] },
        { provide: GroupStore, useFactory: (storage: Storage) => storage.groups, inject: [STORAGE] },
        { provide: LaneStore, useFactory: (storage: Storage) => storage.lanes, inject: [STORAGE] },
        { provide: OrderStore, useFactory: (storage: Storage) => storage.orders, inject: [STORAGE] },
        { provide: DispatchViews, useFactory: (storage: Storage) => storage.dispatches, inject: [STORAGE] },
        { provide: AuditTrail, useFactory: (storage: Storage) => storage.audit, inject: [STORAGE] },
        { provide: Database, useFactory: (storage: Storage) => storage.database, inject: [STORAGE] },
      ],
      exports: [
        Store,
        DefinitionStore,
        Views,
        HealthStore,
        GroupStore,
        LaneStore,
        LimitStore,
        OrderStore,
        DispatchViews,
        AuditTrail,
        Database,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.storage.database.close();
  }
}
