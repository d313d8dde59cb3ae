import { type DynamicModule, Module } from '@nestjs/common';
import { Catalog } from '../engine/ports/catalog.js';
import { Clock } from '../engine/ports/clock.js';
import { DefinitionStore } from '../engine/ports/definition-store.js';
import { CachedCatalog } from './cached-catalog.js';
import { DefinitionFolder } from './definition-folder.js';
import { PublishDefinition } from './publish-definition.js';

export interface CatalogOptions {
  /** Modules that provide `DefinitionStore` and `Clock`, where they are not global. */
  readonly imports?: NonNullable<DynamicModule['imports']>;
  /** Folder of `*.flow.yaml` files. */
  readonly folder: string;
}

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
          inject: [DefinitionStore, CachedCatalog],
          useFactory: (store: DefinitionStore, catalog: CachedCatalog) => new PublishDefinition(store, catalog),
        },
        {
          provide: DefinitionFolder,
          inject: [PublishDefinition, Clock],
          useFactory: (publish: PublishDefinition, clock: Clock) => new DefinitionFolder(folder, publish, clock),
        },
      ],
      exports: [Catalog, CachedCatalog, PublishDefinition, DefinitionFolder],
    };
  }
}
