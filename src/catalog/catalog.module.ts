import { type DynamicModule, Module } from '@nestjs/common';
import { OrderStore } from '../engine/health/orders/order-store.js';
import { OrdersBus } from '../engine/health/orders/orders-bus.js';
import { OrdersInForce } from '../engine/health/orders/orders-in-force.js';
import { Catalog } from '../engine/ports/catalog.js';
import { Clock } from '../engine/ports/clock.js';
import { DefinitionStore } from '../engine/ports/definition-store.js';
import { Log } from '../engine/ports/log.js';
import { CustomKinds } from '../language/structure/kinds/task/custom/custom-kinds.js';
import { CachedCatalog } from './cached-catalog.js';
import { DefinitionFolder } from './definition-folder.js';
import { FollowOrders } from './orders/follow-orders.js';
import { PublishDefinition } from './publish-definition.js';

export interface CatalogOptions {
  /** Modules that provide `DefinitionStore`, `OrderStore`, `OrdersBus`, `Clock` and `Log`, where they are not global. */
  readonly imports?: NonNullable<DynamicModule['imports']>;
  /** Folder of `*.flow.yaml` files. */
  readonly folder: string;
}

/** Kinds of node that plugins bring, if the application provides them. */
const KINDS = { token: CustomKinds, optional: true };

/** Definitions, from YAML files to compiled versions. Whoever starts the application calls `DefinitionFolder.load`. */
@Module({})
export class CatalogModule {
  static with({ imports = [], folder }: CatalogOptions): DynamicModule {
    return {
      module: CatalogModule,
      imports,
      providers: [
        {
          provide: CachedCatalog,
          inject: [DefinitionStore, Clock],
          useFactory: (store: DefinitionStore, clock: Clock) => new CachedCatalog(store, clock),
        },
        { provide: Catalog, useExisting: CachedCatalog },
        {
          provide: PublishDefinition,
          inject: [DefinitionStore, CachedCatalog, KINDS],
          useFactory: (store: DefinitionStore, catalog: CachedCatalog, kinds?: CustomKinds) =>
            new PublishDefinition(store, catalog, kinds),
        },
        {
          provide: DefinitionFolder,
          inject: [PublishDefinition, Clock, KINDS],
          useFactory: (publish: PublishDefinition, clock: Clock, kinds?: CustomKinds) =>
            new DefinitionFolder(folder, publish, clock, kinds),
        },
        {
          provide: FollowOrders,
          inject: [OrderStore, Clock, Log, OrdersBus],
          useFactory: (store: OrderStore, clock: Clock, log: Log, bus: OrdersBus) =>
            new FollowOrders(store, clock, log, bus),
        },
        { provide: OrdersInForce, useExisting: FollowOrders },
      ],
      exports: [FollowOrders, OrdersInForce, Catalog, CachedCatalog, PublishDefinition, DefinitionFolder],
    };
  }
}
