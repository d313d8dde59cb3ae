import { type Json, jsonBytes } from '../../json.js';
import type { InstanceState } from '../instance.js';
import { Problem } from './problem.js';

/** Most bytes that the input, the variables and the latest outputs of an instance may have together, as JSON. */
export const CONTEXT_LIMIT = 262_144;
/**
 * Values below it are not counted: to count each of them would write the instance's row at every step. A definition has
 * a bounded number of names, so that what is not counted is bounded too.
 */
export const COUNTED_FROM = 4_096;

/** Bytes by name of the scope, of what is counted. */
export type Sizes = Readonly<Record<string, number>>;
export const NO_SIZES: Sizes = {};

/** What the state of an instance holds beside what every one has. */
export const lasting = (
  { caller, moved }: InstanceState,
  sizes: Sizes,
  ending: InstanceState['ending'] | null,
): Partial<InstanceState> => ({
  ...(Object.keys(sizes).length > 0 && { sizes }),
  ...(caller && { caller }),
  ...(moved && { moved }),
  ...(ending && { ending }),
});

/** The sizes with a value in place of the one that had its name; or why it may not be. What shrinks may always be. */
export function withValue(sizes: Sizes, name: string, value: Json, bytes = jsonBytes(value)): Sizes | Problem {
  const before = sizes[name] ?? 0;
  if (bytes < COUNTED_FROM) {
    if (before === 0) return sizes;
    const { [name]: _, ...rest } = sizes;
    return rest;
  }
  if (bytes === before) return sizes;
  const after = { ...sizes, [name]: bytes };
  const total = Object.values(after).reduce((sum, size) => sum + size, 0);
  if (total <= CONTEXT_LIMIT || bytes < before) return after;
  return new Problem(
    'CONTEXT_TOO_LARGE',
    `Expected the context to have at most ${CONTEXT_LIMIT} bytes, but with '${name}', which has ${bytes}, it would have ${total}. Store large values elsewhere and keep a reference, then retry.`,
  );
}
