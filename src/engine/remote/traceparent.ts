import type { Sha256 } from '../intake/refuse.js';

const encoder = new TextEncoder();

/** Id of the trace that an instance is: its own id, in the 32 digits of W3C Trace Context. */
export function traceIdOf(instance: string, sha256: Sha256): string {
  const hex = instance.replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(hex) ? hex : sha256(encoder.encode(instance)).slice(0, 32);
}

/** Id of the span that stands for something with a name that never changes. */
export const spanIdOf = (name: string, sha256: Sha256): string => sha256(encoder.encode(name)).slice(0, 16);

/**
 * W3C Trace Context: an instance is a trace, each of its node instances a span. Both come of the ids alone, so that they
 * are equal over attempts and restarts, and can be worked out anywhere.
 */
export const traceparentOf = (instance: string, idempotencyKey: string, sha256: Sha256): string =>
  `00-${traceIdOf(instance, sha256)}-${spanIdOf(idempotencyKey, sha256)}-01`;
