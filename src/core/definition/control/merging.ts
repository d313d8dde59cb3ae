import type { Edge } from '../definition.js';
import type { Adjacency } from '../repeatable.js';
import { nodesBefore } from './losing.js';
import { type Merge, type MergedBranch, slotOf } from './merge.js';

/** One branch of a join: what it is made of, and the edges by which it comes. */
export interface Branch {
  readonly edges: readonly Edge[];
  readonly nodes: ReadonlySet<string>;
}

/** What a join merges, with the branches that it merges. */
interface Merging {
  readonly join: string;
  readonly names: readonly string[];
  readonly branches: readonly Branch[];
  /** How many nodes lie in the branches. */
  readonly size: number;
}

/**
 * The branches of a join in the order of their first edges. Edges that the same node can come by are one branch: only
 * one of them is taken, or what parts before them has not met again.
 */
export function branchesInto(join: string, start: string, adjacency: Adjacency): readonly Branch[] {
  const branches: { edges: Edge[]; nodes: Set<string> }[] = [];
  const edges = [...(adjacency.incoming.get(join) ?? [])].sort((a, b) => a.index - b.index);
  const before = nodesBefore(join, start, adjacency);
  for (const edge of edges) {
    const nodes = before(edge.from);
    const same = branches.filter((branch) => [...nodes].some((id) => branch.nodes.has(id)));
    const [first, ...others] = same;
    if (!first) {
      branches.push({ edges: [edge], nodes: new Set(nodes) });
      continue;
    }
    first.edges.push(edge);
    for (const id of nodes) first.nodes.add(id);
    for (const other of others) {
      first.edges.push(...other.edges);
      for (const id of other.nodes) first.nodes.add(id);
      branches.splice(branches.indexOf(other), 1);
    }
  }
  return branches;
}

/** Where the branches of the joins that merge keep what they write. */
export class Isolation {
  private readonly mergings: readonly Merging[];

  constructor(
    nodes: Iterable<{ readonly id: string; readonly merge?: readonly Pick<Merge, 'name'>[] }>,
    start: string,
    adjacency: Adjacency,
  ) {
    this.mergings = [...nodes]
      .flatMap(({ id: join, merge }): Merging[] => {
        if (!merge || merge.length === 0) return [];
        const branches = branchesInto(join, start, adjacency);
        const size = branches.reduce((sum, { nodes }) => sum + nodes.size, 0);
        return [{ join, names: merge.map(({ name }) => name), branches, size }];
      })
      .sort((a, b) => a.size - b.size || (a.join < b.join ? -1 : 1));
  }

  /** By variable, of those that the branches with the node keep apart: that of the innermost join first. */
  slotsOf(node: string): ReadonlyMap<string, readonly string[]> {
    const slots = new Map<string, string[]>();
    for (const { join, names, branches } of this.mergings) {
      const branch = branches.find(({ nodes }) => nodes.has(node));
      if (!branch) continue;
      for (const name of names) slots.set(name, [...(slots.get(name) ?? []), slotIn(name, join, branch)]);
    }
    return slots;
  }

  branchesOf(join: string): readonly Branch[] {
    return this.mergings.find((merging) => merging.join === join)?.branches ?? [];
  }

  /** What a join merges, and where from and where to. */
  merges(join: string, written: readonly Merge[]): readonly Merge[] {
    const outer = this.slotsOf(join);
    const branches = this.branchesOf(join);
    return written.map(({ name, rule }): Merge => {
      const merged = branches.map((branch): MergedBranch => {
        return { edges: branch.edges.map(({ index }) => index), slot: slotIn(name, join, branch) };
      });
      return { name, rule, into: outer.get(name)?.[0] ?? name, branches: merged };
    });
  }
}

const slotIn = (name: string, join: string, { edges }: Branch): string => slotOf(name, join, edges[0]?.from ?? '');
