import { isWritten } from '../definition/control/guards.js';
import type { Definition } from '../definition/definition.js';
import type { Coverage } from '../testing/coverage.js';
import { drawnId } from './diagram-map.js';
import { flowchart } from './mermaid.js';

/** What the tests of a flow have taken: on each edge in how many runs, and red and dashed where none went. */
export function coverageDiagram(definition: Definition, { runs, missing }: Coverage): string {
  const chart = flowchart(definition, { edge: ({ index }) => `×${runs.get(index) ?? 0}` });
  const reached = new Set(
    definition.edges.filter(({ index }) => runs.has(index)).flatMap(({ from, to }) => [from, to]),
  );
  const unreached = [...definition.nodes.values()]
    .filter((node) => isWritten(node) && !reached.has(node.id))
    .map(({ id }) => drawnId(id));
  const taken = [...runs.keys()].sort((a, b) => a - b);
  const never = missing.map(({ index }) => index);
  return [
    ...chart,
    '  classDef unreached fill:#ffe3e3,stroke:#e03131,color:#a51111,stroke-dasharray:4 3',
    ...(unreached.length > 0 ? [`  class ${unreached.join(',')} unreached`] : []),
    ...(taken.length > 0 ? [`  linkStyle ${taken.join(',')} stroke:#2f9e44,stroke-width:3px`] : []),
    ...(never.length > 0 ? [`  linkStyle ${never.join(',')} stroke:#e03131,stroke-dasharray:4 3`] : []),
    '',
  ].join('\n');
}
