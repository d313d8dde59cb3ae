import type { Definition, FlowNode } from './definition.js';
import { itemOf } from './work/each.js';
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

/** The handler that a node instance is dispatched to; `null` when the engine does the work of it. */
export function handlerAt(node: FlowNode | undefined, visit: number): string | null {
  if (node?.kind !== 'task' || (node.each && itemOf(visit) === null)) return null;
  return node.handler;
}
