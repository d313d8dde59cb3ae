import { createHash } from 'node:crypto';
import type { TaskContext } from '../engine/ports/handlers.js';
import { traceparentOf } from '../engine/remote/traceparent.js';

/** The header `traceparent` for whatever a handler calls: its work is then seen in the trace of the instance. */
export const traceparent = ({ instance, idempotencyKey }: Pick<TaskContext, 'instance' | 'idempotencyKey'>): string =>
  traceparentOf(instance, idempotencyKey, (bytes) => createHash('sha256').update(bytes).digest('hex'));
