import type { FlowNode, Line } from '../../../definition/definition.js';
import { outgoingOf } from '../../../definition/graph.js';
import { type Draft } from '../draft.js';
import type { Carried } from '../facts.js';
import { isProblem, Problem } from '../problem.js';
import { asksCircuit, circuitOf, withCircuit } from './ask-circuit.js';

/**
 * Decides which lines are taken from a node that has done its work: the first that holds, in file order with `else`
 * last; from an inclusive gateway every one that holds; from a parallel or event one all.
 */
export function choose(draft: Draft, node: FlowNode, carried: Carried | null): readonly Line[] | Problem {
  const { ordinary } = outgoingOf(draft.graph, node.id);
  const mode = node.kind === 'gateway' ? node.mode : 'exclusive';
  if ((mode === 'parallel' || mode === 'event') && ordinary.length > 0) return ordinary;

  const taken: Line[] = [];
  for (const line of ordinary) {
    if (line.when.type === 'else' && taken.length > 0) break;
    const holds = lineHolds(draft, line, carried);
    if (isProblem(holds)) return holds;
    if (!holds) continue;
    if (mode === 'exclusive') return [line];
    taken.push(line);
  }
  return taken.length > 0 ? taken : noEdge(node, ordinary.length);
}

function lineHolds(draft: Draft, { when, to }: Line, carried: Carried | null): boolean | Problem {
  if (when.type !== 'if') return true;
  const { condition } = when;
  if (!asksCircuit(draft, condition)) return draft.evaluate(carried, (scope) => condition.test(scope));
  const circuit = circuitOf(draft, to, carried);
  return draft.evaluate(carried, (scope) => condition.test(withCircuit(scope, circuit)));
}

function noEdge(node: FlowNode, lines: number): Problem {
  const count = lines === 1 ? 'its only line did not' : `none of its ${lines} lines did`;
  return new Problem(
    'NO_EDGE',
    `Expected a line that leaves '${node.id}' to hold, but ${count}. Add an else line, or retry.`,
  );
}
