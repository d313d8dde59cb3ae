import type { Expression } from '../expression.js';
import { PHASES, partAt, type TccRule } from '../flow/tries/tcc/rule.js';
import { type Secretive, secretNames } from '../safe/secret-use.js';
import type { CallNode, Definition, FlowNode, TaskNode } from './definition.js';
import { isUndo, itemOf } from './work/each.js';
import { handlersOfWork } from './work/work.js';

/** The names of the handlers that a node asks. */
export function handlersOf(node: FlowNode): readonly string[] {
  if (node.kind !== 'task') return [];
  if (node.tcc) return node.tcc.participants.flatMap((one) => PHASES.map((phase) => one[phase]));
  const own = node.work ? handlersOfWork(node.work) : [node.handler];
  return node.undo ? [...own, node.undo.handler] : own;
}

/** The names of the handlers that a definition asks, each once, in the order of its nodes. */
export const handlersIn = (definition: Definition): readonly string[] => [
  ...new Set([...definition.nodes.values()].flatMap(handlersOf)),
];

/** The secrets that a definition reads, and where, in the order of its nodes. */
export function secretsIn({
  nodes,
}: Pick<Definition, 'nodes'>): readonly { readonly node: string; readonly name: string }[] {
  return [...nodes.values()].flatMap((node) => secretsOf(node).map((name) => ({ node: node.id, name })));
}

/** The names of the secrets that a node reads, each once. */
export function secretsOf(node: FlowNode): readonly string[] {
  if (node.kind !== 'task') return [];
  const all = [node, node.undo ?? {}, ...(node.tcc?.participants ?? [])] as readonly Secretive[];
  return [...new Set(all.flatMap(secretNames))];
}

/** The handler that a node instance is dispatched to; `null` when the engine does the work of it. */
export function handlerAt(node: FlowNode | undefined, visit: number): string | null {
  if (node?.kind !== 'task') return null;
  const task = taskAt(node, visit);
  return (task.each || task.tcc) && itemOf(visit) === null ? null : task.handler;
}

/** What an engine must have to do a node instance; `null`: any engine may. */
export function asksOf(node: FlowNode | undefined, visit: number): readonly string[] | null {
  if (handlerAt(node, visit) === null || node?.kind !== 'task') return null;
  const task = taskAt(node, visit);
  return task.remote ? null : handlersOf(task);
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
  if (node.tcc) return partTask(node, node.tcc, visit);
  if (!node.undo || !isUndo(visit)) return node;
  const known = undoing.get(node);
  if (known) return known;
  // What was not undone must not look as if it were: undoing waits for its circuit.
  const { each: _each, undo, circuit: _circuit, cache: _cache, fallback: _fallback, ...rest } = node;
  const { returns: _returns, secrets: _secrets, ...own } = rest;
  const secrets = undo.secrets && { secrets: undo.secrets };
  const task: TaskNode = { ...own, handler: undo.handler, in: undo.in, out: null, ...secrets };
  undoing.set(node, task);
  return task;
}

/** The call that a node instance of a node makes: the node's own, or the one that undoes it. */
export function callAt(node: CallNode, visit: number): CallNode {
  if (!node.undo || !isUndo(visit)) return node;
  const { each: _each, undo, ...rest } = node;
  return { ...rest, flow: undo.flow, in: undo.in, out: null };
}

/** Most attempts to confirm or to cancel before a person is asked; without a policy of its own, after such delays. */
const SETTLING = { max: 50, remote: [5_000, 30_000, 120_000] };

const parts = new WeakMap<TaskNode, Map<number, TaskNode>>();

/** The task that one participant does in one phase. What was tried must be settled, so that is tried again for long. */
function partTask(node: TaskNode, rule: TccRule, visit: number): TaskNode {
  const part = partAt(rule, visit);
  const participant = part && rule.participants[part.place];
  if (!part || !participant) return node;
  const item = itemOf(visit) as number;
  const known = parts.get(node) ?? new Map<number, TaskNode>();
  parts.set(node, known);
  const before = known.get(item);
  if (before) return before;
  const { tcc: _tcc, ...rest } = node;
  const isTry = part.phase === 'try';
  const delays = node.retry.remote.length > 0 || node.retry.backoff ? {} : { remote: SETTLING.remote };
  const retry = isTry ? node.retry : { ...node.retry, ...delays, max: Math.max(node.retry.max, SETTLING.max) };
  const given = participant.in && !isTry ? new Map([...participant.in, ['tried', TRIED] as const]) : participant.in;
  const secrets = participant.secrets && { secrets: participant.secrets };
  const task: TaskNode = { ...rest, handler: participant[part.phase], in: given, out: null, retry, part, ...secrets };
  known.set(item, task);
  return task;
}

/** What the participant gave when it tried; null when it gave nothing. */
const TRIED: Expression = {
  text: 'tried',
  reads: [['tried']],
  value: (scope) => scope['tried'] ?? null,
  test: (scope) => scope['tried'] === true,
};
