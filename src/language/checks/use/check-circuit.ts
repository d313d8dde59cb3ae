import type { Report, Span } from '../../report/report.js';
import type { NodeExpression, Target } from '../../structure/draft.js';
import type { Graph } from '../graph.js';

interface Use {
  readonly role: NodeExpression['role'] | 'key' | 'output' | 'line';
  readonly local?: readonly string[] | undefined;
  readonly to?: readonly Target[];
}

/** Whether `circuit` in an expression is not the output of a node, nor an item, of that name. */
export const asksOfCircuit = ({ draft }: Graph, { role, local }: Use): boolean =>
  !draft.ids.has('circuit') && (role === 'delay' || !local?.includes('circuit'));

/** `circuit.open` is asked where something is about to go to a task, and nothing else of a circuit is. */
export function checkCircuit(
  graph: Graph,
  { role, local, to }: Use,
  path: readonly string[],
  at: Span,
  report: Report,
) {
  const isTask = ({ id }: Target): boolean => {
    const node = graph.draft.nodes.get(id)?.node;
    return node === undefined || node.kind === 'task';
  };
  const isHere = role === 'line' ? to?.some(isTask) : role === 'delay' && local?.includes('circuit');
  if (!isHere) {
    const message = `Expected \`circuit\` on an edge that leads to a task, or in \`when\` of a \`delay\`, but it is read elsewhere.`;
    report.add('CIRCUIT_NOT_HERE', at, message, 'Ask on the edge into the task: `pick -> first: not circuit.open`.');
  } else if (path.length !== 2 || path[1] !== 'open') {
    const message = `Expected \`circuit.open\`, but \`${path.join('.')}\` is read.`;
    report.add('UNKNOWN_NAME', at, message, 'Nothing else is known of a circuit.');
  }
}
