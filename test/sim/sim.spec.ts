import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type EachBlock, PLAIN, SUB_FAILED, type TaskPlan } from './flow/block.js';
import type { ItemEnd } from './flow/items/tell-each.js';
import { answerOf, type Choices, letterFor, NO_CHOICES, tell } from './flow/oracle.js';
import { memoryStores, sqliteStores } from './run/open-world.js';
import { drawRun, replayRun } from './run/run-schedule.js';
import { type Orders, search } from './run/search.js';
import { shrink } from './run/shrink.js';
import { drawScenario } from './world/scenario.js';

const REGRESSIONS = JSON.parse(
  readFileSync(new URL('./regressions.json', import.meta.url), 'utf8'),
) as Orders['regressions'];
const orders = (more: Partial<Orders>): Orders => ({
  seed: 11,
  from: 0,
  schedules: 0,
  regressions: [],
  shrinking: false,
  ...more,
});

describe('the simulation', () => {
  it.each(REGRESSIONS.map((one) => [one.name, one] as const))('passes what once went wrong: %s', async (_, one) => {
    const { violations } = await replayRun(one.scenario, one.steps, memoryStores().open);
    expect(violations).toEqual([]);
  });

  it('finds nothing wrong in some schedules, and takes the paths of repair', async () => {
    const report = await search(orders({ schedules: 60 }), memoryStores());
    expect(report.found).toEqual([]);
    expect(report.schedules).toBe(60);
    for (const path of ['swept', 'republished.successors', 'delivery.stale', 'commit.away'])
      expect(report.exercised[path], path).toBeGreaterThan(0);
  }, 60_000);

  it('finds nothing wrong on SQLite', async () => {
    const stores = await sqliteStores();
    const report = await search(orders({ schedules: 5 }), stores);
    await stores.close();
    expect(report.found).toEqual([]);
  });

  it('does the same again from the same seed, and from the names of its steps', async () => {
    const scenario = { ...drawScenario(11, 3), steps: 120 };
    const { open } = memoryStores();
    const first = await drawRun(scenario, open);
    const again = await drawRun(scenario, open);
    const replayed = await replayRun(scenario, first.steps, open);
    expect(first.steps.length).toBeGreaterThan(40);
    expect(again.steps).toEqual(first.steps);
    expect(replayed.steps).toEqual(first.steps);
    for (const run of [again, replayed]) {
      expect(run.world.exercised).toEqual(first.world.exercised);
      expect([...run.world.partner.books]).toEqual([...first.world.partner.books]);
    }
  });

  it('makes a case small: what does not matter is left out', async () => {
    const scenario = drawScenario(11, 3);
    const steps = Array.from({ length: 60 }, (_, at) => `step ${at}`);
    const small = await shrink({ scenario, steps }, async (tried) => tried.steps.includes('step 17'));
    expect(small.steps).toEqual(['step 17']);
    expect(small.scenario.engines).toBe(1);
  });
});

describe('the oracle', () => {
  const task = (id: string, plan: Partial<TaskPlan> = {}) =>
    ({ kind: 'task', id, plan: { ...PLAIN, ...plan }, after: null }) as const;

  const wait = { kind: 'wait', id: 'm', answered: true, timeoutMs: 1_000, writes: true } as const;

  it('tells what follows from what only time could decide', () => {
    const late: Choices = { ...NO_CHOICES, ranOut: () => true, called: () => 'by-error' };
    const body = task('b');
    expect(tell({ ...wait, body }, '', 'r').visits).toEqual({ begin: 1, m: 1, m_merge: 1, done: 1 });
    expect(tell({ ...wait, body }, '', 'r').vars).toEqual({ v_m: letterFor('m', 'r') });
    expect(tell({ ...wait, body }, '', 'r', late).visits).toEqual({ begin: 1, m: 1, b: 1, m_merge: 1, done: 1 });
    const call = { kind: 'call', id: 's', flow: 'sub1', detach: false, body } as const;
    expect(tell(call, '').outputs).toEqual({ 's.1': 'done' });
    expect(tell(call, '', '', late).visits).toMatchObject({ b: 1, s_merge: 1, done: 1 });
    const arm = (id: string, ms: number | null) => ({ id, ms, answered: true });
    const event = { kind: 'event', id: 'e', arms: [arm('x', null), arm('y', 5)], branches: [body, task('c')] } as const;
    const second = { ...late, ranOut: (id: string) => (id === 'y' ? false : null) } satisfies Choices;
    expect(tell(event, '', '', second)).toMatchObject({ visits: { x: 1, y: 1, c: 1, e_merge: 1 }, finished: true });
    expect(tell(event, '', '', second).visits).not.toHaveProperty('b');
  });

  it('tells what waits for ever, and what ends as a failure', () => {
    const held = { ...wait, answered: false, timeoutMs: null, body: null };
    const never: Choices = { ...NO_CHOICES, ranOut: () => null, called: () => 'held' };
    expect(tell(held, '', '', never)).toMatchObject({ held: ['m.1'], stuck: [], finished: false, outcome: null });
    const fails = { kind: 'fails', id: 'f', body: task('a') } as const;
    expect(tell(fails, '')).toMatchObject({ finished: true, outcome: SUB_FAILED, visits: { a: 1, f_fail: 1 } });
  });

  it('tells what a list comes to from what its items have come to', () => {
    const items = [0, 1, 2].map((fails) => ({ ...PLAIN, fails, no: fails === 1 }));
    const list: EachBlock = {
      ...{ kind: 'each', id: 'i', listed: true, items, parallel: 2, until: null, rest: 'cancel', onError: 'continue' },
      ...{ collect: true, flow: null, writes: true, body: task('b') },
    };
    expect(tell(list, 's')).toMatchObject({ vars: { v_i: 3 }, fails: { 'i.1.2': 2 }, visits: { i: 1, i_merge: 1 } });
    expect(tell(list, 's').outputs['i.1.1']).toBe(answerOf('i#1', 1, 's', 'i has 1'));
    const ends = (...all: ItemEnd[]): Choices => ({ ...NO_CHOICES, item: (_, __, item) => all[item] as ItemEnd });
    const until = { by: 'yes', count: 1 } as const;
    expect(tell({ ...list, until }, 's', '', ends('done', 'cancelled', 'none'))).toMatchObject({ vars: { v_i: 1 } });
    expect(tell({ ...list, until }, 's', '', ends('incident', 'done', 'none'))).toMatchObject({
      stuck: ['i.1.0'],
      finished: false,
    });
    const failing = { ...ends('failed', 'done', 'cancelled'), byError: () => true };
    expect(tell(list, 's', '', failing).visits).toEqual({ begin: 1, i: 1, b: 1, i_merge: 1, done: 1 });
  });

  it('tells of what is given up what is there, and of the rest what must be', () => {
    const branches = [task('a'), { kind: 'seq', blocks: [task('b'), task('c')] }] as const;
    const race = { kind: 'race', id: 'r', branches, count: 1, rest: 'cancel' } as const;
    const lost: Choices = { ...NO_CHOICES, winners: () => [0], entered: (id) => id === 'b', came: () => false };
    expect(tell(race, '', '', lost)).toMatchObject({ visits: { a: 1, b: 1, r_join: 1, done: 1 }, finished: true });
    expect(tell(race, '', '', lost).visits).not.toHaveProperty('c');
    expect(tell(race, '', '', { ...lost, came: () => true }).outputs).toHaveProperty(['b.1']);
    const scope = { kind: 'scope', id: 'g', how: 'error', ms: 0, body: task('a'), rescue: task('z') } as const;
    expect(tell(scope, '', '', lost)).toMatchObject({ fails: { 'g_try.1': 1, 'z.1': 0 }, finished: true });
    expect(tell(scope, '', '', lost).visits).not.toHaveProperty('a');
    const border = { kind: 'border', id: 'b', host: task('h'), ms: 5, answered: true, interrupts: true } as const;
    const struck: Choices = { ...lost, strikes: () => [1], entered: () => true };
    expect(tell({ ...border, body: task('z') }, '', '', struck).outputs).not.toHaveProperty(['h.1']);
    expect(tell({ ...border, interrupts: false, body: task('z') }, '', '', struck)).toMatchObject({
      visits: { h: 1, z: 1, b_aside: 1, b_merge: 1, done: 1 },
    });
  });

  it('tells several at once, what is left out, and what is undone', () => {
    const copies = { kind: 'copies', id: 'k', count: 3, body: task('a') } as const;
    expect(tell(copies, '').visits).toMatchObject({ a: 3, k_join: 1 });
    const beside = {
      kind: 'while',
      id: 'd',
      first: task('f'),
      host: task('h'),
      lead: task('l'),
      guest: task('g'),
    } as const;
    expect(tell(beside, '', '', { ...NO_CHOICES, skipped: () => true })).toMatchObject({
      visits: { g: 1 },
      finished: true,
    });
    expect(tell(beside, '', '', { ...NO_CHOICES, skipped: () => true }).outputs).not.toHaveProperty(['g.1']);
    const undone = tell(task('a', { undo: 1 }), '', '', { ...NO_CHOICES, undone: () => true });
    expect(undone).toMatchObject({ fails: { 'a.1': 0, 'a.1.undo': 1 } });
    expect(undone.outputs['a.1.undo']).not.toBe(undone.outputs['a.1']);
  });

  it('tells loops, branches and values', () => {
    const body = {
      kind: 'xor',
      id: 'x',
      branches: [task('a', { writes: true, fails: 1 }), task('b')],
      pick: 0,
    } as const;
    const told = tell({ kind: 'loop', id: 'l', body, times: 2 }, 'salt');
    expect(told).toMatchObject({
      visits: { begin: 1, l_zero: 1, l_next: 2, x_split: 2, a: 2, x_merge: 2, l_again: 2, done: 1 },
      fails: { 'a.1': 1, 'a.2': 1 },
      finished: true,
      stuck: [],
    });
    expect(told.vars).toEqual({ l: 2, v_a: told.outputs['a.2'] });
    expect(told.outputs['a.1']).not.toBe(told.outputs['a.2']);
  });

  it('tells what a task that never succeeds holds up', () => {
    const branches = [task('a'), task('b', { never: true })];
    expect(tell({ kind: 'and', id: 'p', branches }, '')).toMatchObject({ stuck: ['b.1'], finished: false });
    expect(tell({ kind: 'seq', blocks: [task('a'), task('c')] }, '').outcome).toBe('done');
    const race = tell({ kind: 'race', id: 'p', branches, count: 1 }, '');
    expect(race).toMatchObject({ stuck: ['b.1'], finished: true, visits: { done: 1, p_join: 1 } });
  });
});
