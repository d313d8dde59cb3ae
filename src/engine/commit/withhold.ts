import { isActive, type NodeInstance } from '../../core/flow/instance.js';
import type { Changes, Locked } from '../ports/store.js';
import type { News } from './outbox.js';
import type { Pending } from './pending.js';

/**
 * The incident INTERNAL of a node instance whose definition cannot be read by this release: nothing can be decided
 * about it, but it can be shown to a person. `null` when there is nothing to hold.
 */
export function withhold(
  { instance, nodes }: Locked,
  { event }: Pending,
  fault: unknown,
  now: number,
): { readonly changes: Changes; readonly news: readonly News[] } | null {
  if (!('node' in event)) return null;
  const { node, visit } = event;
  const row = nodes.find((one) => one.node === node && one.visit === visit);
  const stale = 'attempt' in event && event.attempt !== row?.attempt;
  if (!row || stale || !isActive(row.status) || row.status === 'incident') return null;
  const { id, flow, version, key } = instance;
  const why = (fault instanceof Error ? fault.message : String(fault)).slice(0, 500);
  const message = `Expected version ${version} of '${flow}' to be readable, but it is not: ${why} Run the release that it was written for, then retry.`;
  const held: NodeInstance = {
    ...row,
    status: 'incident',
    queue: null,
    wakeAt: null,
    error: { code: 'INTERNAL', message, permanent: true },
  };
  const counted = { seq: instance.seq + 1, incidents: instance.incidents + 1 };
  const status = instance.status === 'paused' ? 'paused' : 'incident';
  return {
    changes: {
      instance: { ...instance, ...counted, status },
      instanceChanged: true,
      nodes: [held],
      outputs: [],
      vars: {},
      attempts: [],
      raised: [{ node, visit, code: 'INTERNAL', message, at: now }],
      resolved: [],
      ended: false,
    },
    news: [
      {
        id: `${id}:${node}.${visit}:INTERNAL:${now}`,
        routingKey: `incident.raised.${flow}`,
        body: { instance: id, flow, version, key, node, visit, code: 'INTERNAL', message },
      },
    ],
  };
}
