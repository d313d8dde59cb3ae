import { type FenceVerdict, passFence } from '../../core/flow/tries/tcc/fence.js';
import type { Phase } from '../../core/flow/tries/tcc/rule.js';
import { type FenceKey, FenceStore } from '../../engine/health/limits/fence-store.js';
import type { MemoryRows } from '../memory-store-rows.js';

/** Fences in a map. */
export class MemoryFences extends FenceStore {
  constructor(private readonly rows: MemoryRows) {
    super();
  }

  override async pass({ instance, node, visit, participant }: FenceKey, phase: Phase): Promise<FenceVerdict> {
    const key = `${instance}.${node}.${visit}.${participant}`;
    const { state, verdict } = passFence(this.rows.fences.get(key) ?? null, phase);
    if (state !== null) this.rows.fences.set(key, state);
    return verdict;
  }
}
