import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf } from '../../../src/core/definition/graph.js';
import { isActive } from '../../../src/core/flow/instance.js';
import type { Dispatch } from '../../../src/core/flow/transition.js';
import { Bench, completed, failed, type Happening, started } from '../../support/flow-spec.js';
import { blocks, definitionOf, inputOf } from './blocks.js';
import { type Block, type Told, tell } from './oracle.js';

const failsOf = (block: Block): Record<string, number> => {
  if (block.kind === 'task') return { [block.id]: block.fails };
  const inner = block.kind === 'seq' ? block.blocks : block.kind === 'loop' ? [block.body] : block.branches;
  return Object.assign({}, ...inner.map(failsOf));
};

const exact = (counts: Told['visits'], { loose }: Told) =>
  Object.fromEntries(Object.entries(counts).filter(([id]) => !loose.has(id)));

/** Answers dispatches in a random order, every answer twice; the second must change nothing. */
function run(block: Block, order: readonly number[], isMutual?: (id: string) => boolean) {
  const bench = new Bench(definitionOf(block, isMutual));
  const fails = failsOf(block);
  const dispatches: Record<string, number> = {};
  const open: Dispatch[] = [];
  const happens = (happening: Happening): void => {
    const answer = bench.happens(happening);
    if (!answer.ok) throw new Error(answer.error.message);
    for (const effect of answer.value.effects) {
      expect(effect.type).not.toBe('incident.raised');
      if (effect.type !== 'dispatch') continue;
      open.push(effect);
      dispatches[effect.node] = (dispatches[effect.node] ?? 0) + 1;
    }
    const { instance } = bench;
    const held = [...bench.rows.values()].filter(({ node, status, attempt }) => {
      return isMutual?.(node) && isActive(status) && attempt > 0;
    });
    expect(held.length, 'nodes that exclude one another').toBeLessThan(2);
    expect(bench.happens(happening), 'the second delivery is rejected').toMatchObject({ ok: false });
    expect(bench.instance).toBe(instance);
  };
  happens(started(inputOf(block)));
  for (let step = 0; open.length > 0; step++) {
    const [next] = open.splice((order[step % order.length] ?? 0) % open.length, 1) as [Dispatch];
    const { node, visit, attempt } = next;
    // Cancelled by those that came first.
    if (bench.row(node, visit)?.status === 'cancelled') continue;
    happens(
      attempt <= (fails[node] ?? 0) ? failed(node, 'X', { visit, attempt }) : completed(node, {}, { visit, attempt }),
    );
  }
  return { bench, dispatches };
}

const order = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 40 });

describe('advance, on random flows with results in any order and every event delivered twice', () => {
  it('enters and dispatches exactly what the blocks say, and ends', () => {
    fc.assert(
      fc.property(blocks, order, (block, answers) => {
        const { bench, dispatches } = run(block, answers);
        const visits: Record<string, number> = {};
        for (const row of bench.rows.values()) visits[row.node] = (visits[row.node] ?? 0) + 1;
        const told = tell(block);
        const [entered, sent] = [visits, dispatches].map((counts, i) => {
          const most = i === 0 ? told.visits : told.dispatches;
          for (const id of told.loose) expect(counts[id] ?? 0, id).toBeLessThanOrEqual(most[id] ?? 0);
          return Object.fromEntries(Object.entries({ ...most, ...counts }).filter(([id]) => !told.loose.has(id)));
        });
        expect({ entered, sent }).toStrictEqual({
          entered: exact(told.visits, told),
          sent: exact(told.dispatches, told),
        });
        for (const row of bench.rows.values()) if (!told.loose.has(row.node)) expect(row.status, row.node).toBe('done');
        expect(bench.instance).toMatchObject({
          status: 'completed',
          outcome: 'done',
          active: 0,
          incidents: 0,
          endedAt: expect.any(Number),
        });
        expect(bench.instance.state).toMatchObject({ arrivals: {}, absorbing: {} });
        expect([...bench.rows.values()].every(({ status }) => status === 'done' || status === 'cancelled')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('enters the same when tasks exclude one another, one at a time', () => {
    fc.assert(
      fc.property(blocks, order, fc.nat(2), (block, answers, share) => {
        const { bench } = run(block, answers, (id) => id.startsWith('t_') && id.length % 3 >= share);
        const told = tell(block);
        const visits: Record<string, number> = {};
        for (const row of bench.rows.values()) visits[row.node] = (visits[row.node] ?? 0) + 1;
        expect(exact(visits, told)).toStrictEqual(exact(told.visits, told));
        expect(bench.instance).toMatchObject({ status: 'completed', outcome: 'done', active: 0 });
      }),
      { numRuns: 200 },
    );
  });

  it('counts visits only where a second one is possible, and misses none', () => {
    fc.assert(
      fc.property(blocks, order, (block, answers) => {
        const { bench } = run(block, answers);
        const { repeatable } = graphOf(bench.definition);
        for (const row of bench.rows.values()) if (row.visit > 1) expect(repeatable.has(row.node), row.node).toBe(true);
        expect(Object.keys(bench.instance.state.visits).every((node) => repeatable.has(node))).toBe(true);
        const hasLoop = JSON.stringify(block).includes('"loop"');
        if (!hasLoop) expect([...repeatable]).toStrictEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
