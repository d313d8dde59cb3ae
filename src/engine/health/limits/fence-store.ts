import type { FenceVerdict } from '../../../core/flow/tries/tcc/fence.js';
import type { Phase } from '../../../core/flow/tries/tcc/rule.js';

/** One participant of one visit. */
export interface FenceKey {
  readonly instance: string;
  readonly node: string;
  readonly visit: number;
  readonly participant: string;
}

/** What participants have begun, one row each; it outlives their handlers and their engines. */
export abstract class FenceStore {
  /** Reads, decides as `passFence` says and writes, in one transaction that excludes every other for the same key. */
  abstract pass(key: FenceKey, phase: Phase): Promise<FenceVerdict>;
}
