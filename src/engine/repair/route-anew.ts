import { asksOf, degrades, handlerAt } from '../../core/definition/handlers.js';
import { nodeInstanceId } from '../../core/flow/instance.js';
import { DATABASE_TIMER, numberOf } from '../../core/routing/lane.js';
import { asking, receiptOf } from '../../core/routing/receipt.js';
import { route } from '../../core/routing/route.js';
import { partnerOf } from '../../core/routing/subject.js';
import { HOLD_MS } from '../commit/draft.js';
import type { Router } from '../health/router.js';
import type { Catalog } from '../ports/catalog.js';
import type { Moved, StoredDispatch } from '../ports/store.js';

/**
 * Due again: routed afresh, since what was known when it began to wait may be hours old. A circuit that is open is
 * found again where the message arrives; what an operator holds stays here.
 */
export function routeAnew(
  { catalog, router }: { readonly catalog: Pick<Catalog, 'cached'>; readonly router: Pick<Router, 'snapshot'> },
  { instance, flow, version, node: row }: StoredDispatch,
  now: number,
): Moved {
  const kind = row.status === 'waiting' ? 'timer' : 'task';
  const node = catalog.cached(flow, version)?.definition.nodes.get(row.node);
  const handler = handlerAt(node, row.visit);
  const partner = handler === null ? null : partnerOf(handler, { flow, node: row.node });
  const subject = kind === 'timer' ? null : (row.receipt?.subject ?? partner);
  const { snapshot } = router;
  const asks = snapshot.groups && asksOf(node, row.visit);
  const decided = route(
    {
      kind,
      flow,
      handler,
      subject,
      id: nodeInstanceId(instance, row.node, row.visit),
      node: row.node,
      tags: node?.tags ?? [],
      attempt: row.attempt,
      polls: row.polls,
      cause: kind === 'timer' ? 'timer' : 'retry',
      delayMs: 0,
      ...(degrades(node, row.visit) && { degrades: true }),
      ...(asks && { handlers: asks }),
    },
    snapshot,
    now,
  );
  const { lane, reason, action, delayMs } = decided;
  const receipt =
    subject === null || partner === null
      ? (row.receipt ?? null)
      : asking(receiptOf(decided, subject, partner, snapshot), row.receipt?.asked);
  if (action !== 'hold') return { lane, queue: numberOf(lane, snapshot.lanes), reason, receipt };
  return { lane, queue: DATABASE_TIMER, reason, receipt, wakeAt: now + Math.min(delayMs, HOLD_MS) };
}
