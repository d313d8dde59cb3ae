import { type Change, compare } from '../definition/compare/compare.js';
import type { Definition, Edge, Line } from '../definition/definition.js';
import { drawnId } from './diagram-map.js';
import { flowchart, whenText } from './mermaid.js';

const NODES: Readonly<Record<Change, string>> = {
  added: 'fill:#d3f9d8,stroke:#2f9e44,color:#1b5e2b,stroke-width:3px',
  removed: 'fill:#ffe3e3,stroke:#e03131,color:#a51111,stroke-dasharray:4 3',
  changed: 'fill:#fff3bf,stroke:#f08c00,color:#7a4100,stroke-width:3px',
};
const EDGES: Readonly<Record<Change, string>> = {
  added: 'stroke:#2f9e44,stroke-width:3px',
  removed: 'stroke:#e03131,stroke-dasharray:4 3',
  changed: 'stroke:#f08c00,stroke-width:3px',
};
const CHANGES = ['added', 'removed', 'changed'] as const;

/** Both versions in one flowchart: what was added is green, what was removed red, what was changed amber. */
export function comparisonDiagram(before: Definition, after: Definition): string {
  const { nodes, edges } = compare(before, after, whenText);
  const gone = edges.filter(({ change }) => change === 'removed');
  const left = before.edges.filter((edge) => gone.some(({ from, to }) => from === edge.from && to === edge.to));
  const lost = gone.flatMap(({ from, to, before: text }) => {
    const at = left.findIndex((edge) => edge.from === from && edge.to === to && matches(before, edge, text));
    return at < 0 ? [] : left.splice(at, 1);
  });
  const both = joined(before, after, lost);
  const places = (change: Change): number[] =>
    change === 'removed'
      ? lost.map((_, at) => after.edges.length + at)
      : after.edges.flatMap((edge) => (isThat(edges, edge, change, after) ? [edge.index] : []));
  return [
    ...flowchart(both),
    ...CHANGES.map((change) => `  classDef ${change} ${NODES[change]}`),
    ...CHANGES.flatMap((change) => {
      const ids = nodes.filter((one) => one.change === change).map(({ id }) => drawnId(id));
      return ids.length > 0 ? [`  class ${ids.join(',')} ${change}`] : [];
    }),
    ...CHANGES.flatMap((change) => {
      const at = places(change);
      return at.length > 0 ? [`  linkStyle ${at.join(',')} ${EDGES[change]}`] : [];
    }),
    '',
  ].join('\n');
}

const matches = (definition: Definition, edge: Edge, text: string | null): boolean =>
  (text ?? '').startsWith(whenText(definition.lines[edge.line] as Line));

const isThat = (
  edges: ReturnType<typeof compare>['edges'],
  edge: Edge,
  change: Change,
  definition: Definition,
): boolean =>
  edges.some(
    (one) =>
      one.change === change && one.from === edge.from && one.to === edge.to && matches(definition, edge, one.after),
  );

/** The later version with the edges and nodes that it has lost. */
function joined(before: Definition, after: Definition, lost: readonly Edge[]): Definition {
  const edges: Edge[] = [...after.edges];
  const lines: Line[] = [...after.lines];
  for (const edge of lost) {
    const moved = { ...edge, index: edges.length, line: lines.length };
    const line = before.lines[edge.line] as Line;
    edges.push(moved);
    lines.push({ ...line, index: moved.line, to: [edge.to], edges: [moved] });
  }
  return { ...after, nodes: new Map([...before.nodes, ...after.nodes]), lines, edges };
}
