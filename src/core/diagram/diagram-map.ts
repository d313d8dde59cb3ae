import { isWritten } from '../definition/control/guards.js';
import type { Definition, NodeKind } from '../definition/definition.js';

/** What the parts of a drawn definition stand for, so that a browser can mark them without drawing again. JSON. */
export interface DiagramMap {
  /** In the order they are drawn. */
  readonly nodes: readonly { readonly drawn: string; readonly node: string; readonly kind: NodeKind }[];
  /** In the order they are drawn; the place in this list is the number that `linkStyle` means. */
  readonly edges: readonly {
    /** Mermaid's own id of the edge: `data-id` of its path and label. */
    readonly drawn: string;
    readonly edge: number;
    readonly line: number;
    readonly from: string;
    readonly to: string;
  }[];
}

/** A node's id in Mermaid: prefixed, since a bare `end` ends the diagram. */
export const drawnId = (node: string): string => `n_${node}`;

/** See {@link DiagramMap}. */
export function diagramMap(definition: Definition): DiagramMap {
  const seen = new Map<string, number>();
  return {
    nodes: [...definition.nodes.values()]
      .filter(isWritten)
      .map(({ id, kind }) => ({ drawn: drawnId(id), node: id, kind })),
    edges: definition.edges.map(({ index, line, from, to }) => {
      const pair = `L_${drawnId(from)}_${drawnId(to)}`;
      const before = seen.get(pair) ?? 0;
      seen.set(pair, before + 1);
      // Mermaid counts the edges between two nodes 0, 2, 3, …
      return { drawn: `${pair}_${before === 0 ? 0 : before + 1}`, edge: index, line, from, to };
    }),
  };
}
