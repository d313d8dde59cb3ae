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
export function branchesOf(join: string, start: string, { incoming, leaving }: Adjacency): ReadonlySet<string> {
  const behind = (from: string, except: string | null): ReadonlySet<string> =>
    walk([from], except, (id) => (leaving.get(id) ?? []).map(({ to }) => to));
  const all = behind(start, null);
  const passed = new Set([...all].filter((id) => id !== join && !behind(start, id).has(join)));
  const before = (id: string): string[] => (incoming.get(id) ?? []).map(({ from }) => from);
  return walk(before(join), join, (id) => before(id), passed);
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
