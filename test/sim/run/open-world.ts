import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Log } from '../../../src/engine/ports/log.js';
import { MemoryHealthStore } from '../../../src/memory/health/memory-health-store.js';
import { MemoryStore } from '../../../src/memory/memory-store.js';
import { MemoryRows } from '../../../src/memory/memory-store-rows.js';
import { MemoryViews } from '../../../src/memory/memory-store-views.js';
import { WorldClock } from '../world/sim-clock.js';
import type { OpenedStore } from '../world/surroundings.js';

export type OpenWorld = () => Promise<OpenedStore>;

/** Opens stores for worlds, one after the other. */
export interface Stores {
  readonly open: OpenWorld;
  close(): Promise<void>;
}

export const memoryStores = (): Stores => ({
  open: async () => {
    const clock = new WorldClock();
    const rows = new MemoryRows(clock);
    return { store: new MemoryStore(rows), views: new MemoryViews(rows), health: new MemoryHealthStore(), clock };
  },
  close: async () => {},
});

class QuietLog extends Log {
  override info(): void {}
  override warn(): void {}
  override error(): void {}
}

/** No power fails here, so the file need not reach a disk: where memory can be a folder, that is much faster. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Each world gets a file of its own: what one has left behind must not explain what happens in another. */
export async function sqliteStores(): Promise<Stores> {
  const { openStorage } = await import('../../../src/storage/open-storage.js');
  let close = async (): Promise<void> => {};
  return {
    open: async () => {
      await close();
      const data = mkdtempSync(join(MEMORY, 'sluice-sim-'));
      const clock = new WorldClock();
      const storage = await openStorage(
        { mode: 'embedded', databaseUrl: null, data, migrate: true, allowInsecure: false },
        clock,
        new QuietLog(),
      );
      close = async () => {
        await storage.database.close();
        rmSync(data, { recursive: true });
      };
      return { store: storage.store, views: storage.views, health: storage.health, clock };
    },
    close: () => close(),
  };
}
