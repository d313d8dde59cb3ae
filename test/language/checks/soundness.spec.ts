import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Definition, FlowNode } from '../../../src/core/definition/definition.js';
import { advance, newInstance } from '../../../src/core/flow/advance.js';
import type { FlowEvent } from '../../../src/core/flow/event.js';
import { isActive, type NodeInstance } from '../../../src/core/flow/instance.js';
import { readDefinition } from '../../../src/language/read-definition.js';

const SIZE = 7;

interface Shape {
  readonly lines: readonly {
    readonly kind: 'next' | 'fan' | 'choice' | 'gate';
    readonly to: readonly [number, number];
  }[];
  readonly joins: readonly ('' | 'all' | 'taken' | '1' | '2')[];
}

/** Flows without loops: every node leads to one or two later ones, in parallel or by choice. */
const shapes: fc.Arbitrary<Shape> = fc.record({
  lines: fc.array(
    fc.record({
      kind: fc.constantFrom('next', 'fan', 'fan', 'choice', 'gate'),
      to: fc.tuple(fc.nat(2), fc.nat(2)),
    }),
    { minLength: SIZE, maxLength: SIZE },
  ),
  joins: fc.array(fc.constantFrom('', '', 'all', 'all', 'taken', '1', '2'), { minLength: SIZE, maxLength: SIZE }),
});

function textOf({ lines, joins }: Shape): string {
  const later = (from: number, by: number): string => (from + 1 + by >= SIZE ? 'done' : `n${from + 1 + by}`);
  const nodes: string[] = [];
  const edges: string[] = ['begin -> n0'];
  const reached = new Set(['n0']);
  lines.forEach(({ kind, to }, index) => {
    if (!reached.has(`n${index}`)) return;
    const join = joins[index] ? `, join: ${joins[index]}` : '';
    const [a, b] = [later(index, to[0]), later(index, to[1])];
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

interface Run {
  readonly status: string;
  readonly incidents: readonly string[];
  readonly visits: ReadonlyMap<string, number>;
}

/** Runs a flow to its end; `dice` say which task finishes next, and what it answers. */
function run(definition: Definition, dice: readonly number[]): Run {
  let instance = newInstance({ id: 'i', flow: 'example', version: 1, key: null, at: 0 });
  const rows = new Map<string, NodeInstance>();
  const incidents: string[] = [];
  let throws = 0;
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
    const next = ready[roll(Math.max(1, ready.length))];
    event = next
      ? { type: 'task.completed', at: 0, node: next.node, visit: next.visit, attempt: 1, output: { go: roll(2) === 1 } }
      : null;
  }
  const visits = new Map<string, number>();
  for (const { node } of rows.values()) visits.set(node, (visits.get(node) ?? 0) + 1);
  return { status: instance.status, incidents, visits };
}

describe('a flow that the checks let through', () => {
  it('never waits for ever, and never runs a node twice that says no `join: each`', () => {
    let passed = 0;
    let withJoin = 0;
    fc.assert(
      fc.property(shapes, fc.array(fc.nat(60), { minLength: 20, maxLength: 20 }), (shape, dice) => {
        const { definition, problems } = readDefinition(textOf(shape), 'x');
        if (!definition || problems.some(({ code }) => code === 'MAY_WAIT_FOREVER')) return;
        passed += 1;
        const joins = [...definition.nodes.values()].filter(({ join }) => join !== null && join.type !== 'each');
        if (joins.some(({ id }) => definition.edges.filter(({ to }) => to === id).length > 1)) withJoin += 1;
        const { status, incidents, visits } = run(definition, dice);
        expect(incidents).toEqual([]);
        expect(status).toBe('completed');
        for (const [node, count] of visits) if (node !== 'done') expect(`${node} ${count}`).toBe(`${node} 1`);
      }),
      { numRuns: 2_000 },
    );
    expect(passed).toBeGreaterThan(100);
    expect(withJoin).toBeGreaterThan(15);
  });

  it('is never refused for a join that would fire: what waits for ever is never entered', () => {
    let refused = 0;
    fc.assert(
      fc.property(shapes, fc.array(fc.nat(60), { minLength: 20, maxLength: 20 }), (shape, dice) => {
        const lines = textOf(shape).split('\n');
        const errors = readDefinition(lines.join('\n'), 'x').problems.filter(({ severity }) => severity === 'error');
        const [fault] = errors;
        if (errors.length !== 1 || fault?.code !== 'WAITS_FOREVER') return;
        const text = lines.with(fault.line - 1, fault.excerpt.replace(/join: \w+/, 'join: taken')).join('\n');
        const { definition } = readDefinition(text, 'x');
        const id = /\w+/.exec(fault.excerpt)?.[0] ?? '';
        const node = definition?.nodes.get(id);
        if (!definition || !node) return;
        refused += 1;
        const count = Number(/join: (\d)/.exec(fault.excerpt)?.[1] ?? 0);
        const join = count > 0 ? ({ type: 'count', count } as const) : ({ type: 'all' } as const);
        const asWritten = { ...definition, nodes: new Map(definition.nodes).set(id, { ...node, join } as FlowNode) };
        const { incidents, visits } = run(asWritten, dice);
        expect(incidents.every((incident) => incident.endsWith('STUCK_JOIN'))).toBe(true);
        expect(visits.get(id) ?? 0).toBe(incidents.includes(`${id} STUCK_JOIN`) ? 1 : 0);
      }),
      { numRuns: 2_000 },
    );
    expect(refused).toBeGreaterThan(15);
  });
});
