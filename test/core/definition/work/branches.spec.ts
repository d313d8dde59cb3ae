import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MergeName } from '../../../../src/core/definition/control/merge.js';
import type { Branch, Branches } from '../../../../src/core/definition/work/sequence/branches.js';
import {
  beginning,
  type Progress,
  runSequence,
  SequenceFailure,
  type SequenceStep,
} from '../../../../src/core/definition/work/sequence/run-sequence.js';
import type { Json, JsonObject } from '../../../../src/core/json.js';

const branch = (name: string, more: Partial<Branch> = {}): Branch => {
  return { name, handlers: [name], with: null, factory: null, ...more };
};
const parallel = (branches: readonly Branch[], merge: Branches['merge'] = { members: new Map() }): SequenceStep => {
  return { name: 'recall', handlers: [], parallel: { branches, merge }, with: null, goto: [], checkpoint: false };
};
const by = (rules: Record<string, MergeName>): Branches['merge'] => ({ members: new Map(Object.entries(rules)) });

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((pass) => {
    resolve = pass;
  });
  return { promise, resolve };
}

type Answers = Readonly<Record<string, (context: JsonObject) => Json | Promise<Json>>>;

async function run(step: SequenceStep, answers: Answers, from: Progress = beginning({ n: 1 })) {
  const asked: string[] = [];
  const seen: Record<string, JsonObject> = {};
  const reached: Progress[] = [];
  const ended = await runSequence([step], from, {
    jumps: 10,
    now: () => 0,
    test: () => false,
    reached: (progress) => reached.push(progress),
    async call({ name }, handler, place, pass, context): Promise<JsonObject> {
      asked.push(`${name}/${handler}.${place}.${pass}`);
      seen[handler] = structuredClone(context);
      return (await answers[handler]?.(context)) as JsonObject;
    },
  }).catch((fault: unknown) => fault as SequenceFailure);
  return { ended, asked, seen, reached };
}
const failure = ({ ended }: { ended: unknown }) => (ended as SequenceFailure).reason as Error & { code: string };

describe('branches of a step', () => {
  it('run at the same time, each with a copy of the context, and what they add comes together', async () => {
    const free = withResolvers<Json>();
    const { ended, asked, seen } = await run(parallel([branch('a'), branch('b', { handlers: ['b', 'c'] })]), {
      a: () => free.promise,
      b: (context) => {
        (context as Record<string, Json>)['n'] = 99;
        return { b: 2 };
      },
      c: () => {
        free.resolve({ a: 1 });
        return { c: 3 };
      },
    });
    expect(asked).toEqual(['recall.a/a.0.1', 'recall.b/b.0.1', 'recall.b/c.1.1']);
    expect(seen).toMatchObject({ a: { n: 1 }, b: { n: 1 }, c: { n: 1, b: 2 } });
    expect(ended).toMatchObject({ context: { n: 1, a: 1, b: 2, c: 3 } });
    expect((ended as SequenceFailure).trace).toContainEqual({
      step: 'recall',
      branch: 'b',
      handler: 'c',
      pass: 1,
      ms: 0,
    });
  });

  it('begin with what their factory gives; only what they change of it comes out', async () => {
    const { ended, asked, seen } = await run(parallel([branch('a', { factory: 'make' }), branch('b')]), {
      make: ({ n }) => ({ size: Number(n) * 10, rest: 'own' }),
      a: ({ size }) => ({ found: size ?? null }),
      b: () => ({}),
    });
    expect(asked).toEqual(['recall.a/make.context.1', 'recall.b/b.0.1', 'recall.a/a.0.1']);
    expect(seen['a']).toEqual({ size: 10, rest: 'own' });
    expect((ended as { context: JsonObject }).context).toEqual({ n: 1, found: 10 });
  });

  it('that change the same are refused unless it is said what becomes of it', async () => {
    const answers: Answers = { a: () => ({ items: [1], best: 4 }), b: () => ({ items: [2], best: 3 }) };
    const conflict = failure(await run(parallel([branch('a'), branch('b')]), answers));
    expect(conflict.code).toBe('MERGE_CONFLICT');
    expect(conflict.message).toContain("Expected one branch to change 'items', but 'a' and 'b' did.");
    const merge = by({ items: 'concat', best: 'max' });
    const { ended } = await run(parallel([branch('b'), branch('a')], merge), answers);
    expect(ended).toMatchObject({ context: { items: [2, 1], best: 4 } });
    const unfit = failure(await run(parallel([branch('a'), branch('b')], by({ items: 'sum', best: 'max' })), answers));
    expect(unfit.code).toBe('MERGE_UNFIT');
  });

  it('that change the same to the same agree', async () => {
    const { ended } = await run(parallel([branch('a'), branch('b')]), { a: () => ({ x: [1] }), b: () => ({ x: [1] }) });
    expect(ended).toMatchObject({ context: { x: [1] } });
  });

  it('are handed to a handler that makes one context of all, if there is one', async () => {
    const { ended, asked, seen } = await run(parallel([branch('a'), branch('b')], { handler: 'mix' }), {
      a: () => ({ items: [1] }),
      b: () => ({ items: [2] }),
      mix: () => ({ items: [1, 2], mixed: true }),
    });
    expect(asked.at(-1)).toBe('recall/mix.merge.1');
    expect(seen['mix']).toEqual({
      context: { n: 1 },
      branches: { a: { n: 1, items: [1] }, b: { n: 1, items: [2] } },
    });
    expect((ended as { context: JsonObject }).context).toEqual({ n: 1, items: [1, 2], mixed: true });
  });

  it('fail as a whole once all are over, and a checkpoint keeps those that are done', async () => {
    const step = { ...parallel([branch('a'), branch('b'), branch('c')]), checkpoint: true };
    let down = true;
    const answers: Answers = {
      a: () => {
        if (down) throw new Error('down');
        return { a: 1 };
      },
      b: () => Promise.resolve({ b: 2 }),
      c: () => ({ c: 3 }),
    };
    const first = await run(step, answers);
    expect(first.ended).toBeInstanceOf(SequenceFailure);
    expect(first.ended).toMatchObject({ step: 'recall.a', handler: 'a', message: 'down' });
    down = false;
    const kept = JSON.parse(JSON.stringify(first.reached.at(-1))) as Progress;
    const second = await run(step, answers, kept);
    expect(second.asked).toEqual(['recall.a/a.0.1']);
    expect(second.ended).toMatchObject({ context: { n: 1, a: 1, b: 2, c: 3 } });
    const without = await run({ ...step, checkpoint: false }, { ...answers, a: () => Promise.reject(new Error('x')) });
    expect(without.reached).toEqual([]);
  });

  it('give the same in whatever order they end', async () => {
    const names = ['a', 'b', 'c'];
    const step = parallel(
      names.map((name) => branch(name)),
      by({ list: 'list' }),
    );
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(names, { minLength: 3 }), async (order) => {
        const gates = new Map(names.map((name) => [name, withResolvers<Json>()]));
        const going = run(
          step,
          Object.fromEntries(names.map((name) => [name, () => gates.get(name)?.promise ?? null])),
        );
        for (const name of order) {
          gates.get(name)?.resolve({ list: name, [name]: 1 });
          await Promise.resolve();
        }
        expect((await going).ended).toMatchObject({ context: { n: 1, list: names, a: 1, b: 1, c: 1 } });
      }),
    );
  });
});
