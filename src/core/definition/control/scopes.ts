import type { FlowNode, Line } from '../definition.js';
import { goesBeside, isBoundary } from './border.js';

/** The nodes of every scope. */
export function scopesOf(nodes: Iterable<FlowNode>): ReadonlyMap<string, ReadonlySet<string>> {
  const scopes = new Map<string, Set<string>>();
  for (const node of nodes) {
    for (const name of scopeNames(node)) scopes.set(name, (scopes.get(name) ?? new Set()).add(node.id));
  }
  return scopes;
}

/**
 * The scopes that are cancelled when a line is taken: those it names; and, when it is taken for what happens to its node
 * and not beside it, those of the node that none of its targets is in.
 */
export function cancelledBy(
  { when, from, to, cancels = [] }: Pick<Line, 'from' | 'to' | 'cancels'> & { readonly when: Line['when'] | null },
  scopes: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const leaves = isBoundary(when?.type) && !goesBeside(when);
  const left = [...scopes].filter(([, nodes]) => leaves && nodes.has(from) && !to.some((id) => nodes.has(id)));
  return [...new Set([...cancels, ...left.map(([name]) => name)])];
}

const scopeNames = (node: FlowNode): readonly string[] => ('scopes' in node ? (node.scopes ?? []) : []);
