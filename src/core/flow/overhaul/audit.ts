import { visitOf } from '../../definition/work/each.js';
import type { FlowEvent } from '../event.js';
import type { NodeInstance } from '../instance.js';
import type { Draft } from '../walk/draft.js';
import { named, raise } from '../walk/leave.js';

type Audited = Extract<FlowEvent, { type: 'instance.audited' }>;

const BY = 'engine: put right by the audit';

/**
 * What should never be. A wrong count is counted anew, and what is left active in an instance that is over is cancelled:
 * both are put right and kept as a closed incident. An instance that has nothing to do waits for a person, at one more
 * visit of the node that was reached last.
 */
export function setRight(draft: Draft, { last }: Audited): void {
  const left = draft.activeRows();
  draft.recount();
  if (!draft.over && left.length === 0) {
    standStill(draft, last);
    return;
  }
  if (draft.over) cancelLeft(draft, left);
  const message = draft.over
    ? `Expected nothing to be active in an instance that is over, but its count or ${left.length} of its nodes said so. They are cancelled.`
    : `Expected the count of active nodes to be that of the rows, but it was not. It is ${left.length} now.`;
  // At a visit that nobody made: closing it must not close what is open at a real one.
  const place = { node: last.node, visit: visitOf(last.visit) + 1 };
  draft.effects.push({ type: 'incident.raised', ...place, code: 'STUCK', message });
  draft.effects.push({ type: 'incident.resolved', ...place, by: BY });
}

function cancelLeft(draft: Draft, left: readonly NodeInstance[]): void {
  for (const row of left) {
    const { node, visit, status } = row;
    if (status === 'incident') draft.effects.push({ type: 'incident.resolved', node, visit, by: BY });
    draft.close(row, 'cancelled', row.error);
  }
}

function standStill(draft: Draft, last: Audited['last']): void {
  const made = draft.newVisit({ node: last.node, via: [], cause: last });
  const before = visitOf(last.visit);
  const row = { ...made, visit: Math.max(made.visit, before + 1), attempt: 0 };
  const message = `Expected something that brings the instance on, but after ${named({ ...row, visit: before })} there is nothing. Cancel it, or retry this by name to enter '${last.node}' once more, with a new idempotency key.`;
  raise(draft, row, { code: 'STUCK', message }, null);
}
