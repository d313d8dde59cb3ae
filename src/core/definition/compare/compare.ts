import { isWritten } from '../control/guards.js';
import type { Definition, Edge, FlowNode, Line } from '../definition.js';

export type Change = 'added' | 'removed' | 'changed';

export interface NodeChange {
  readonly id: string;
  readonly change: Change;
  /** Of a changed node, the keys that differ. */
  readonly keys: readonly string[];
}

export interface EdgeChange {
  readonly from: string;
  readonly to: string;
  readonly change: Change;
  /** When it was taken, as it is written after the colon; `null` when it was not there. */
  readonly before: string | null;
  readonly after: string | null;
}

/** How two versions of a flow differ, as instances see it; places in the file and comments do not count. */
export interface Comparison {
  /** Keys of the file, beside nodes and edges. */
  readonly head: readonly string[];
  readonly nodes: readonly NodeChange[];
  readonly edges: readonly EdgeChange[];
  /** Nodes whose lines are the same, but are tried in another order. */
  readonly reordered: readonly string[];
}

const HEAD = ['flow', 'title', 'description', 'key', 'input', 'play', 'vars', 'output', 'returns'] as const;

export const isSame = ({ head, nodes, edges, reordered }: Comparison): boolean =>
  head.length + nodes.length + edges.length + reordered.length === 0;

export function compare(before: Definition, after: Definition, whenText: (line: Line) => string): Comparison {
  const head = HEAD.filter((key) => canonical(before[key] ?? null) !== canonical(after[key] ?? null));
  const edges = edgeChanges(written(before, whenText), written(after, whenText));
  const moved = new Set(edges.map(({ from }) => from));
  const reordered = [...after.nodes.keys()]
    .filter((id) => before.nodes.has(id) && !moved.has(id))
    .filter((id) => {
      const order = (of: Definition): string => canonical(written(of, whenText).filter(({ from }) => from === id));
      return order(before) !== order(after);
    });
  return { head, nodes: nodeChanges(before, after), edges, reordered };
}

function nodeChanges(before: Definition, after: Definition): readonly NodeChange[] {
  const gone = [...before.nodes].flatMap(([id, node]) => (isWritten(node) && !after.nodes.has(id) ? [id] : []));
  const changes: NodeChange[] = [];
  for (const [id, node] of after.nodes) {
    const old = before.nodes.get(id);
    // What watches at a border is compared by its line.
    if (!isWritten(node)) continue;
    if (!old) changes.push({ id, change: 'added', keys: [] });
    else {
      const keys = changedKeys(old, node);
      if (keys.length > 0) changes.push({ id, change: 'changed', keys });
    }
  }
  return [...changes, ...gone.map((id) => ({ id, change: 'removed', keys: [] }) as const)];
}

function changedKeys(before: FlowNode, after: FlowNode): readonly string[] {
  const [a, b] = [before, after] as unknown as Record<string, unknown>[];
  const keys = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
  return [...keys].filter((key) => canonical(a?.[key]) !== canonical(b?.[key])).sort();
}

interface Written {
  readonly from: string;
  readonly to: string;
  /** Its condition and label, and what else its line leads to. */
  readonly text: string;
}

function written({ edges, lines }: Definition, whenText: (line: Line) => string): readonly Written[] {
  return edges.map(({ from, to, line: index }: Edge) => {
    const line = lines[index] as Line;
    const times = line.times ? ` ×${line.times}` : '';
    const ends = line.cancels ? ` cancels ${line.cancels.join(', ')}` : '';
    const others = line.to.length > 1 ? ` & ${line.to.filter((id) => id !== to).join(' & ')}` : '';
    return {
      from,
      to,
      text: `${whenText(line)}${line.label === null ? '' : ` (${line.label})`}${times}${ends}${others}`.trim(),
    };
  });
}

/** Equal edges are paired first, then those that differ in their condition alone; what is left came or went. */
function edgeChanges(before: readonly Written[], after: readonly Written[]): readonly EdgeChange[] {
  const left = [...before];
  const take = (matches: (edge: Written) => boolean): Written | undefined => {
    const at = left.findIndex(matches);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const fresh = after.filter(
    (edge) => !take((old) => old.from === edge.from && old.to === edge.to && old.text === edge.text),
  );
  const changes = fresh.map((edge): EdgeChange => {
    const { from, to, text } = edge;
    const old = take((one) => one.from === from && one.to === to);
    return { from, to, change: old ? 'changed' : 'added', before: old?.text ?? null, after: text };
  });
  const gone = left.map(
    ({ from, to, text }): EdgeChange => ({ from, to, change: 'removed', before: text, after: null }),
  );
  return [...changes, ...gone];
}

/** A text that is equal for what means the same: members in any order, expressions by their text. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  if (value instanceof Map) return `{${[...value].map(([key, one]) => `${key}:${canonical(one)}`).join()}}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if ('reads' in value && 'text' in value) return `=${String(value.text)}`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join()}}`;
}
