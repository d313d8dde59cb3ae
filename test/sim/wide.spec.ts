import { describe, expect, it } from 'vitest';
import { type Block, PLAIN, type TaskBlock, type TaskPlan } from './flow/block.js';
import { type Choices, NO_CHOICES, tell } from './flow/oracle.js';
import { type AskPlan, SURE } from './flow/wide/ask-plan.js';
import { dueOf } from './flow/wide/dates/dates.js';
import type { RulePart } from './flow/wide/rules/rules-block.js';
import type { MergeBy, StepPlan } from './flow/wide/steps/steps-block.js';
import { cachedAnswer, fallbackOf } from './flow/wide/tasks/task-more.js';
import { tellWork } from './flow/wide/tell-work.js';
import type { WorkBlock } from './flow/wide/wide-block.js';

const leaf = (says: boolean, ask: AskPlan = SURE, more: Partial<RulePart> = {}): RulePart => {
  return { rule: 'result', parts: [], says, ask, ...more };
};
const of = (rule: 'and' | 'any', parts: readonly RulePart[], more: Partial<RulePart> = {}): RulePart => {
  return { rule, parts, says: false, ...more };
};
const work = (does: WorkBlock['does']): WorkBlock => ({ kind: 'wide', id: 'x', does, branches: [] });
const shown = (block: WorkBlock): Record<string, unknown> => JSON.parse(String(tellWork(block, 1, 's').shown));

describe('the oracle of rules', () => {
  it('stops where a relation stops, and keeps shut what is outside of its window', () => {
    const root = of('any', [leaf(true, SURE, { window: { from: 1, to: 2 } }), leaf(false), leaf(true), leaf(true)]);
    expect(shown(work({ kind: 'rules', root, at: 0 }))).toMatchObject({
      state: 'true',
      marks: ['r.0 O', 'r.1 F', 'r.2 T', 'r T'],
    });
    expect(shown(work({ kind: 'rules', root, at: 2 }))).toMatchObject({ marks: ['r.0 T', 'r T'] });
  });

  it('asks no part again that has answered before another failed', () => {
    const root = of('and', [leaf(true), leaf(true, { fails: 2, how: 'error' })]);
    const { fails, asks } = tellWork(work({ kind: 'rules', root, at: null }), 1, 's');
    expect([fails, asks]).toEqual([2, { 'r.0': 1, 'r.1': 3 }]);
  });

  it('makes a failure what is said of it, and nothing of one that waits for a person', () => {
    const broken: AskPlan = { ...SURE, broken: true };
    const root = of('any', [leaf(true, broken, { onError: 'none' }), leaf(false)], { inverse: true });
    expect(shown(work({ kind: 'rules', root, at: 0 }))).toMatchObject({ state: 'true', gave: {} });
    const parked = of('any', [leaf(true, broken, { onError: 'park' })], { onError: 'true' });
    expect(tellWork(work({ kind: 'rules', root: parked, at: 0, doomed: true }), 1, 's').shown).toBeNull();
  });
});

describe('the oracle of sequences', () => {
  const step = (name: string, more: Partial<StepPlan> = {}): StepPlan => {
    return { name, asks: [SURE], branches: [], merge: null, back: null, checkpoint: false, ...more };
  };

  it('goes back as often as it is said, and no more often than it may', () => {
    const steps = [step('a'), step('b', { back: { to: 'a', times: 2 } })];
    expect(tellWork(work({ kind: 'steps', steps, jumps: 1 }), 1, 's').asks).toEqual({
      'a.0.1': 1,
      'b.0.1': 1,
      'a.0.2': 1,
      'b.0.2': 1,
    });
    expect(tellWork(work({ kind: 'steps', steps, jumps: 0, doomed: true }), 1, 's').shown).toBeNull();
  });

  it('goes on behind a checkpoint, and anew without one', () => {
    const asksOf = (checkpoint: boolean): unknown =>
      tellWork(
        work({
          kind: 'steps',
          steps: [step('a', { checkpoint }), step('b', { asks: [{ fails: 1, how: 'error' }] })],
          jumps: 0,
        }),
        1,
        's',
      ).asks;
    expect(asksOf(true)).toEqual({ 'a.0.1': 1, 'b.0.1': 2 });
    expect(asksOf(false)).toEqual({ 'a.0.1': 2, 'b.0.1': 2 });
  });

  it('merges what branches have changed, and nothing else', () => {
    const branches = [3, 4].map((gives, at) => ({ name: `b${at}`, context: null, asks: [SURE], gives }));
    const whole = shown(
      work({ kind: 'steps', steps: [step('a', { asks: [], branches, merge: 'sum' })], jumps: 0 }),
    ) as { context: Record<string, unknown> };
    expect(whole.context).toMatchObject({ salt: 's', m: 7 });
    expect(Object.keys(whole.context).sort()).toEqual(['a_b0_0', 'a_b1_0', 'm', 'salt']);
  });
});

describe('the oracle of what is chosen and merged', () => {
  const task = (id: string, more: Partial<TaskPlan> = {}): TaskBlock => {
    return { kind: 'task', id, plan: { ...PLAIN, ...more }, after: null };
  };
  const choosing = (more: Partial<Choices>): Choices => ({ ...NO_CHOICES, ...more });

  it('goes on with the arm that was given, and with the last branch for who is held out', () => {
    const arms = [
      { name: 'b', weight: 1 },
      { name: 'a', weight: 1 },
    ];
    const does = { kind: 'arms', salt: 'A', arms, holdout: 0.5, by: 'receipt', forced: null } as const;
    const block: Block = { kind: 'wide', id: 'x', does, branches: [task('t'), task('u'), task('v')] };
    const given = (arm: string | null) => tell(block, 's', 'r', choosing({ arm: () => arm }));
    expect(given('a').visits).toEqual({ begin: 1, x_split: 1, u: 1, x_merge: 1, done: 1 });
    expect(given(null)).toMatchObject({ visits: { v: 1 }, outputs: { 'x_split.1': '{"arm":null,"by":"r"}' } });
    expect(tell(block, 's', 'r', choosing({ arm: () => undefined })).finished).toBe(false);
  });

  it('lets each branch see what was there before and what it has written, and counts those that wrote', () => {
    const merged = (rule: MergeBy, before: number | null) =>
      tell(
        {
          ...{ kind: 'wide', id: 'x', branches: [task('t'), task('u'), task('v')] },
          does: { kind: 'merging', rule, before, adds: [[1, 2], [], [4]] },
        },
        's',
      ).vars;
    expect(merged('sum', 5)).toEqual({ v_x: 8 + 9 });
    expect(merged('first', null)).toEqual({ v_x: 3 });
    expect(merged('list', 1)).toEqual({ v_x: [4, 5] });
    expect(merged('concat', 7)).toEqual({ v_x: [7, 1, 2, 7, 4] });
    expect(merged('union', 7)).toEqual({ v_x: [7, 1, 2, 4] });
  });

  it('tells no attempts of what may be given without one', () => {
    const degraded = tell(
      task('t', { more: { fallback: true }, fails: 2 }),
      's',
      '',
      choosing({ degraded: () => true }),
    );
    expect([degraded.fails, degraded.outputs]).toEqual([{}, { 't.1': fallbackOf('t') }]);
    const cached = tell(task('t', { more: { cache: 'one' } }), 's');
    expect([cached.fails, cached.outputs]).toEqual([{}, { 't.1': cachedAnswer('one', 'another') }]);
    expect(tell(task('t', { more: { fallback: true }, fails: 2 }), 's').fails).toEqual({ 't.1': 2 });
  });

  it.each([
    ['until', 5_000, 5_000],
    ['for', 5_000, 7_000],
    ['cron', 5_000, 5_000],
    ['cron', 2_000, 4_000],
  ] as const)('waits %s %i until %i, asked after two seconds', (how, ms, due) => {
    const beginning = Date.UTC(2026, 0, 1);
    expect(dueOf({ how, ms }, beginning + 2_000) - beginning).toBe(due);
  });
});
