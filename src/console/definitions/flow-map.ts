import type { z } from 'zod';
import type { Definition } from '../../core/definition/definition.js';
import { diagramMap } from '../../core/diagram/diagram-map.js';
import { whenText } from '../../core/diagram/mermaid.js';
import type { FlowMap } from '../views.js';

/** What ties the drawn diagram to the definition, in the order of the drawing. */
export function flowMap(definition: Definition): z.output<typeof FlowMap> {
  const { nodes, edges } = diagramMap(definition);
  return {
    nodes: nodes.map(({ node, drawn, kind }) => {
      return { id: node, mermaid: drawn, kind, title: definition.nodes.get(node)?.title ?? null };
    }),
    edges: edges.map(({ edge, line, from, to }) => {
      const drawn = definition.lines[line];
      return { index: edge, from, to, label: drawn ? (drawn.label ?? (whenText(drawn) || null)) : null };
    }),
  };
}
