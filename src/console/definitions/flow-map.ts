import { z } from 'zod';
import type { Definition } from '../../core/definition/definition.js';
import { secretsOf } from '../../core/definition/handlers.js';
import { diagramMap } from '../../core/diagram/diagram-map.js';
import { whenText } from '../../core/diagram/mermaid.js';

const Node = z.strictObject({
  id: z.string(),
  mermaid: z.string(),
  kind: z.string(),
  title: z.string().nullable(),
  participants: z
    .array(z.string())
    .nullable()
    .describe('Of a `tcc`: item 3n is the nth of them to try, 3n+1 to confirm, 3n+2 to cancel; null: it is none.'),
  secrets: z.array(z.string()).describe('Names of the secrets that it is given; what they are no answer says.'),
});

export const FlowMap = z.strictObject({
  nodes: z.array(Node),
  edges: z.array(z.strictObject({ index: z.int(), from: z.string(), to: z.string(), label: z.string().nullable() })),
});

/** What ties the drawn diagram to the definition, in the order of the drawing. */
export function flowMap(definition: Definition): z.output<typeof FlowMap> {
  const { nodes, edges } = diagramMap(definition);
  return {
    nodes: nodes.map(({ node, drawn, kind }) => {
      const of = definition.nodes.get(node);
      const participants = of?.kind === 'task' && of.tcc ? of.tcc.participants.map(({ name }) => name) : null;
      return {
        id: node,
        mermaid: drawn,
        kind,
        title: of?.title ?? null,
        participants,
        secrets: of ? [...secretsOf(of)] : [],
      };
    }),
    edges: edges.map(({ edge, line, from, to }) => {
      const drawn = definition.lines[line];
      return { index: edge, from, to, label: drawn ? (drawn.label ?? (whenText(drawn) || null)) : null };
    }),
  };
}
