import type { Definition, FlowNode } from './definition.js';

/** The names of the handlers that a node asks. */
export function handlersOf(node: FlowNode): readonly string[] {
  return node.kind === 'task' ? [node.handler] : [];
}

/** The names of the handlers that a definition asks, each once, in the order of its nodes. */
export const handlersIn = (definition: Definition): readonly string[] => [
  ...new Set([...definition.nodes.values()].flatMap(handlersOf)),
];
