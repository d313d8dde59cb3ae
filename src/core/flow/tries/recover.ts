import type { Line } from '../../definition/definition.js';
import type { RetryPolicy } from '../../definition/work/retry-policy.js';
import { share } from '../../share.js';
import type { Failure } from '../instance.js';

/** What follows a failed attempt. */
export type Recovery =
  | { readonly type: 'retry'; readonly delayMs: number }
  | { readonly type: 'line'; readonly line: Line }
  | { readonly type: 'incident'; readonly code: 'EXHAUSTED' | 'PERMANENT_FAILURE' };

export interface FailedAttempt {
  readonly policy: RetryPolicy;
  /** Lines for failures, in file order. */
  readonly boundary: readonly Line[];
  /** From 1 in this round; an operator's retry begins a new round. */
  readonly tries: number;
  readonly error: Failure;
  /** Spreads jitter: the same for the same attempt, different between instances. */
  readonly seed: string;
}

/**
 * A permanent failure goes to its `on error` line at once. Others use up their attempts first; then, in this order:
 * `on timeout` if the last attempt timed out, `on exhausted`, the first matching `on error`, an incident.
 */
export function recover({ policy, boundary, tries, error, seed }: FailedAttempt): Recovery {
  const byCode = boundary.find(({ when }) => when.type === 'error' && matches(when.pattern, error.code));
  if (error.permanent) return byCode ? { type: 'line', line: byCode } : { type: 'incident', code: 'PERMANENT_FAILURE' };
  const delayMs = tries <= policy.max ? retryDelayMs(policy, tries, seed) : null;
  if (delayMs !== null) return { type: 'retry', delayMs };
  const byTimeout = error.code === 'TIMEOUT' ? boundary.find(({ when }) => when.type === 'timeout') : undefined;
  const line = byTimeout ?? boundary.find(({ when }) => when.type === 'exhausted') ?? byCode;
  return line ? { type: 'line', line } : { type: 'incident', code: 'EXHAUSTED' };
}

/** A pattern is a code, or a prefix that ends in `*`. */
export const matches = (pattern: string, code: string): boolean =>
  pattern.endsWith('*') ? code.startsWith(pattern.slice(0, -1)) : code === pattern;

/** Delay before the next attempt, after so many in this round; `null` when the policy names none. */
export function retryDelayMs({ remote, backoff }: RetryPolicy, tries: number, seed: string): number | null {
  if (!backoff) return remote[Math.min(tries, remote.length) - 1] ?? null;
  const full = Math.min(backoff.capMs, backoff.baseMs * backoff.factor ** (tries - 1));
  return Math.round(full * (1 - backoff.jitter * share(`${seed}.${tries}`)));
}
