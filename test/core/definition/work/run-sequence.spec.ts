import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginning,
  type Progress,
  runSequence,
  SequenceFailure,
  type SequenceStep,
  TooManyJumps,
} from '../../../../src/core/definition/work/sequence/run-sequence.js';
import type { Expression } from '../../../../src/core/expression.js';
import type { JsonObject } from '../../../../src/core/json.js';

/** Holds while the context has fewer passes of the step than the text says. */
const until = (text: string): Expression => ({ text, reads: [], test: () => false, value: () => null });
const step = (name: string, more: Partial<SequenceStep> = {}): SequenceStep => {
  return { name, handlers: [name], with: null, goto: [], checkpoint: false, ...more };
};

async function run(
  steps: readonly SequenceStep[],
  {
    from = beginning({}),
    fails = new Map<string, number>(),
    jumps = 10,
  }: { from?: Progress; fails?: Map<string, number>; jumps?: number } = {},
) {
  const asked: string[] = [];
  const reached: Progress[] = [];
  let clock = 0;
  const ended = await runSequence(steps, from, {
    jumps,
    now: () => clock,
    reached: (progress) => reached.push(progress),
    test: (condition, context) => Number(context['n'] ?? 0) < Number(condition.text),
    async call(_step, handler, place, pass, context): Promise<JsonObject> {
      asked.push(`${handler}.${place}.${pass}`);
      clock += 5;
      const left = fails.get(handler) ?? 0;
      fails.set(handler, left - 1);
      if (left > 0) throw new Error('down');
      return { n: Number(context['n'] ?? 0) + 1, last: handler };
    },
  }).catch((fault: unknown) => fault);
  return { ended, asked, reached };
}

describe('a sequence', () => {
  it('runs its steps and their handlers in order, and hands the context on', async () => {
    const { ended, asked } = await run([step('a'), step('b', { handlers: ['x', 'y'] }), step('c')]);
    expect(asked).toEqual(['a.0.1', 'x.0.1', 'y.1.1', 'c.0.1']);
    expect(ended).toMatchObject({ context: { n: 4, last: 'c' } });
  });

  it('says what each handler cost, also of the one that failed', async () => {
    const { ended } = await run([step('a'), step('b')], { fails: new Map([['b', 1]]) });
    expect(ended).toBeInstanceOf(SequenceFailure);
    expect((ended as SequenceFailure).trace).toEqual([
      { step: 'a', handler: 'a', pass: 1, ms: 5 },
      { step: 'b', handler: 'b', pass: 1, ms: 5, error: 'down' },
    ]);
    expect(ended).toMatchObject({ step: 'b', handler: 'b' });
  });

  it.each([
    [3, ['a.0.1', 'b.0.1', 'a.0.2', 'b.0.2', 'c.0.1']],
    [2, ['a.0.1', 'b.0.1', 'c.0.1']],
  ])('jumps back while its condition holds: fewer than %i', async (fewer, path) => {
    const { asked } = await run([step('a'), step('b', { goto: [{ to: 'a', when: until(String(fewer)) }] }), step('c')]);
    expect(asked).toEqual(path);
  });

  it('takes the first goto that holds, also forwards', async () => {
    const goto = [
      { to: 'c', when: until('0') },
      { to: 'd', when: until('9') },
      { to: 'a', when: until('9') },
    ];
    const { asked } = await run([step('a', { goto }), step('b'), step('c'), step('d')]);
    expect(asked).toEqual(['a.0.1', 'd.0.1']);
  });

  it.each([1, 2, 5])('makes %i jumps and no more', async (jumps) => {
    const steps = [step('a', { goto: [{ to: 'a', when: until('1000') }] })];
    const { ended, asked } = await run(steps, { jumps });
    expect(asked).toHaveLength(jumps + 1);
    expect((ended as SequenceFailure).reason).toBeInstanceOf(TooManyJumps);
  });

  it('passes a checkpoint, and asks what lies before it no more', async () => {
    const steps = [step('a', { checkpoint: true }), step('b')];
    const first = await run(steps, { fails: new Map([['b', 1]]) });
    expect(first.reached).toMatchObject([{ next: 1, context: { n: 1, last: 'a' }, jumps: 0, passes: { a: 1 } }]);
    const second = await run(steps, { from: first.reached[0] as Progress });
    expect(second.asked).toEqual(['b.0.1']);
    expect(second.ended).toMatchObject({ context: { n: 2 }, trace: [{ step: 'a' }, { step: 'b' }] });
  });

  it('goes on behind its last checkpoint, with the same keys, as if nothing had failed', async () => {
    const shape = fc.array(
      fc.record({
        handlers: fc.integer({ min: 1, max: 3 }),
        checkpoint: fc.boolean(),
        back: fc.option(fc.integer({ min: 0, max: 5 })),
      }),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(shape, fc.nat(20), async (drawn, failAt) => {
        const steps = drawn.map(({ handlers, checkpoint, back }, at) =>
          step(`s${at}`, {
            checkpoint,
            handlers: Array.from({ length: handlers }, (_, i) => `s${at}h${i}`),
            goto: back === null || back > at ? [] : [{ to: `s${back}`, when: until('12') }],
          }),
        );
        const smooth = await run(steps, { jumps: 100 });
        const failing = smooth.asked[failAt % smooth.asked.length]?.split('.')[0] as string;
        const first = await run(steps, { jumps: 100, fails: new Map([[failing, 1]]) });
        const second = await run(steps, { jumps: 100, from: first.reached.at(-1) ?? beginning({}) });
        expect(second.ended).toMatchObject({ context: (smooth.ended as Progress).context });
        // What a checkpoint has passed is not asked again, and what is asked again has the key that it had.
        const passed = smooth.asked.length - second.asked.length;
        expect(second.asked).toEqual(smooth.asked.slice(passed));
        expect(first.asked.slice(0, passed)).toEqual(smooth.asked.slice(0, passed));
      }),
      { numRuns: 200 },
    );
  });
});
