import { type Instance, isActive, type NodeInstance } from '../../../../src/core/flow/instance.js';
import type { Changes } from '../../../../src/engine/ports/store.js';

interface Stored {
  readonly instance: Instance;
  readonly nodes: ReadonlyMap<string, NodeInstance>;
}

/** I6, at every commit: what the counts of an instance say instead of what is so; `null`: they are exact. */
export function wrongCounts({ instance, nodes }: Stored): string | null {
  let active = 0;
  let incidents = 0;
  for (const { status } of nodes.values()) {
    active += Number(isActive(status));
    incidents += Number(status === 'incident');
  }
  if (active === instance.active && incidents === instance.incidents) return null;
  return `${instance.id} counts ${instance.active} active and ${instance.incidents} incidents, but has ${active} and ${incidents}`;
}

/** What was committed, for people. */
export const describe = ({ nodes }: Changes): string =>
  nodes.map(({ node, visit, status }) => `${node}.${visit} ${status}`).join(', ') || 'a change';
