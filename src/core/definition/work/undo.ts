import type { Expression } from '../../expression.js';
import type { TaskNode } from '../definition.js';
import { isUndo } from './each.js';

/** How what a task has done is undone. */
export interface UndoRule {
  readonly handler: string;
  /** What the handler gets, `result` being what the task gave; `null`: the scope as it stands, and `result`. */
  readonly in: ReadonlyMap<string, Expression> | null;
}

const undoing = new WeakMap<TaskNode, TaskNode>();

/**
 * The task that a node instance of a node does: the node's own, or the one that undoes it, with the attempts, the time and
 * the workers of the node's own.
 */
export function taskAt(node: TaskNode, visit: number): TaskNode {
  if (!node.undo || !isUndo(visit)) return node;
  const known = undoing.get(node);
  if (known) return known;
  const { each: _each, undo, circuit: _circuit, ...rest } = node;
  const task: TaskNode = { ...rest, handler: undo.handler, in: undo.in, out: null };
  undoing.set(node, task);
  return task;
}
