import type { Definition } from '../definition/definition.js';
import type { DrawnInstance } from '../diagram/mermaid.js';
import { isActive } from '../flow/instance.js';
import { takenIn } from './taken.js';

type Drawn = Pick<DrawnInstance, 'instance' | 'nodes'>;

/** How many instances came to a node, and what became of them there. One that comes twice counts once. */
export interface FunnelNode {
  readonly node: string;
  readonly entered: number;
  /** They went on from it at least once. */
  readonly passed: number;
  /** They are there now: at work, waiting, or as an incident. */
  readonly stands: number;
  readonly incidents: number;
}

/** How many instances took an edge. */
export interface FunnelEdge {
  readonly index: number;
  readonly taken: number;
}

/** How far instances came, node by node in the order of the definition. */
export interface Funnel {
  readonly instances: number;
  readonly nodes: readonly FunnelNode[];
  readonly edges: readonly FunnelEdge[];
}

/** Counts where instances of one version have been. */
export function funnelOf(definition: Definition, drawn: readonly Drawn[]): Funnel {
  const taken = drawn.map((one) => new Set(takenIn(definition, one)));
  const nodes = [...definition.nodes.keys()].map((node): FunnelNode => {
    const visits = drawn.map(({ nodes: rows }) => rows.filter((row) => row.node === node));
    const having = (wanted: (row: (typeof visits)[number][number]) => boolean): number =>
      visits.filter((rows) => rows.some(wanted)).length;
    return {
      node,
      entered: having(() => true),
      passed: having(({ status }) => status === 'done'),
      stands: having(({ status }) => isActive(status)),
      incidents: having(({ status }) => status === 'incident'),
    };
  });
  const edges = definition.edges.map(({ index }): FunnelEdge => {
    return { index, taken: taken.filter((of) => of.has(index)).length };
  });
  return { instances: drawn.length, nodes, edges };
}
