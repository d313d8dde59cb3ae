import type { Definition, FlowNode } from './definition.js';
import { handlersOfWork } from './work/work.js';

/** The names of the handlers that a node asks. */
export function handlersOf(node: FlowNode): readonly string[] {
  if (node.kind !== 'task') return [];
  return node.work ? handlersOfWork(node.work) : [node.handler];
}

/** The names of the handlers that a definition asks, each once, in the order of its nodes. */
export const handlersIn = (definition: Definition): readonly string[] => [
  ...new Set([...definition.nodes.values()].flatMap(handlersOf)),
];
