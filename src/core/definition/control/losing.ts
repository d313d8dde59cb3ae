import type { FlowNode } from '../definition.js';
import type { Adjacency } from '../repeatable.js';

/** Such a join goes on with some branches, and cancels what is still on its way to it. */
export const cancelsRest = ({ join }: Pick<FlowNode, 'join'>): boolean =>
  join?.type === 'count' && join.rest === 'cancel';

/**
 * The branches of a join: the nodes from which it can be reached without passing it, nor a node that every way to it
 * leads through. The last of those is where its branches have parted: what comes to the join only through that, on
 * another round of a loop around it, is no branch of this round.
 */
export function branchesOf(join: string, start: string, adjacency: Adjacency): ReadonlySet<string> {
  const before = nodesBefore(join, start, adjacency);
  return new Set((adjacency.incoming.get(join) ?? []).flatMap(({ from }) => [...before(from)]));
}

/** The same for one of the nodes from which edges lead into the join: what lies on the way to it, itself included. */
export function nodesBefore(
  join: string,
  start: string,
  { incoming, leaving }: Adjacency,
): (from: string) => ReadonlySet<string> {
  const behind = (from: string, except: string | null): ReadonlySet<string> =>
    walk([from], except, (id) => (leaving.get(id) ?? []).map(({ to }) => to));
  const all = behind(start, null);
  const passed = new Set([...all].filter((id) => id !== join && !behind(start, id).has(join)));
  const before = (id: string): string[] => (incoming.get(id) ?? []).map(({ from }) => from);
  return (from) => walk([from], join, before, passed);
}

/** What lies along the edges from some nodes, themselves included, never at one and never at or beyond some others. */
function walk(
  from: readonly string[],
  except: string | null,
  next: (id: string) => readonly string[],
  bounds: ReadonlySet<string> = new Set(),
): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === except || seen.has(id) || bounds.has(id)) continue;
    seen.add(id);
    open.push(...next(id));
  }
  return seen;
}
