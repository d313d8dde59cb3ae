import type { FlowNode, Line } from '../definition.js';
import { type GuardNode, isBorder } from './border.js';

/**
 * The nodes of a definition and those that watch at their borders: one for each such line, in the order of the lines,
 * one for each node whose items can become more, and one for each whose participants have a time to try.
 */
export function withGuards(
  nodes: ReadonlyMap<string, FlowNode>,
  lines: readonly Line[],
): ReadonlyMap<string, FlowNode> {
  const guards = lines.flatMap(({ index, from, when }): GuardNode[] => {
    if (!isBorder(when)) return [];
    const id = `${from.slice(0, 58)}@${index}`;
    return [{ ...BARE, kind: 'guard', id, host: from, line: index, on: when }];
  });
  guards.push(...[...nodes.values()].flatMap(takerOf), ...[...nodes.values()].flatMap(clockOf));
  return guards.length === 0 ? nodes : new Map([...nodes, ...guards.map((guard) => [guard.id, guard] as const)]);
}

const BARE = { title: null, tags: [], join: null, visits: Number.MAX_SAFE_INTEGER } as const;

/** Ids are told apart by all of their letters: a long one gives up some for its place. */
function takerOf(node: FlowNode, place: number): GuardNode[] {
  const more = 'each' in node ? node.each?.more : undefined;
  if (!more) return [];
  const { message, match, keepMs } = more;
  const id = node.id.length < 60 ? `${node.id}@more` : `${node.id.slice(0, 55)}@more${place}`;
  const on = { type: 'message', message, match, keepMs, interrupts: false } as const;
  return [{ ...BARE, kind: 'guard', id, host: node.id, line: null, on }];
}

function clockOf(node: FlowNode, place: number): GuardNode[] {
  const afterMs = node.kind === 'task' ? node.tcc?.withinMs : undefined;
  if (afterMs === undefined) return [];
  const id = node.id.length < 58 ? `${node.id}@within` : `${node.id.slice(0, 53)}@within${place}`;
  return [{ ...BARE, kind: 'guard', id, host: node.id, line: null, on: { type: 'after', afterMs, interrupts: true } }];
}

/** Whether a node stands in the file. */
export const isWritten = (node: FlowNode): boolean => node.kind !== 'guard';
