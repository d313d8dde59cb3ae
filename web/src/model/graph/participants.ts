import type { MapNode, NodeView } from '../../api/wire.js';

const PHASES = ['try', 'confirm', 'cancel'] as const;

/** What one node instance of a node with participants does. */
export interface Part {
  readonly name: string;
  readonly phase: (typeof PHASES)[number];
}

/** Which participant a node instance is, and what it does; `null`: it is none. */
export function partOf(node: Pick<MapNode, 'participants'> | null, { item }: Pick<NodeView, 'item'>): Part | null {
  if (!node?.participants || item == null) return null;
  const name = node.participants[Math.floor(item / PHASES.length)];
  const phase = PHASES[item % PHASES.length];
  return name === undefined || phase === undefined ? null : { name, phase };
}

/** What a visit is called among the others of its node. */
export function visitLabel(
  node: Pick<MapNode, 'participants'> | null,
  visit: Pick<NodeView, 'item' | 'visit'>,
): string {
  const part = partOf(node, visit);
  if (part) return `${part.name}: ${part.phase}`;
  return visit.item == null ? String(visit.visit) : `item ${visit.item}`;
}
