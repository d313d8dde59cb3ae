import fc from 'fast-check';
import type { Definition } from '../../../src/core/definition/definition.js';
import { advance, newInstance } from '../../../src/core/flow/advance.js';
import type { FlowEvent } from '../../../src/core/flow/event.js';
import { isActive, type NodeInstance } from '../../../src/core/flow/instance.js';

const SIZE = 7;

/** What leads where from each node: `to` counts nodes ahead, and `back` (for `again`) nodes behind. */
export interface Shape {
  readonly lines: readonly {
    readonly kind: 'next' | 'fan' | 'choice' | 'gate' | 'again';
    readonly to: readonly [number, number];
    readonly back?: number;
  }[];
  readonly joins: readonly ('' | 'all' | 'taken' | '1' | '2')[];
}

const shapesOf = (kinds: readonly Shape['lines'][number]['kind'][], joins: Shape['joins']): fc.Arbitrary<Shape> =>
  fc.record({
    lines: fc.array(
      fc.record({ kind: fc.constantFrom(...kinds), to: fc.tuple(fc.nat(2), fc.nat(2)), back: fc.nat(3) }),
      { minLength: SIZE, maxLength: SIZE },
    ),
    joins: fc.array(fc.constantFrom(...joins), { minLength: SIZE, maxLength: SIZE }),
  });

const FORWARD = ['next', 'fan', 'fan', 'choice', 'gate'] as const;

/** Flows without loops: every node leads to one or two later ones, in parallel or by choice. */
export const shapes = shapesOf(FORWARD, ['', '', 'all', 'all', 'taken', '1', '2']);

/** The same with choices that lead back. */
export const loopingShapes = shapesOf([...FORWARD, 'again', 'next'], ['', '', '', 'all', 'all', 'taken']);

/** What tasks answer, and which of them finishes next. */
export const dice = fc.array(fc.nat(60), { minLength: 20, maxLength: 20 });

export function textOf({ lines, joins }: Shape): string {
  const later = (from: number, by: number): string => (from + 1 + by >= SIZE ? 'done' : `n${from + 1 + by}`);
  const nodes: string[] = [];
  const edges: string[] = ['begin -> n0'];
  const reached = new Set(['n0']);
  lines.forEach(({ kind, to, back = 0 }, index) => {
    if (!reached.has(`n${index}`)) return;
    const join = joins[index] ? `, join: ${joins[index]}` : '';
    const [a, b] = [later(index, to[0]), kind === 'again' ? `n${Math.max(0, index - back)}` : later(index, to[1])];
    reached.add(a);
    if (kind !== 'next') reached.add(b);
    nodes.push(`n${index}: { ${kind === 'gate' ? 'gateway: inclusive' : 'task: demo.work'}${join} }`);
    if (a === b || kind === 'next') edges.push(`n${index} -> ${a}`);
    else if (kind === 'fan') edges.push(`n${index} -> ${a} & ${b}`);
    else if (kind === 'gate')
      edges.push(`n${index} -> ${a}: input.left`, `n${index} -> ${b}: input.right`, `n${index} -> ${b}: else`);
    else edges.push(`n${index} -> ${a}: n${index}.go == true`, `n${index} -> ${b}: else`);
  });
  const list = (items: string[], mark: string): string => items.map((item) => `  ${mark}${item}\n`).join('');
  return `flow: example\nnodes:\n${list(['begin: { start: true }', 'done: { end: success }', ...nodes], '')}edges:\n${list(edges, '- ')}`;
}

export interface Run {
  readonly status: string;
  readonly incidents: readonly string[];
  readonly visits: ReadonlyMap<string, number>;
  /** Nodes that were active twice at one time. */
  readonly doubled: readonly string[];
}

/** Most tasks of a run that answer "no"; after that each goes on, so that every loop comes to its end. */
const MOST_NOES = 30;

/** Runs a flow to its end; `dice` say which task finishes next, and what it answers. */
export function run(definition: Definition, dice: readonly number[]): Run {
  let instance = newInstance({ id: 'i', flow: 'example', version: 1, key: null, at: 0 });
  const rows = new Map<string, NodeInstance>();
  const incidents: string[] = [];
  const doubled: string[] = [];
  let throws = 0;
  let answers = 0;
  const roll = (sides: number): number => (dice[throws++ % dice.length] ?? 0) % sides;
  let event: FlowEvent | null = { type: 'started', at: 0, input: { left: roll(2) === 1, right: roll(2) === 1 } };
  while (event && instance.status === 'running') {
    const active = [...rows.values()].filter(({ status }) => isActive(status));
    const outcome = advance(definition, { instance, nodes: active }, event);
    if (!outcome.ok) throw new Error(outcome.error.message);
    instance = outcome.value.instance;
    for (const row of outcome.value.nodes) rows.set(`${row.node} ${row.visit}`, row);
    for (const effect of outcome.value.effects) {
      if (effect.type === 'incident.raised') incidents.push(`${effect.node} ${effect.code}`);
    }
    const ready = [...rows.values()].filter(({ status }) => status === 'ready');
    doubled.push(...ready.map(({ node }) => node).filter((node, place, all) => all.indexOf(node) !== place));
    const next = ready[roll(Math.max(1, ready.length))];
    const go = answers++ > MOST_NOES || roll(2) === 1;
    event = next
      ? { type: 'task.completed', at: 0, node: next.node, visit: next.visit, attempt: 1, output: { go } }
      : null;
  }
  const visits = new Map<string, number>();
  for (const { node } of rows.values()) visits.set(node, (visits.get(node) ?? 0) + 1);
  return { status: instance.status, incidents, visits, doubled };
}
