import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LeafAnswer, RuleFailure } from '../../../../src/core/definition/work/rules/evaluate-rules.js';
import type { RelationType, RuleNode, RuleState } from '../../../../src/core/definition/work/rules/rule-tree.js';
import { run, tree, type Written } from './tree.js';

type Leaf = 'T' | 'F' | 'N';
const LETTERS = { true: 'T', false: 'F', none: 'N' } as const;

/** State and how many parts ran, for these parts: [], T, F, N, TF, FT, TN, FN, NN. */
const PARTS = ['', 'T', 'F', 'N', 'TF', 'FT', 'TN', 'FN', 'NN'];
const TABLE: Readonly<Record<RelationType, string>> = {
  and: 'N0 T1 F1 N1 F2 F1 T2 F1 N2',
  any: 'N0 T1 F1 N1 T1 T2 T1 F2 N2',
  all: 'N0 T1 F1 N1 T2 T2 T2 F2 N2',
  none: 'N0 N1 N1 N1 N2 N2 N2 N2 N2',
  always: 'T0 T1 T1 T1 T2 T2 T2 T2 T2',
};

describe('relations', () => {
  const rows = Object.entries(TABLE).flatMap(([rel, row]) =>
    row.split(' ').map((cell, at) => [rel as RelationType, PARTS[at] as string, cell] as const),
  );
  it.each(rows)('%s of [%s] is %s', async (rel, parts, cell) => {
    const { verdict, asked } = await run(tree({ rel, of: [...parts] as Leaf[] }));
    expect(`${LETTERS[verdict.state]}${asked.length}`).toBe(cell);
  });

  it('walk depth first: seventy spent gets the points and not the balance', async () => {
    const named = (name: string, state: Leaf): Written => ({
      leaf: { type: 'call', role: 'flow', handler: state, with: null },
      more: { name },
    });
    const of = [
      { rel: 'and', of: [named('score-100', 'F'), named('amount', 'T')], more: { name: 'and' } },
      { rel: 'and', of: [named('score-50', 'T'), named('point', 'T')], more: { name: 'and' } },
    ] as const;
    const { verdict } = await run(tree({ rel: 'any', of, more: { name: 'any' } }));
    expect(verdict.trace.map(({ name, mark }) => `${name}:${mark}`).join(' ')).toBe(
      'score-100:F and:F score-50:T point:T and:T any:T',
    );
  });
});

describe('any tree', () => {
  const leaf = fc.constantFrom<Leaf>('T', 'F', 'N');
  const { node } = fc.letrec<{ node: Written }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.record({
        rel: fc.constantFrom<RelationType>('and', 'any', 'all', 'none', 'always'),
        of: fc.array(tie('node'), { maxLength: 4 }),
        more: fc.record({ inverse: fc.boolean() }),
      }),
    ),
  }));

  /** An interpreter that stops nowhere. */
  function naive(part: RuleNode): RuleState {
    const { rule, inverse } = part;
    if (!('children' in rule)) return { T: 'true', F: 'false', N: 'none' }[part.name as Leaf] as RuleState;
    const states = rule.children.map(naive);
    const has = (state: RuleState): boolean => states.includes(state);
    const decided = { and: [has('false'), 'false'], any: [has('true'), 'true'] } as const;
    const first = decided[rule.type as 'and'];
    const own: RuleState =
      rule.type === 'none'
        ? 'none'
        : rule.type === 'always'
          ? 'true'
          : first?.[0]
            ? first[1]
            : has('true')
              ? 'true'
              : has('false')
                ? 'false'
                : 'none';
    return inverse && own !== 'none' ? (own === 'true' ? 'false' : 'true') : own;
  }

  it('says what an interpreter says that stops nowhere', async () => {
    await fc.assert(
      fc.asyncProperty(node, async (written) => {
        const root = tree(written);
        expect((await run(root)).verdict.state).toBe(naive(root));
      }),
      { numRuns: 500 },
    );
  });

  it('asks no leaf again whose answer is kept, and says the same', async () => {
    await fc.assert(
      fc.asyncProperty(node, async (written) => {
        const answers = new Map<string, LeafAnswer>();
        const first = await run(tree(written), { answers });
        const second = await run(tree(written), { answers });
        expect(second.asked).toEqual([]);
        expect(second.verdict.state).toBe(first.verdict.state);
        expect(second.verdict.trace.map(({ path, mark }) => path + mark)).toEqual(
          first.verdict.trace.map(({ path, mark }) => path + mark),
        );
      }),
      { numRuns: 200 },
    );
  });
});

const leafT: Written = { leaf: { type: 'call', role: 'flow', handler: 'T', with: null } };
const time: Written = { leaf: { type: 'call', role: 'flow', handler: 'time', with: null } };
const marks = (trace: readonly { mark: string }[]): string => trace.map(({ mark }) => mark).join('');

describe('a window', () => {
  it.each([
    [999, 'N', 'O'],
    [1_000, 'T', 'T'],
    [2_000, 'T', 'T'],
    [2_001, 'N', 'O'],
  ])('of 1000 to 2000 at %i is %s', async (at, state, mark) => {
    const root = tree({ ...leafT, more: { window: { fromMs: 1_000, toMs: 2_000 } } });
    const { verdict, asked } = await run(root, { at });
    expect([LETTERS[verdict.state], marks(verdict.trace), asked.length]).toEqual([state, mark, mark === 'O' ? 0 : 1]);
  });

  it('that is shut keeps everything below from running, and is not inverted', async () => {
    const more = { window: { fromMs: 5_000, toMs: 6_000 }, inverse: true };
    const { verdict, asked } = await run(tree({ rel: 'always', of: ['T'], more }));
    expect([verdict.state, asked]).toEqual(['none', []]);
  });

  it('goes by the time that a part before it has shifted; later parts do, earlier ones do not', async () => {
    const inOctober: Written = { ...leafT, more: { window: { fromMs: 5_000, toMs: 6_000 } } } as Written;
    const by: Written = { leaf: { type: 'shift', by: 4_500 } };
    const { verdict, asked } = await run(tree({ rel: 'all', of: [inOctober, by, inOctober, time] }));
    expect([marks(verdict.trace), verdict.at, asked]).toEqual(['ONTNT', 5_500, ['T', 'time@5500']]);
    const to = await run(tree({ rel: 'all', of: [{ leaf: { type: 'shift', to: 7 } }, time] }));
    expect(to.asked).toEqual(['time@7']);
  });
});

describe('a forward', () => {
  it.each([
    ['T', 'T', 'T'],
    ['T', 'F', 'F'],
    ['T', 'N', 'T'],
    ['N', 'T', 'T'],
    ['N', 'F', 'F'],
    ['N', 'N', 'N'],
    ['F', 'T', 'F'],
    ['F', 'N', 'F'],
  ] as const)('of %s before %s gives %s', async (before, own, state) => {
    const more = { forward: tree(before, 'f') };
    const { verdict, asked } = await run(
      tree({ leaf: { type: 'call', role: 'flow', handler: own, with: null }, more }),
    );
    expect(LETTERS[verdict.state]).toBe(state);
    expect(asked).toEqual(before === 'F' ? ['F'] : [before, own]);
    if (before === 'F') expect(marks(verdict.trace)).toBe('FR');
  });

  it('that refuses is not inverted', async () => {
    const more = { forward: tree('F', 'f'), inverse: true };
    expect((await run(tree({ ...leafT, more } as Written))).verdict.state).toBe('false');
  });
});

describe('a condition', () => {
  it.each(['yes', 'no'])('%s', async (text) => {
    const condition = { text, reads: [], test: () => true, value: () => null };
    const { verdict } = await run(tree({ leaf: { type: 'when', condition } }));
    expect(verdict.state).toBe(text === 'yes' ? 'true' : 'false');
  });
});

describe('a failure', () => {
  const boom = (onError: RuleNode['onError'], more: Partial<RuleNode> = {}): Written => ({
    leaf: { type: 'call', role: 'flow', handler: 'boom', with: null },
    more: { name: 'boom', onError, ...more },
  });

  it.each([
    ['true', false, 'true'],
    ['false', false, 'false'],
    ['none', false, 'none'],
    ['true', true, 'false'],
  ] as const)('with onError %s, inverse %s, is %s', async (onError, inverse, state) => {
    const { verdict } = await run(tree(boom(onError, { inverse })));
    expect(verdict.state).toBe(state);
    expect(verdict.trace[0]?.error).toBe('r is down');
  });

  it('is handed on to the part above, which may make it an answer', async () => {
    const { verdict, asked } = await run(
      tree({ rel: 'any', of: [{ rel: 'and', of: ['T', boom('stop'), 'T'], more: { onError: 'false' } }, 'T'] }),
    );
    expect([verdict.state, asked, marks(verdict.trace)]).toEqual(['true', ['T', 'boom', 'T'], 'TEFTT']);
  });

  it('that nobody takes stops the tree, and says where it began', async () => {
    const failure: unknown = await run(tree({ rel: 'all', of: ['T', boom('stop')] })).catch((fault: unknown) => fault);
    expect(failure).toBeInstanceOf(RuleFailure);
    const { part, parked, trace } = failure as RuleFailure;
    expect([part.path, parked, marks(trace)]).toEqual(['r.1', false, 'TEE']);
  });

  it('that is parked is taken by nobody above, and what was answered is kept for the rerun', async () => {
    const answers = new Map<string, LeafAnswer>();
    const written = (second: Written): RuleNode => tree({ rel: 'all', of: ['T', second], more: { onError: 'none' } });
    const failure = await run(written(boom('park')), { answers }).catch((fault: unknown) => fault);
    expect((failure as RuleFailure).parked).toBe(true);
    const { verdict, asked } = await run(written('T'), { answers });
    expect([verdict.state, asked, verdict.trace.map(({ known }) => known ?? false)]).toEqual([
      'true',
      ['T'],
      [true, false, false],
    ]);
  });

  it.each(['true', 'false', 'none', 'park'] as const)(
    'of an attempt that was stopped is no answer and is kept by nobody, with onError %s',
    async (onError) => {
      const answers = new Map<string, LeafAnswer>();
      const failure = await run(tree({ rel: 'and', of: ['T', boom(onError)], more: { onError: 'false' } }), {
        answers,
        isStopped: () => true,
      }).catch((fault: unknown) => fault);
      expect(failure).toBeInstanceOf(RuleFailure);
      expect((failure as RuleFailure).parked).toBe(false);
      expect([...answers.keys()]).toEqual(['r.0']);
    },
  );

  it('that was made an answer is not tried again in a rerun', async () => {
    const answers = new Map<string, LeafAnswer>();
    await run(tree(boom('none')), { answers });
    expect((await run(tree(boom('none')), { answers })).asked).toEqual([]);
  });
});
