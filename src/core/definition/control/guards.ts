import type { FlowNode, Line } from '../definition.js';
import { type GuardNode, isBorder } from './border.js';

/** The nodes of a definition and those that watch at their borders: one for each such line, in the order of the lines. */
export function withGuards(
  nodes: ReadonlyMap<string, FlowNode>,
  lines: readonly Line[],
): ReadonlyMap<string, FlowNode> {
  const guards = lines.flatMap(({ index, from, when }): GuardNode[] => {
    if (!isBorder(when)) return [];
    const id = `${from.slice(0, 58)}@${index}`;
    const bare = { title: null, tags: [], join: null, visits: Number.MAX_SAFE_INTEGER } as const;
    return [{ ...bare, kind: 'guard', id, host: from, line: index, on: when }];
  });
  return guards.length === 0 ? nodes : new Map([...nodes, ...guards.map((guard) => [guard.id, guard] as const)]);
}

/** Whether a node stands in the file. */
export const isWritten = (node: FlowNode): boolean => node.kind !== 'guard';
