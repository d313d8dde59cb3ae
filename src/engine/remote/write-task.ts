import type { TaskNode } from '../../core/definition/definition.js';
import { visitOf } from '../../core/definition/work/each.js';
import { nodeInstanceId } from '../../core/flow/instance.js';
import type { JsonObject } from '../../core/json.js';
import type { Sha256 } from '../intake/refuse.js';
import type { DispatchMessage, OutgoingTask } from '../ports/broker.js';
import { type Correlation, writeCorrelation } from './correlation.js';
import { traceparentOf } from './traceparent.js';

/** Raised when a member changes its meaning or goes; a new one does not need it. */
const CONTRACT = 1;

const encoder = new TextEncoder();

/** An attempt as a worker outside gets it. The contract for those who write one is contracts/task.schema.json. */
export function writeTask(
  message: DispatchMessage,
  { handler, with: literals, timeoutMs }: Pick<TaskNode, 'handler' | 'with' | 'timeoutMs'>,
  input: JsonObject,
  { polls, sentAt, probe }: Pick<Correlation, 'polls' | 'sentAt' | 'probe'>,
  sha256: Sha256,
): OutgoingTask {
  const { instance, flow, version, node, visit, attempt } = message;
  const idempotencyKey = nodeInstanceId(instance, node, visit);
  const messageId = `${idempotencyKey}:${attempt}:${polls}`;
  const traceparent = traceparentOf(instance, idempotencyKey, sha256);
  const body = {
    sluice: CONTRACT,
    task: handler,
    idempotencyKey,
    instance,
    flow,
    version,
    node,
    visit: visitOf(visit),
    attempt,
    polls,
    input,
    with: literals ?? {},
    timeoutMs,
    sentAt: new Date(sentAt).toISOString(),
    traceparent,
  };
  return {
    task: handler,
    messageId,
    correlationId: writeCorrelation({ instance, flow, version, node, visit, attempt, polls, sentAt, probe }),
    body: encoder.encode(JSON.stringify(body)),
    headers: { 'sluice-idempotency-key': idempotencyKey, 'sluice-attempt': attempt, traceparent },
    expiresMs: timeoutMs,
  };
}
