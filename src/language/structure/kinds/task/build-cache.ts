import type { BatchRule, CacheRule } from '../../../../core/definition/work/cache.js';
import { compilePlaced } from '../../../expression/compile/compile-values.js';
import type { Report } from '../../../report/report.js';
import { entryOf, type MapTree, plain, type Tree } from '../../../yaml/tree.js';
import type { NodeExpression } from '../../draft.js';
import { parseDuration } from '../../duration.js';

export interface BuiltCache {
  readonly rule: CacheRule;
  readonly expressions: readonly NodeExpression[];
}

/** `cache: { ttl, key }`, accepted by its schema. `null` when its expression is faulty. */
export function buildCache(written: Tree, report: Report): BuiltCache | null {
  if (written.type !== 'map') return null;
  const ttl = entryOf(written, 'ttl');
  const ttlMs = parseDuration(String(ttl && plain(ttl.value))) ?? 0;
  const key = entryOf(written, 'key')?.value;
  if (!key) return { rule: { ttlMs, key: null }, expressions: [] };
  const placed = key.type === 'scalar' ? compilePlaced(key, report) : null;
  return placed && { rule: { ttlMs, key: placed.compiled.expression }, expressions: [{ role: 'in', placed }] };
}

/** `batch: { max, within }`, accepted by its schema. */
export function batchOf(tree: MapTree): { readonly batch?: BatchRule } {
  const written = entryOf(tree, 'batch');
  if (!written) return {};
  const { max, within } = plain(written.value) as { max: number; within: string };
  return { batch: { max, withinMs: parseDuration(within) ?? 0 } };
}
