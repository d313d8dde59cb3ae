import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPage, itemOf, pageFrom } from '../../../src/core/definition/work/each.js';
import type { Dispatch } from '../../../src/core/flow/transition.js';
import type { Json } from '../../../src/core/json.js';
import { end, expr, flow, path, start, task } from '../../support/build-definition.js';
import { each } from '../../support/definition/each.js';
import { Bench, completed, gathered, type Happening, listed, received, started } from '../../support/flow-spec.js';

/** How many items the list has, and each message brings. */
interface Case {
  readonly first: number;
  readonly messages: readonly number[];
  readonly parallel: number;
  readonly until: number | null;
  /** Whether the node waits for all messages, or ends whenever no item is left. */
  readonly hasLast: boolean;
}

function run({ first, messages, parallel, until, hasLast }: Case, picks: readonly number[]) {
  const wanted = first + messages.reduce((sum, many) => sum + many, 0);
  const enough = expr('each.total >= n', ['each'], (value) => (value as { total: number }).total >= wanted);
  const more = {
    message: 'named',
    match: new Map(),
    keepMs: null,
    items: path('result.items'),
    last: hasLast ? enough : null,
  };
  const rule = each({ parallel, more, until: until === null ? null : { count: until } });
  const bench = new Bench(flow({ begin: start(), many: task({ each: rule }), done: end() }, ['begin -> many -> done']));
  const open: Dispatch[] = [];
  const left = [...messages];
  let sent = 0;
  let waiting: number | null = null;
  const asked: number[] = [];
  const happens = (happening: Happening): void => {
    const answer = bench.happens(happening);
    if (!answer.ok) throw new Error(answer.error.message);
    for (const effect of answer.value.effects) {
      if (effect.type === 'dispatch') open.push(effect);
      if (effect.type === 'wait.opened') waiting = effect.visit;
    }
    expect(bench.happens(happening), 'the second word is rejected').toMatchObject({ ok: false });
    const under = [...bench.rows.values()].filter(
      ({ visit, status }) => (itemOf(visit) ?? -1) >= 0 && status === 'ready',
    );
    expect(under.length).toBeLessThanOrEqual(parallel);
  };
  happens(started());
  for (let step = 0; ; step++) {
    const pick = picks[step % picks.length] ?? 0;
    const hears = waiting !== null && bench.row('many@more', waiting)?.status === 'waiting';
    if (hears && left.length > 0 && (pick % 3 === 0 || open.length === 0)) {
      const many = left.shift() ?? 0;
      const items = Array.from({ length: many }, () => `i${first + sent++}`);
      happens(received('many@more', { items }, waiting ?? 1));
      continue;
    }
    const [next] = open.splice(pick % Math.max(1, open.length), 1);
    if (!next) break;
    const { visit, attempt } = next;
    const row = bench.row('many', visit);
    if (row?.status !== 'ready' || row.dispatch === 0) continue;
    const item = itemOf(visit);
    if (item !== null) {
      asked.push(item);
      happens(completed('many', { item }, { visit, attempt }));
    } else if (row.polls > 0) happens(gathered('many', [], { dispatch: row.dispatch, attempt }));
    else
      happens(
        listed(
          'many',
          Array.from({ length: first }, (_, n) => `i${n}`),
          { dispatch: row.dispatch, attempt },
        ),
      );
  }
  return { bench, asked, came: first + sent };
}

const cases: fc.Arbitrary<Case> = fc.record({
  first: fc.integer({ min: 0, max: 4 }),
  messages: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 5 }),
  parallel: fc.integer({ min: 1, max: 4 }),
  until: fc.option(fc.integer({ min: 1, max: 8 })),
  hasLast: fc.boolean(),
});
const picks = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 30 });

describe('a node whose items become more, with messages and results in any order and every word twice', () => {
  it('does each item that came once, in a place of its own, and ends with all of them or with enough', () => {
    let grown = 0;
    fc.assert(
      fc.property(cases, picks, (wanted, order) => {
        const { bench, asked, came } = run(wanted, order);
        const output = bench.outputs.get('many#1') as { total: number; done: number; _result: boolean };
        expect(bench.instance).toMatchObject({ status: 'completed', active: 0, incidents: 0 });
        expect(bench.instance.state.facts).toEqual({});
        expect(output.total).toBe(came);
        expect(new Set(asked).size).toBe(asked.length);
        const isEnough = wanted.until !== null && output.done >= wanted.until;
        expect(output._result).toBe(wanted.until === null || isEnough);
        expect(output.done).toBe(asked.length);
        if (!isEnough) expect(asked.length).toBe(came);
        const pages = [...bench.outputs].flatMap(([key, page]): [number, Json][] => {
          const visit = Number(key.split('#')[1]);
          return isPage(visit) ? [[pageFrom(visit), page]] : [];
        });
        const kept: string[] = [];
        for (const [from, page] of pages.toSorted(([a], [b]) => a - b)) {
          expect(from).toBe(kept.length);
          kept.push(...(page as string[]));
        }
        expect(kept).toEqual(Array.from({ length: came }, (_, n) => `i${n}`));
        if (pages.length > 1) grown += 1;
      }),
      { numRuns: 300 },
    );
    expect(grown).toBeGreaterThan(50);
  });
});
