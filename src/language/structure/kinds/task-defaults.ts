import type { RetryPolicy } from '../../../core/definition/work/retry-policy.js';
import type { Tree } from '../../yaml/tree.js';
import { parseDuration } from '../duration.js';
import type { CustomKinds } from './task/custom/custom-kinds.js';

export interface TaskDefaults {
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly flow?: string;
  /** What rule trees of the flow share; `null` when it could not be read. */
  readonly shared?: Tree | null | undefined;
  /** A node is called `secret`: that name means its output, and no secret can be read. */
  readonly hasSecretNode?: boolean;
  /** Kinds that plugins bring; absent: none. */
  readonly kinds?: CustomKinds;
}

/** A task that says nothing: 30 s an attempt, three more attempts after 5, 30 and 120 s. */
export const TASK_DEFAULTS: TaskDefaults = {
  timeoutMs: 30_000,
  retry: { local: [], remote: [5_000, 30_000, 120_000], max: 3, backoff: null },
};

/** Durations in milliseconds and everything that is left out filled in. */
export function retryFrom(value: unknown, defaults: RetryPolicy): RetryPolicy {
  if (value === undefined) return defaults;
  const written = value as {
    local?: string[];
    remote?: string[];
    max?: number;
    backoff?: { base: string; factor?: number; cap: string; jitter?: number };
  };
  const local = written.local?.map(milliseconds) ?? defaults.local;
  const max = written.max ?? defaults.max;
  if (written.remote) return { local, remote: written.remote.map(milliseconds), max, backoff: null };
  if (!written.backoff) return { ...defaults, local, max };
  const { base, factor = 2, cap, jitter = 0 } = written.backoff;
  const backoff = { baseMs: milliseconds(base), factor, capMs: milliseconds(cap), jitter };
  return { local, remote: defaults.remote, max, backoff };
}

export const milliseconds = (text: string): number => parseDuration(text) ?? 0;
