import type { StoredDefinition } from '../../src/engine/ports/definition-store.js';
import { MemoryDefinitionStore } from '../../src/memory/memory-store-definitions.js';
import { MemoryRows } from '../../src/memory/memory-store-rows.js';
import { VirtualClock } from '../../src/memory/virtual-clock.js';

export const memoryDefinitions = (): MemoryDefinitionStore =>
  new MemoryDefinitionStore(new MemoryRows(new VirtualClock()));

/** Counts how often it is asked, and takes any text. */
class CountingDefinitions extends MemoryDefinitionStore {
  finds = 0;

  override async find(flow: string, version?: number): Promise<StoredDefinition | null> {
    this.finds++;
    const found = await super.find(flow, version);
    await new Promise((resolve) => setImmediate(resolve));
    return found;
  }

  async put(flow: string, source: string): Promise<void> {
    await this.insert({ flow, source, sha256: source, title: null, description: null, version: null });
  }
}

export const countingDefinitions = (): CountingDefinitions =>
  new CountingDefinitions(new MemoryRows(new VirtualClock()));
