import type { CallNode, Definition, FlowNode, Line } from './definition.js';

/**
 * Of the flows given, those that no instance of can finish: whichever way it takes, it calls a flow that does not
 * finish either. Flows that are not given are taken to finish. A call that fails may go on by its `on error`.
 */
export function endlessFlows(definitions: ReadonlyMap<string, Definition>): ReadonlySet<string> {
  const endless = new Set([...definitions].filter(([, one]) => callsOf(one).length > 0).map(([flow]) => flow));
  for (let before = -1; before !== endless.size; ) {
    before = endless.size;
    for (const flow of [...endless]) {
      const definition = definitions.get(flow);
      if (!definition || finishes(definition, endless)) endless.delete(flow);
    }
  }
  return endless;
}

export const callsOf = ({ nodes }: Definition): CallNode[] =>
  [...nodes.values()].filter((node): node is CallNode => node.kind === 'call');

/** Whether some way leads from the start to ends, all branches of a fan with it, past no call of such a flow. */
function finishes({ nodes, lines }: Definition, endless: ReadonlySet<string>): boolean {
  const leaving = new Map<string, Line[]>();
  for (const line of lines) leaving.set(line.from, [...(leaving.get(line.from) ?? []), line]);
  const done = new Set<string>();
  // One branch that ends all the others is enough.
  const cutsShort = [...nodes.values()].some((node) => node.kind === 'end' && node.mode !== 'finish');
  const isDone = (line: Line): boolean =>
    cutsShort ? line.to.some((id) => done.has(id)) : line.to.every((id) => done.has(id));
  const canFinish = (node: FlowNode): boolean => {
    if (node.kind === 'end') return true;
    const all = leaving.get(node.id) ?? [];
    if (node.kind === 'call' && endless.has(node.flow))
      return all.some((line) => line.when.type === 'error' && isDone(line));
    const takesAll = node.kind === 'gateway' && node.mode === 'parallel' && !cutsShort;
    return all.length > 0 && (takesAll ? all.every(isDone) : all.some(isDone));
  };
  for (let before = -1; before !== done.size; ) {
    before = done.size;
    for (const node of nodes.values()) if (!done.has(node.id) && canFinish(node)) done.add(node.id);
  }
  return [...nodes.values()].every((node) => node.kind !== 'start' || done.has(node.id));
}
