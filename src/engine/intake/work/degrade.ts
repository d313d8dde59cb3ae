import type { TaskNode } from '../../../core/definition/definition.js';
import { ExpressionFailure } from '../../../core/expression.js';
import type { FlowEvent } from '../../../core/flow/event.js';
import { type Json, type JsonObject, jsonBytes } from '../../../core/json.js';
import type { Degraded } from '../../../core/routing/receipt.js';
import type { DeliveryFacts } from '../../ports/store.js';
import { scopeOf } from '../build-input.js';

/** Bytes of JSON: as many as a handler may answer with. */
const MOST = 64 * 1024;

interface About {
  readonly at: number;
  readonly node: string;
  readonly visit: number;
  readonly attempt: number;
}

/**
 * What comes of an attempt that its circuit keeps back, where the node says what it gives then. Nobody is asked, so it
 * tells nothing of the partner.
 */
export function degrade(
  about: About,
  { fallback }: TaskNode,
  facts: Pick<DeliveryFacts, 'input' | 'vars' | 'outputs'>,
  degraded: Degraded,
): FlowEvent {
  const scope = scopeOf(facts);
  const output: Record<string, Json> = {};
  try {
    for (const [name, expression] of fallback ?? []) output[name] = expression.value(scope);
  } catch (fault) {
    if (!(fault instanceof ExpressionFailure)) throw fault;
    return failed(about, fault.code, fault.message);
  }
  const bytes = jsonBytes(output);
  if (bytes <= MOST) return { type: 'task.completed', ...about, output: output as JsonObject, degraded };
  const message = `Expected a fallback of at most ${MOST} bytes of JSON, but it has ${bytes}. Give less, or a reference.`;
  return failed(about, 'RESULT_TOO_LARGE', message);
}

const failed = (about: About, code: string, message: string): FlowEvent => ({
  type: 'task.failed',
  ...about,
  error: { code, message, permanent: true },
});
