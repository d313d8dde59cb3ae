import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GroupStore } from '../../../src/engine/health/groups/group-store.js';
import type { LaneStore } from '../../../src/engine/health/lanes/lane-store.js';
import type { LimitStore } from '../../../src/engine/health/limits/limit-store.js';
import type { OrderStore } from '../../../src/engine/health/orders/order-store.js';
import type { HealthStore } from '../../../src/engine/health/sharing/health-store.js';
import type { AuditTrail } from '../../../src/engine/operate/audit/audit-trail.js';
import type { DispatchViews } from '../../../src/engine/operate/delays/dispatch-views.js';
import type { DefinitionStore } from '../../../src/engine/ports/definition-store.js';
import { Log } from '../../../src/engine/ports/log.js';
import type { Store } from '../../../src/engine/ports/store.js';
import type { Views } from '../../../src/engine/ports/views.js';
import { MemoryHealthStore } from '../../../src/memory/health/memory-health-store.js';
import { MemoryStore } from '../../../src/memory/memory-store.js';
import { MemoryDefinitionStore } from '../../../src/memory/memory-store-definitions.js';
import { MemoryRows } from '../../../src/memory/memory-store-rows.js';
import { MemoryViews } from '../../../src/memory/memory-store-views.js';
import { SystemClock } from '../../../src/memory/system-clock.js';
import type { WriterThread } from '../../../src/storage/embedded/open.js';
import { openStorage, type StorageConfig } from '../../../src/storage/open-storage.js';
import { writerScript } from '../../support/engine/writer-script.js';
import { freshDatabase } from '../../support/servers.mjs';

/** What a contract suite runs on. */
export interface Opened {
  readonly store: Store;
  readonly definitions: DefinitionStore;
  readonly views: Views;
  readonly health: HealthStore;
  /** Only what people tell a database; `sluice run` has none. */
  readonly orders?: OrderStore;
  readonly groups?: GroupStore;
  readonly lanes?: LaneStore;
  readonly limits?: LimitStore;
  readonly dispatches?: DispatchViews;
  readonly audit?: AuditTrail;
  close(): Promise<void>;
}

export type Open = () => Promise<Opened>;

export class QuietLog extends Log {
  readonly warnings: string[] = [];
  info(): void {}
  warn(message: string): void {
    this.warnings.push(message);
  }
  error(): void {}
}

export const EMBEDDED: StorageConfig = {
  mode: 'embedded',
  databaseUrl: null,
  data: '.',
  migrate: false,
  allowInsecure: false,
};

export const openSqlite: Open = () => openFile();

/** As {@link openSqlite}, written by a thread of its own, however little there is to write. */
export const openThreaded: Open = async () => openFile({ script: await writerScript(), few: 0 });

async function openFile(writer?: WriterThread): Promise<Opened> {
  const data = mkdtempSync(join(tmpdir(), 'sluice-store-'));
  const storage = await openStorage({ ...EMBEDDED, data }, new SystemClock(), new QuietLog(), undefined, writer);
  return {
    ...storage,
    async close() {
      await storage.database.close();
      rmSync(data, { recursive: true });
    },
  };
}

export const openServer: Open = async () => {
  const fresh = await freshDatabase();
  const config: StorageConfig = {
    mode: 'servers',
    databaseUrl: fresh.url,
    data: '.',
    migrate: true,
    allowInsecure: true,
  };
  const storage = await openStorage(config, new SystemClock(), new QuietLog());
  return {
    ...storage,
    async close() {
      await storage.database.close();
      await fresh.drop();
    },
  };
};

export const openMemory: Open = async () => {
  const rows = new MemoryRows(new SystemClock());
  return {
    store: new MemoryStore(rows),
    definitions: new MemoryDefinitionStore(rows),
    views: new MemoryViews(rows),
    health: new MemoryHealthStore(),
    close: () => Promise.resolve(),
  };
};
