import { type InstanceStatus, isActive, isOver } from '../../core/flow/instance.js';
import type { AuditPage, AuditPlace } from '../../engine/ports/views.js';
import { type MemoryRows, order } from '../memory-store-rows.js';

/** The next instances of a walk by flow, status and id. */
export function audit(
  rows: MemoryRows,
  statuses: readonly InstanceStatus[],
  after: AuditPlace | null,
  limit: number,
): AuditPage {
  const rank = (of: AuditPlace): string => `${of.flow} ${statuses.indexOf(of.status)} ${of.id}`;
  const rest = [...rows.instances.values()]
    .filter(({ status }) => statuses.includes(status))
    .filter((one) => after === null || order(rank(one), rank(after)) > 0)
    .sort((a, b) => order(rank(a), rank(b)));
  const page = rest.slice(0, limit);
  const odd = page.filter(({ id, status, active }) => {
    const counted = rows.entriesOf(id).filter(({ node }) => isActive(node.status)).length;
    return counted !== active || isOver(status) !== (counted === 0);
  });
  const last = page.at(-1);
  const more = rest.length > limit && last !== undefined;
  return {
    looked: page.length,
    odd: odd.map(({ id }) => id),
    next: more ? { flow: last.flow, status: last.status, id: last.id } : null,
  };
}
