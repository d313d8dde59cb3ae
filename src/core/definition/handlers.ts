import type { CallNode, Definition, FlowNode, TaskNode } from './definition.js';
import { isUndo, itemOf } from './work/each.js';
import { handlersOfWork } from './work/work.js';

/** The names of the handlers that a node asks. */
export function handlersOf(node: FlowNode): readonly string[] {
  if (node.kind !== 'task') return [];
  const own = node.work ? handlersOfWork(node.work) : [node.handler];
  return node.undo ? [...own, node.undo.handler] : own;
}

/** The names of the handlers that one node instance of a node asks. */
export const handlersAt = (node: FlowNode, visit: number): readonly string[] =>
  node.kind !== 'task' ? [] : handlersOf(withoutUndo(taskAt(node, visit)));

const withoutUndo = ({ undo: _undo, ...node }: TaskNode): TaskNode => node;

/** The names of the handlers that a definition asks, each once, in the order of its nodes. */
export const handlersIn = (definition: Definition): readonly string[] => [
  ...new Set([...definition.nodes.values()].flatMap(handlersOf)),
];

/** The handler that a node instance is dispatched to; `null` when the engine does the work of it. */
export function handlerAt(node: FlowNode | undefined, visit: number): string | null {
  if (node?.kind !== 'task') return null;
  const task = taskAt(node, visit);
  return task.each && itemOf(visit) === null ? null : task.handler;
}

/** Whether a node instance gives something else while its circuit keeps it back. Undoing waits. */
export const degrades = (node: FlowNode | undefined, visit: number): boolean =>
  node?.kind === 'task' && node.fallback !== undefined && handlerAt(node, visit) === node.handler && !isUndo(visit);

const undoing = new WeakMap<TaskNode, TaskNode>();

/**
 * The task that a node instance of a node does: the node's own, or the one that undoes it, with the attempts, the time and
 * the workers of the node's own.
 */
export function taskAt(node: TaskNode, visit: number): TaskNode {
  if (!node.undo || !isUndo(visit)) return node;
  const known = undoing.get(node);
  if (known) return known;
  // What was not undone must not look as if it were: undoing waits for its circuit.
  const { each: _each, undo, circuit: _circuit, cache: _cache, fallback: _fallback, ...rest } = node;
  const task: TaskNode = { ...rest, handler: undo.handler, in: undo.in, out: null };
  undoing.set(node, task);
  return task;
}

/** The call that a node instance of a node makes: the node's own, or the one that undoes it. */
export function callAt(node: CallNode, visit: number): CallNode {
  if (!node.undo || !isUndo(visit)) return node;
  const { each: _each, undo, ...rest } = node;
  return { ...rest, flow: undo.flow, in: undo.in, out: null };
}
