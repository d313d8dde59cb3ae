import type { FlowEvent } from '../../../core/flow/event.js';
import { nodeInstanceId } from '../../../core/flow/instance.js';
import { POLICY } from '../../../core/routing/policy.js';
import type { DispatchMessage } from '../../ports/broker.js';
import type { Tally } from '../../tally.js';
import type { KnowGroups } from './know-groups.js';

/**
 * What becomes of a message whose handlers this engine has not all: it goes on to a group that has them, at no attempt, or waits
 * for one that had them a while ago; only if nobody had, it is an incident. Each time it comes to the wrong engine it is sent on later.
 */
export async function sendElsewhere(
  groups: KnowGroups,
  message: DispatchMessage,
  { handlers, missing }: { readonly handlers: readonly string[]; readonly missing: string },
  tally: Tally,
): Promise<FlowEvent> {
  const { instance, node, visit, attempt, dispatch } = message;
  const about = { at: 0, node, visit, attempt };
  const where = await groups.find(handlers, nodeInstanceId(instance, node, visit));
  if (where.type === 'nobody') return { type: 'task.unhandled', ...about, handler: missing };
  tally.count('delivery.elsewhere');
  const { leastMs, mostMs } = POLICY.groups.elsewhere[where.type === 'waits' ? 'gone' : 'up'];
  const times = Math.max(0, Math.min(16, dispatch - attempt));
  const delayMs = Math.min(mostMs, leastMs * 2 ** times);
  const said = `this engine does not have '${missing}'`;
  return { type: 'task.deferred', ...about, dispatch, delayMs, exceeds: { code: 'group.elsewhere', said } };
}
