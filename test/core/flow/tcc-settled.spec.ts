import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Phase } from '../../../src/core/flow/tries/tcc/rule.js';
import {
  type Bench,
  cancelled,
  completed,
  failed,
  fired,
  type Happening,
  paused,
  received,
  resumed,
} from '../../support/flow-spec.js';
import { BESIDE, benchOf, definitionOf, did, of, PAY, phasesOf, RETRY, settled } from '../../support/participants.js';

describe('what a person declares settled', () => {
  const gone = (name: 'a' | 'b', phase: Phase): Happening =>
    failed('pay', 'GONE', { ...of(name, phase), permanent: true });

  it('counts as done, and the output says who said so and why', () => {
    const bench = benchOf(BESIDE, did('a', 'try'), did('b', 'try'), gone('b', 'confirm'), did('a', 'confirm'));
    expect(bench.instance.status).toBe('incident');
    const answer = bench.happens(settled('b', 'confirm'));
    expect(answer.ok && answer.value.effects).toContainEqual(
      expect.objectContaining({ type: 'incident.resolved', by: 'ops' }),
    );
    expect(bench.outputs.get('pay#1')).toMatchObject({
      outcome: 'confirmed',
      byHand: { b: { phase: 'confirm', by: 'ops', reason: 'paid out at the counter' } },
    });
    expect(bench.row('pay', of('b', 'confirm').visit)).toMatchObject({ status: 'done', error: null });
    expect(bench.instance.status).toBe('running');
  });

  it.each([
    ['a try', [gone('a', 'try')], settled('a', 'try')],
    ['what is still attempted', [did('a', 'try'), did('b', 'try')], settled('a', 'confirm')],
    ['what is done', [did('a', 'try'), did('b', 'try'), did('a', 'confirm')], settled('a', 'confirm')],
    ['the node as a whole', [], { ...settled('a', 'try'), visit: 1 }],
    ['another node', [], { ...settled('a', 'try'), node: 'stop', visit: 1 }],
  ] as const)('is not %s', (_, before, settling) => {
    const bench = benchOf(BESIDE, ...before);
    expect(bench.happens(settling as Happening)).toMatchObject({ error: { reason: 'nothing-to-settle' } });
  });

  it('is of the instance', () => {
    expect(benchOf(BESIDE).happens(settled('a', 'confirm'))).toMatchObject({
      error: { reason: 'unknown-node-instance' },
    });
  });
});

it('settles everybody who was told to try before the instance is over, whatever ends it and when', () => {
  const definition = definitionOf(
    `  both: { gateway: parallel }
  pay: { ${PAY}, ${RETRY}, within: 30s }
  stop: { wait: stop }
  yes: { end: yes }
  no: { end: no }
  off: { end: terminate }
`,
    `  - begin -> both
  - both -> pay & stop
  - pay -> yes: _result
  - pay -> no: else
  - stop -> off
`,
  );
  const said = fc.record({
    pick: fc.nat(3),
    how: fc.constantFrom('ok', 'ok', 'ok', 'ok', 'no', 'fail', 'gone', 'hand'),
  });
  const word = fc.oneof(
    { weight: 8, arbitrary: said },
    { weight: 2, arbitrary: fc.constantFrom('cancel', 'stop', 'late', 'pause', 'resume') },
  );
  const all = {
    cancel: cancelled,
    stop: received('stop'),
    late: fired('pay@within'),
    pause: paused,
    resume: resumed,
  };
  const ends = { over: 0, confirmed: 0 };
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (words) => {
      const bench = benchOf(definition);
      for (const one of words) {
        bench.happens(typeof one === 'string' ? all[one as keyof typeof all] : wordOf(bench, one));
        const parts = phasesOf(bench);
        const has = (phase: Phase): boolean => parts.some((part) => part.includes(`.${phase} `));
        expect(has('confirm') && has('cancel')).toBe(false);
        if (bench.instance.endedAt === null) continue;
        ends.over++;
        for (const name of ['a', 'b']) {
          const done = parts.filter((part) => part.startsWith(`${name}.`) && !part.startsWith(`${name}.try`));
          expect(done).toEqual([`${name}.${has('confirm') ? 'confirm' : 'cancel'} done`]);
        }
        if (bench.instance.status === 'cancelled' && has('confirm')) ends.confirmed++;
        break;
      }
    }),
    { numRuns: 500 },
  );
  expect(ends.over).toBeGreaterThan(50);
  expect(ends.confirmed).toBeGreaterThan(0);
});

/** What is said of one of the participants that are at work. */
function wordOf(bench: Bench, { pick, how }: { readonly pick: number; readonly how: string }): Happening {
  const open = [...bench.rows.values()].filter(({ node, visit, endedAt }) => node === 'pay' && visit > 1 && !endedAt);
  const { visit, attempt } = open[pick % Math.max(1, open.length)] ?? { visit: 1, attempt: 1 };
  if (how === 'hand') return { type: 'part.settled', node: 'pay', visit, by: 'ops', reason: 'seen to' };
  if (how === 'ok' || how === 'no') return completed('pay', how === 'ok', { visit, attempt });
  return failed('pay', 'BUSY', { visit, attempt, permanent: how === 'gone' });
}
