import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Definition, FlowNode } from '../../../src/core/definition/definition.js';
import { readDefinition } from '../../../src/language/read-definition.js';
import { blocks, loopsOfSome, textOfBlock } from './blocks.js';
import { dice, loopingShapes, run, type Shape, shapes, textOf } from './shapes.js';

const hasJoin = (definition: Definition): boolean =>
  [...definition.nodes.values()].some(({ id, join }) => {
    return join !== null && join.type !== 'each' && definition.edges.filter(({ to }) => to === id).length > 1;
  });

const mayWait = (shape: Shape): boolean =>
  readDefinition(textOf(shape), 'x').problems.some(({ code }) => code === 'MAY_WAIT_FOREVER');

describe('a flow that the checks let through', () => {
  it('never waits for ever, and never runs a node twice that says no `join: each`', () => {
    let passed = 0;
    let withJoin = 0;
    fc.assert(
      fc.property(shapes, dice, (shape, dice) => {
        const { definition, problems } = readDefinition(textOf(shape), 'x');
        if (!definition || problems.some(({ code }) => code === 'MAY_WAIT_FOREVER')) return;
        passed += 1;
        if (hasJoin(definition)) withJoin += 1;
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

  it('never waits for ever in a loop', () => {
    let looped = 0;
    fc.assert(
      fc.property(loopingShapes, dice, (shape, dice) => {
        const { definition, problems } = readDefinition(textOf(shape), 'x');
        if (!definition || problems.some(({ code }) => code === 'MAY_WAIT_FOREVER')) return;
        const { status, incidents, visits } = run(definition, dice);
        if (hasJoin(definition) && [...visits].some(([node, count]) => node !== 'done' && count > 1)) looped += 1;
        expect(incidents).toEqual([]);
        expect(status).toBe('completed');
      }),
      { numRuns: 2_000 },
    );
    expect(looped).toBeGreaterThan(15);
  });

  it('is never refused for a join that would fire: what waits for ever is never entered', () => {
    let refused = 0;
    fc.assert(
      fc.property(shapes, dice, (shape, dice) => {
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

describe('a flow of blocks inside blocks', () => {
  it('is let through without a warning, and runs to its end', () => {
    let withLoop = 0;
    fc.assert(
      fc.property(blocks, dice, (block, dice) => {
        const { definition, problems } = readDefinition(textOfBlock(block), 'x');
        expect(problems).toEqual([]);
        if (!definition) return;
        const { status, incidents, visits } = run(definition, dice);
        expect(incidents).toEqual([]);
        expect(status).toBe('completed');
        if ([...visits.values()].some((count) => count > 1)) withLoop += 1;
      }),
      { numRuns: 500 },
    );
    expect(withLoop).toBeGreaterThan(50);
  });

  it('runs to its end with several joins of those taken in one loop: none of them waits for another one', () => {
    let rounds = 0;
    fc.assert(
      fc.property(loopsOfSome, dice, (block, dice) => {
        const { definition, problems } = readDefinition(textOfBlock(block), 'x');
        expect(problems.map(({ code }) => code)).not.toContain('TAKEN_JOINS_WAIT');
        if (!definition) return;
        const { status, incidents, visits } = run(definition, dice);
        expect(incidents).toEqual([]);
        expect(status).toBe('completed');
        if ([...visits.values()].some((count) => count > 1)) rounds += 1;
      }),
      { numRuns: 300 },
    );
    expect(rounds).toBeGreaterThan(50);
  });
});

describe('a join that some way gives fewer arrivals than it waits for', () => {
  it('is warned of: by one choice all three edges are taken, by the other two', () => {
    const shape: Shape = {
      lines: [
        { kind: 'choice', to: [1, 0] },
        { kind: 'fan', to: [2, 0] },
        { kind: 'fan', to: [1, 0] },
        { kind: 'next', to: [0, 0] },
        { kind: 'next', to: [0, 0] },
        { kind: 'next', to: [0, 0] },
        { kind: 'next', to: [0, 0] },
      ],
      joins: ['', '', '', '', 'all', '', ''],
    };
    expect(mayWait(shape)).toBe(true);
    const { definition } = readDefinition(textOf(shape), 'x');
    expect(definition && run(definition, [0, 0, 0, 45]).incidents).toEqual(['n4 STUCK_JOIN']);
  });

  it('is warned of: one branch goes round again while the other has arrived', () => {
    const shape: Shape = {
      lines: [
        { kind: 'fan', to: [0, 1] },
        { kind: 'again', to: [1, 0], back: 1 },
        { kind: 'next', to: [0, 0] },
        { kind: 'next', to: [2, 0] },
        { kind: 'next', to: [0, 0] },
        { kind: 'next', to: [0, 0] },
        { kind: 'next', to: [0, 0] },
      ],
      joins: ['', '', '', 'all', '', '', ''],
    };
    expect(mayWait(shape)).toBe(true);
    const { definition } = readDefinition(textOf(shape), 'x');
    expect(definition && run(definition, [0, 0, 0, 0, 0, 0, 1]).incidents).toContain('n3 STUCK_JOIN');
  });
});
