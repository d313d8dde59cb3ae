import { handlerAt } from '../../definition/handlers.js';
import type { FlowEvent } from '../event.js';
import type { NodeInstance } from '../instance.js';
import type { Draft } from '../walk/draft.js';

/** What is due sooner than this may be on its way to a handler already: it is let be. */
export const HASTEN_MARGIN_MS = 1_000;

/**
 * The same attempt is dispatched anew, so that the message which waits is stale when it comes. Nothing else changes: it
 * costs no attempt, raises no incident, and a circuit or a hold keeps it back as it would any other.
 */
export function hasten(
  draft: Draft,
  row: NodeInstance,
  { delayMs }: Extract<FlowEvent, { type: 'node.hastened' }>,
): void {
  const node = draft.node(row.node);
  draft.put(row);
  const { visit, attempt } = row;
  draft.effects.push({
    type: 'dispatch',
    node: row.node,
    visit,
    kind: node.kind === 'timer' ? 'timer' : 'task',
    handler: handlerAt(node, visit),
    attempt,
    cause: 'hastened',
    delayMs,
  });
}
