import type { FlowMap, NodeView } from '../../api/wire.js';
import { duration, spanMs } from '../time.js';
import { nodeLook } from './looks.js';

/** What the graph shows of one node: its state, a badge, and a sentence for those who hear the page. */
export interface NodePaint {
  readonly shown: string;
  readonly badge: string | null;
  readonly label: string;
}

/** Trouble first, then what moves, then what is over: this visit speaks for a node that has several. */
const WEIGHT: Readonly<Record<string, number>> = { bad: 5, warn: 4, live: 3, wait: 2 };

/** The visit that stands for its node: the one that most needs a look, else the latest. */
export function speakingVisit(visits: readonly NodeView[]): NodeView | null {
  let best: NodeView | null = null;
  for (const visit of visits) {
    if (best === null || rank(visit) > rank(best) || (rank(visit) === rank(best) && visit.visit > best.visit))
      best = visit;
  }
  return best;
}

/** No item of `each`. */
export const isWhole = ({ item }: Pick<NodeView, 'item'>): boolean => item == null;

/** Visits by node id, in the order of their visit numbers. */
export function visitsByNode(nodes: readonly NodeView[]): ReadonlyMap<string, readonly NodeView[]> {
  const byNode = new Map<string, NodeView[]>();
  for (const node of nodes) {
    const list = byNode.get(node.node);
    if (list) list.push(node);
    else byNode.set(node.node, [node]);
  }
  for (const list of byNode.values()) list.sort((a, b) => a.visit - b.visit);
  return byNode;
}

/**
 * `×3 · 2.4 s`: attempts (when more than one) and the time it took or has taken; visits come first when there are
 * several. Nodes that took no time worth a word have no badge.
 */
export function badge(all: readonly NodeView[], nowMs: number): string | null {
  const visits = all.filter(isWhole);
  const visit = speakingVisit(visits);
  if (!visit) return null;
  const parts: string[] = [];
  if (visits.length > 1) parts.push(`${visits.length} visits`);
  if (visit.items) parts.push(`${visit.items.done}/${visit.items.total}${visit.items.open ? '+' : ''}`);
  if (visit.attempt > 1) parts.push(`×${visit.attempt}`);
  const span = spanMs(visit.startedAt, visit.endedAt, nowMs);
  const settled = visit.endedAt === null && !nodeLook(visit.shown).moving;
  if (span >= 1 && !settled) parts.push(duration(span));
  return parts.length > 0 ? parts.join(' · ') : null;
}

/** The paint of every node of the map; a node that was never visited has `shown: 'none'`. `nodes` null: no instance. */
export function paintNodes(
  map: FlowMap,
  nodes: readonly NodeView[] | null,
  nowMs: number,
): ReadonlyMap<string, NodePaint> {
  const byNode = visitsByNode(nodes ?? []);
  return new Map(
    map.nodes.map(({ id, title, kind }) => {
      const visits = byNode.get(id) ?? [];
      const visit = speakingVisit(visits);
      const name = title ? `${title} (${id})` : id;
      const bare = nodes === null ? `${name}, ${kind}` : `${name}, ${kind}, not reached`;
      if (!visit) return [id, { shown: 'none', badge: null, label: bare }];
      const text = badge(visits, nowMs);
      const said = [name, kind, nodeLook(visit.shown).label.toLowerCase()];
      const wholes = visits.filter(isWhole);
      if (wholes.length > 1) said.push(`${wholes.length} visits`);
      const items = wholes.at(-1)?.items;
      if (items) said.push(`${items.done} of ${items.total} items${items.open ? ', more may come' : ''}`);
      if (visit.attempt > 1) said.push(`attempt ${visit.attempt}`);
      if (visit.error) said.push(visit.error.code);
      return [id, { shown: visit.shown, badge: text, label: said.join(', ') }];
    }),
  );
}

/** Indexes of the edges that something has passed: those by which nodes were entered, and those with arrivals that wait. */
export function takenEdges(
  nodes: readonly Pick<NodeView, 'via'>[],
  arrivals: Readonly<Record<string, number>>,
): ReadonlySet<number> {
  const taken = new Set<number>();
  for (const node of nodes) for (const edge of node.via) taken.add(edge);
  for (const [edge, count] of Object.entries(arrivals)) if (count > 0) taken.add(Number(edge));
  return taken;
}

const rank = (visit: NodeView): number => WEIGHT[nodeLook(visit.shown).tone] ?? 0;
