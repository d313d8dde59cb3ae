import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Routable } from '../../../src/core/routing/opinion.js';
import { route } from '../../../src/core/routing/route.js';
import { type Match, matches, type Rule, rulesAbout } from '../../../src/core/routing/rules.js';
import { EMPTY_SNAPSHOT } from '../../../src/core/routing/snapshot.js';
import { subjectOf } from '../../../src/core/routing/subject.js';

const ANY: Match = { flow: null, node: null, handler: null, tag: null, dims: {}, attemptFrom: 1, attemptTo: 99 };
const rule = (at: number, match: Partial<Match>): Rule => ({
  code: `r${at}`,
  match: { ...ANY, ...match },
  lane: 'slow',
  minDelayMs: 0,
  reason: 'why',
});
const message = (more: Partial<Routable> = {}): Routable => ({
  kind: 'task',
  cause: 'entered',
  node: 'n1',
  handler: 'h1',
  attempt: 1,
  delayMs: 0,
  id: 'i.n1.1',
  flow: 'f1',
  tags: [],
  polls: 0,
  subject: 'h1',
  ...more,
});

describe('many rules', () => {
  it('are asked as if each were, in their order', () => {
    const name = (prefix: string) => fc.option(fc.integer({ min: 1, max: 4 }).map((n) => `${prefix}${n}`));
    const match = fc.record({
      flow: name('f'),
      node: name('n'),
      handler: name('h'),
      tag: name('t'),
      dims: fc.oneof(
        fc.constant({}),
        fc.constantFrom('a', 'b').map((bank) => ({ bank })),
      ),
      subject: fc.constantFrom(undefined, 'h1', 'bank=a', 'h2[bank=b]'),
    });
    const asked = fc.record({
      flow: fc.constantFrom('f1', 'f2'),
      node: fc.constantFrom('n1', 'n2'),
      handler: fc.constantFrom('h1', 'h2'),
      bank: fc.constantFrom(null, 'a', 'b'),
      tags: fc.subarray(['t1', 't2', 't3']),
    });
    fc.assert(
      fc.property(fc.array(match, { minLength: 33, maxLength: 120 }), asked, (all, { bank, ...of }) => {
        const rules = all.map(({ subject, ...one }, at) => rule(at, { ...one, ...(subject && { subject }) }));
        const subject = subjectOf(of.handler, bank === null ? null : { name: 'bank', value: bank });
        const one = message({ ...of, subject });
        const found = rulesAbout(rules, one).filter((each) => matches(each.match, one));
        expect(found).toEqual(rules.filter((each) => matches(each.match, one)));
      }),
    );
  });

  it.each([
    ['a partner each', (at: number) => ({ dims: { bank: `b${at}` } })],
    ['a flow each', (at: number) => ({ flow: `f${at}` })],
    ['one flow and a partner each', (at: number) => ({ flow: 'f1', subject: `h1[bank=b${at}]` })],
    ['one handler, a tag each', (at: number) => ({ handler: 'h1', tag: `t${at}` })],
  ])('of ten thousand for %s, a decision looks at a handful', (_, of) => {
    const rules = Array.from({ length: 10_000 }, (__, at) => rule(at, of(at)));
    const one = message({ flow: 'f1', subject: 'h1[bank=b1]', tags: ['t1'] });
    expect(rulesAbout(rules, one).map(({ code }) => code)).toEqual(['r1']);
    expect(route(one, { ...EMPTY_SNAPSHOT, rules }, 0).code).toBe('rule.r1');
  });
});
