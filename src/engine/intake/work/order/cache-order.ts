import type { TaskNode } from '../../../../core/definition/definition.js';
import type { BatchRule, CacheRule } from '../../../../core/definition/work/cache.js';
import type { Json, JsonObject } from '../../../../core/json.js';
import type { BatchOrder, CacheOrder } from '../../../ports/handlers.js';
import type { DeliveryFacts } from '../../../ports/store.js';
import { scopeOf } from '../../build-input.js';

/**
 * Which calls a call is equal to: those of the same handler with the same literals and the same key. `null`: to none.
 * @throws {ExpressionFailure} when the key has no answer.
 */
export function cacheOrder(
  { handler, with: literals, secrets, returns }: TaskNode,
  { ttlMs, key }: CacheRule,
  input: JsonObject,
  facts: Pick<DeliveryFacts, 'input' | 'vars' | 'outputs'>,
): CacheOrder | null {
  const value = key === null ? input : key.value(scopeOf(facts));
  if (value === null) return null;
  const fits = returns && { fits: (output: Json) => returns.fault(output) === null };
  return { key: `${handler}\n${sorted(literals)}\n${sorted(value)}${named(secrets)}`, ttlMs, ...fits };
}

/** Which calls may be asked about together: those of the same handler with the same literals and the same bounds. */
export const batchOrder = ({ handler, with: literals, secrets }: TaskNode, batch: BatchRule): BatchOrder => ({
  ...batch,
  key: `${handler}\n${sorted(literals)}\n${batch.max}\n${batch.withinMs}${named(secrets)}`,
});

/** Who is given another secret is another; which one it is tells its name, never its value. */
const named = (secrets: TaskNode['secrets']): string => (secrets ? `\n${JSON.stringify(secrets)}` : '');

/** Equal values give equal texts, in whatever order their members were written. */
function sorted(value: Json): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
