import type { FlowNode } from '../../../core/definition/definition.js';
import { asksOf, degrades, handlerAt } from '../../../core/definition/handlers.js';
import { nodeInstanceId } from '../../../core/flow/instance.js';
import type { Cause, Routable } from '../../../core/routing/opinion.js';
import { partnerOf } from '../../../core/routing/subject.js';
import type { StoredDispatch } from '../../ports/store.js';

const CAUSES: Readonly<Record<string, Cause>> = {
  'default.delayed': 'delayed',
  'default.poll': 'poll',
  'default.operator': 'operator',
  'default.hastened': 'hastened',
};

/** The message of a stored dispatch, as far as its row tells. `node`: of its definition, if that is known. */
export function routableOf({ instance, flow, node: row }: StoredDispatch, node: FlowNode | undefined): Routable {
  const { attempt, polls, receipt, status, visit } = row;
  const handler = handlerAt(node, visit);
  const kind = status === 'waiting' || node?.kind === 'timer' ? 'timer' : 'task';
  const partner = handler === null ? null : partnerOf(handler, { flow, node: row.node });
  const asks = asksOf(node, visit);
  const by = receipt?.trace.find(({ stage }) => stage === 'default')?.code;
  const tried: Cause = attempt > 1 ? 'retry' : polls > 0 ? 'poll' : 'entered';
  return {
    kind,
    cause: kind === 'timer' ? 'timer' : (CAUSES[by ?? ''] ?? tried),
    flow,
    node: row.node,
    handler,
    attempt,
    polls,
    delayMs: 0,
    id: nodeInstanceId(instance, row.node, visit),
    tags: node?.tags ?? [],
    ...(degrades(node, visit) && { degrades: true }),
    ...(asks && { handlers: asks }),
    subject: kind === 'timer' ? null : (receipt?.subject ?? partner),
  };
}
