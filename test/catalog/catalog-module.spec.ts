import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { expect, it } from 'vitest';
import { CatalogModule } from '../../src/catalog/catalog.module.js';
import { DefinitionFolder } from '../../src/catalog/definition-folder.js';
import { OrderStore } from '../../src/engine/health/orders/order-store.js';
import { OrdersBus } from '../../src/engine/health/orders/orders-bus.js';
import { Catalog } from '../../src/engine/ports/catalog.js';
import { Clock } from '../../src/engine/ports/clock.js';
import { DefinitionStore } from '../../src/engine/ports/definition-store.js';
import { Log } from '../../src/engine/ports/log.js';
import { MemoryOrdersBus } from '../../src/memory/health/memory-orders-bus.js';
import { VirtualClock } from '../../src/memory/virtual-clock.js';
import { MemoryOrders } from '../console/support/memory-orders.js';
import { MemoryLog } from '../console/support/memory-ports.js';
import { flowText, folders } from './places.js';
import { memoryDefinitions } from './stores.js';

const makeFolder = folders();

@Global()
@Module({
  providers: [
    { provide: Clock, useValue: new VirtualClock() },
    { provide: DefinitionStore, useFactory: memoryDefinitions },
    { provide: OrderStore, useFactory: () => new MemoryOrders(() => 0) },
    { provide: OrdersBus, useValue: new MemoryOrdersBus() },
    { provide: Log, useClass: MemoryLog },
  ],
  exports: [Clock, DefinitionStore, OrderStore, OrdersBus, Log],
})
class TimeAndStore {}

it('CatalogModule joins the folder, the store and the catalog', async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, 'a.flow.yaml'), flowText('a'));
  @Module({ imports: [TimeAndStore, CatalogModule.with({ folder })] })
  class App {}
  const app = await NestFactory.createApplicationContext(App, { logger: false, abortOnError: false });
  await app.get(DefinitionFolder).load();
  expect((await app.get(Catalog).get('a'))?.definition).toMatchObject({ flow: 'a', version: 1 });
  await app.close();
});
