import { type Merge, varsSeen } from '../../core/definition/control/merge.js';
import { Isolation } from '../../core/definition/control/merging.js';
import type { Definition, FlowNode, Line } from '../../core/definition/definition.js';
import type { Adjacency } from '../../core/definition/repeatable.js';
import type { Expression, Scope } from '../../core/expression.js';
import type { Json, JsonObject } from '../../core/json.js';

type Slots = ReadonlyMap<string, readonly string[]>;
type Parts = Pick<Definition, 'nodes' | 'lines' | 'edges' | 'output'>;

const NONE: Slots = new Map();

/**
 * Lets the branches that meet at a join with `merge` write apart from one another: each keeps what it writes in a
 * variable of its own, and reads that. Nothing else of the engine knows of branches.
 */
export function isolate<P extends Parts>(parts: P): P {
  const nodes = [...parts.nodes.values()];
  const start = nodes.find(({ kind }) => kind === 'start');
  if (!start || !nodes.some(hasMerge)) return parts;
  const isolation = new Isolation(nodes.filter(hasMerge), start.id, adjacencyOf(parts));
  const inBranch = (node: FlowNode): FlowNode => {
    const slots = isolation.slotsOf(node.kind === 'guard' ? node.host : node.id);
    const kept = hasMerge(node) ? { ...node, merge: isolation.merges(node.id, node.merge) } : node;
    const own = withWrites(reading(kept, slots), slots);
    return slots.size > 0 && own.kind === 'task' && own.in === null ? { ...own, sees: slots } : own;
  };
  const lineFrom = (line: Line): Line => ({ ...line, when: reading(line.when, isolation.slotsOf(line.from)) });
  return {
    ...parts,
    nodes: new Map([...parts.nodes].map(([id, node]) => [id, inBranch(node)])),
    lines: parts.lines.map(lineFrom),
    ...(parts.output && { output: reading(parts.output, NONE) }),
  };
}

const hasMerge = (node: FlowNode): node is FlowNode & { readonly merge: readonly Merge[] } =>
  'merge' in node && node.merge !== undefined;

function adjacencyOf({ nodes, edges }: Parts): Adjacency {
  const ids = [...nodes.keys()];
  const all = (end: 'from' | 'to') => new Map(ids.map((id) => [id, edges.filter((edge) => edge[end] === id)]));
  return { incoming: all('to'), leaving: all('from') };
}

/** A node that writes where its branch keeps what it writes. */
function withWrites<N extends FlowNode>(node: N, slots: Slots): N {
  if (slots.size === 0) return node;
  const renamed = (values: ReadonlyMap<string, Expression>): ReadonlyMap<string, Expression> =>
    new Map(
      [...values].map(([name, value]): [string, Expression] => {
        const slot = slots.get(name)?.[0];
        return slot === undefined ? [name, value] : [slot, listed(value)];
      }),
    );
  if (node.kind === 'set') return { ...node, set: renamed(node.set) };
  return 'out' in node && node.out ? { ...node, out: renamed(node.out) } : node;
}

/** So that a null that was written is not nothing. */
const listed = (of: Expression): Expression => ({
  text: of.text,
  reads: of.reads,
  value: (scope): Json => [of.value(scope)],
  test: (scope) => of.test(scope),
});

/** The same with every expression in it reading what the branch has written. */
function reading<T>(value: T, slots: Slots): T {
  return read(value, slots) as T;
}

function read(value: unknown, slots: Slots): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isExpression(value)) return seeing(value, slots);
  if (Array.isArray(value)) return value.map((one) => read(one, slots));
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, read(one, slots)]));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, read(one, slots)]));
}

const isExpression = (value: object): value is Expression =>
  'reads' in value && 'value' in value && typeof value.value === 'function';

function seeing(of: Expression, slots: Slots): Expression {
  const own = of.reads.flatMap(([root, name]): string[] => {
    if (root !== 'vars') return [];
    return name === undefined ? [...slots.values()].flat() : [...(slots.get(name) ?? [])];
  });
  const readsAll = of.reads.some(([root, name]) => root === 'vars' && name === undefined);
  if (own.length === 0 && !readsAll) return of;
  const seen = (scope: Scope): Scope =>
    Object.assign(Object.create(null), scope, { vars: varsSeen((scope['vars'] ?? {}) as JsonObject, slots) });
  return {
    text: of.text,
    reads: [...of.reads, ...own.map((slot) => ['vars', slot])],
    value: (scope) => of.value(seen(scope)),
    test: (scope) => of.test(seen(scope)),
  };
}
