import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EACH_ITEMS,
  EACH_VISITS,
  ITEMS_FROM,
  isPage,
  itemOf,
  itemVisit,
  pageFrom,
  pageVisit,
  visitOf,
} from '../../../src/core/definition/work/each.js';
import type { ItemResult } from '../../../src/core/flow/event.js';
import type { Dispatch } from '../../../src/core/flow/transition.js';
import { end, flow, start, task } from '../../support/build-definition.js';
import { each } from '../../support/definition/each.js';
import {
  Bench,
  completed,
  failed,
  gathered,
  type Happening,
  listed,
  retried,
  started,
} from '../../support/flow-spec.js';

/** How each item ends: with a yes, with a no, or by failing so often (more than once: for good, till it is retried). */
type Fate = 'yes' | 'no' | 'fails once' | 'fails';

interface Case {
  readonly fates: readonly Fate[];
  readonly parallel: number;
  readonly until: number | null;
  readonly onError: 'fail' | 'continue';
}

/** What must come of it, told without events: items end in the order in which they are answered. */
function tell({ fates, until, onError }: Case, order: readonly number[]) {
  const counts = { done: 0, yes: 0, failed: 0 };
  const results: (number | null)[] = fates.map(() => null);
  for (const item of order) {
    if (until !== null && counts.done >= until) break;
    if (fates[item] === 'fails' && onError === 'continue') counts.failed++;
    else {
      counts.done++;
      counts.yes += Number(fates[item] !== 'no');
      results[item] = item;
    }
  }
  const enough = until === null || counts.done >= until;
  return { _result: enough, total: fates.length, ...counts, results };
}

/** Answers dispatches in a random order, every answer twice, and retries what is an incident once nothing else is left. */
function run(wanted: Case, picks: readonly number[]) {
  const { fates, parallel, until, onError } = wanted;
  const rule = each({ parallel, until: until === null ? null : { count: until }, onError });
  const nodes = { begin: start(), many: task({ each: rule, retry: { remote: [1_000], max: 1 } }), done: end() };
  const bench = new Bench(flow(nodes, ['begin -> many -> done']));
  const open: Dispatch[] = [];
  const answered: number[] = [];
  const given = new Map<number, ItemResult>();
  const happens = (happening: Happening): void => {
    const answer = bench.happens(happening);
    if (!answer.ok) throw new Error(answer.error.message);
    for (const effect of answer.value.effects) if (effect.type === 'dispatch') open.push(effect);
    expect(bench.happens(happening), 'the second delivery is rejected').toMatchObject({ ok: false });
    const active = [...bench.rows.values()].filter(
      (row) => itemOf(row.visit) !== null && (row.status === 'ready' || row.status === 'waiting'),
    );
    expect(active.length, 'no more than may be under way').toBeLessThanOrEqual(parallel);
  };
  const answer = (item: number, visit: number, attempt: number): void => {
    const fate = fates[item];
    const fails = fate === 'fails once' ? attempt === 1 : fate === 'fails' && attempt <= 2;
    if (fails) happens(failed('many', 'X', { visit, attempt }));
    else happens(completed('many', fate === 'no' ? { _result: false, item } : { item }, { visit, attempt }));
    const ended = bench.row('many', visit)?.status === 'done';
    if (ended) answered.push(item);
    if (ended && !fails) given.set(item, { item, output: item, error: null });
  };
  happens(started());
  for (let step = 0; ; step++) {
    const broken = [...bench.rows.values()].find(({ status }) => status === 'incident');
    if (open.length === 0 && broken) happens(retried('many', broken.visit));
    if (open.length === 0) break;
    const [next] = open.splice((picks[step % picks.length] ?? 0) % open.length, 1) as [Dispatch];
    const { visit, attempt } = next;
    const row = bench.row('many', visit);
    if (row?.status !== 'ready' || row.attempt !== attempt) continue;
    const item = itemOf(visit);
    if (item !== null) answer(item, visit, attempt);
    else if (row.polls > 0) happens(gathered('many', [...given.values()], { dispatch: row.dispatch, attempt }));
    else happens(listed('many', fates.length, { dispatch: row.dispatch, attempt }));
  }
  return { bench, answered };
}

const cases: fc.Arbitrary<Case> = fc.record({
  fates: fc.array(fc.constantFrom<Fate>('yes', 'no', 'fails once', 'fails'), { maxLength: 8 }),
  parallel: fc.integer({ min: 1, max: 5 }),
  until: fc.option(fc.integer({ min: 1, max: 8 })),
  onError: fc.constantFrom('fail', 'continue'),
});
const picks = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 30 });

describe('a node with each, with results in any order and every event delivered twice', () => {
  it('ends with what its items gave, however they failed, and leaves nothing behind', () => {
    fc.assert(
      fc.property(cases, picks, (wanted, order) => {
        const { bench, answered } = run(wanted, order);
        expect(bench.outputs.get('many#1')).toMatchObject(tell(wanted, answered));
        expect(bench.instance).toMatchObject({ status: 'completed', active: 0, incidents: 0 });
        expect(bench.instance.state.facts).toEqual({});
        const items = [...bench.rows.values()].filter(({ visit }) => (itemOf(visit) ?? -1) >= 0);
        expect(items.every(({ status }) => status === 'done' || status === 'cancelled')).toBe(true);
        expect(items.length).toBeLessThanOrEqual(wanted.fates.length);
        if (wanted.until === null) expect(items.length).toBe(wanted.fates.length);
      }),
      { numRuns: 300 },
    );
  });

  it('numbers items apart from visits, and each item of each visit apart from all others', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: EACH_VISITS }),
        fc.integer({ min: 0, max: EACH_ITEMS - 1 }),
        (visit, item) => {
          const number = itemVisit(visit, item);
          expect([visitOf(number), itemOf(number), isPage(number)]).toEqual([visit, item, false]);
          const page = pageVisit(visit, item);
          expect([visitOf(page), isPage(page), pageFrom(page), itemOf(visit)]).toEqual([visit, true, item, null]);
          expect(page).toBeLessThan(2 ** 29);
          expect(number).toBeGreaterThan(ITEMS_FROM);
          expect(number).toBeLessThan(2 ** 31);
        },
      ),
    );
    expect(ITEMS_FROM).toBeGreaterThan(1_000_000);
  });
});
