import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Circuit, CLOSED } from '../../../src/core/routing/health/circuit.js';
import { UNKNOWN_LATENCY } from '../../../src/core/routing/health/latency.js';
import { LANE_NAMES } from '../../../src/core/routing/lane.js';
import type { Cause, Routable } from '../../../src/core/routing/opinion.js';
import { route } from '../../../src/core/routing/route.js';
import { EMPTY_SNAPSHOT, type Snapshot } from '../../../src/core/routing/snapshot.js';
import { chainOf, dimensionOf, partnerOf, subjectOf } from '../../../src/core/routing/subject.js';

const NOW = 1_000_000_000;
const causes: readonly Cause[] = ['entered', 'retry', 'poll', 'operator', 'deferred'];

const dimension = fc.option(fc.record({ name: fc.string({ minLength: 1 }), value: fc.string() }));
const messages: fc.Arbitrary<Routable> = fc.record({
  kind: fc.constant('task' as const),
  cause: fc.constantFrom(...causes),
  flow: fc.constantFrom('a', 'b'),
  node: fc.constant('n'),
  handler: fc.constant('h'),
  subject: dimension.map((one) => subjectOf('h', one)),
  attempt: fc.integer({ min: 1, max: 30 }),
  polls: fc.integer({ min: 0, max: 40 }),
  delayMs: fc.integer({ min: 0, max: 10_000_000 }),
  tags: fc.constant([]),
  id: fc.string(),
});

const since = fc.integer({ min: NOW - 2_000_000, max: NOW });
const opened = { opens: fc.integer({ min: 1, max: 9 }), cause: fc.constant('x'), since };
const circuits: fc.Arbitrary<Circuit> = fc.oneof(
  fc.constant(CLOSED),
  fc.record({
    state: fc.constant('open' as const),
    ...opened,
    until: fc.integer({ min: NOW - 9_999, max: NOW + 600_000 }),
  }),
  fc.record({
    state: fc.constant('half-open' as const),
    ...opened,
    left: fc.integer({ min: 0, max: 5 }),
    ok: fc.nat(3),
    failed: fc.nat(1),
  }),
  fc.record({
    state: fc.constant('ramp' as const),
    ...opened,
    step: fc.nat(2),
    calls: fc.nat(9),
    failed: fc.nat(4),
  }),
);
const snapshotFor = (message: Routable): fc.Arbitrary<Snapshot> =>
  fc
    .array(fc.tuple(circuits, fc.constantFrom('fast', 'normal', 'slow' as const), fc.nat(99)), {
      minLength: 3,
      maxLength: 3,
    })
    .map((known) => ({
      ...EMPTY_SNAPSHOT,
      subjects: new Map(
        chainOf(message.subject ?? '').map((name, at) => {
          const [circuit, speed, samples] = known[at] as (typeof known)[number];
          return [name, { circuit, latency: { ...UNKNOWN_LATENCY, class: speed, samples } }];
        }),
      ),
    }));
const both = messages.chain((message) => fc.tuple(fc.constant(message), snapshotFor(message)));

/** The answers from before anything was known of anybody. */
function known({ cause, attempt, polls }: Routable): string {
  if (cause === 'operator') return 'normal';
  return attempt >= 3 || polls >= 20 ? 'retry' : 'normal';
}

describe('the router', () => {
  it('is total and gives the same answer to the same question', () => {
    fc.assert(
      fc.property(both, ([message, snapshot]) => {
        const answer = route(message, snapshot, NOW);
        expect(LANE_NAMES).toContain(answer.lane);
        expect(answer.delayMs).toBeGreaterThanOrEqual(message.delayMs);
        expect(answer.trace.length).toBeGreaterThan(0);
        expect(route(message, snapshot, NOW)).toEqual(answer);
      }),
    );
  });

  it('never keeps anything back without evidence', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const { action, lane, delayMs } = route(message, EMPTY_SNAPSHOT, NOW);
        expect([action, lane, delayMs]).toEqual(['publish', known(message), message.delayMs]);
      }),
    );
  });

  it('keeps nothing back for longer than a circuit can be open', () => {
    fc.assert(
      fc.property(both, ([message, snapshot]) => {
        const { action, delayMs } = route(message, snapshot, NOW);
        if (action === 'defer') expect(delayMs).toBeLessThanOrEqual(Math.max(message.delayMs, 660_000));
        else expect(action).toBe('publish');
      }),
    );
  });

  it('takes any value of a dimension apart and puts it together again', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 50 }), fc.string({ maxLength: 100 }), (name, value) => {
        const subject = subjectOf('pay.out', { name, value });
        expect(dimensionOf(subject)?.value).toBe(value);
        expect(chainOf(subject)).toEqual([subject, subject.slice(8, -1), 'pay.out']);
      }),
    );
  });

  it('knows nobody by the name of a handler that anybody may be behind', () => {
    const at = { flow: 'payout', node: 'pay' };
    expect(partnerOf('http', at)).toBe('http:payout.pay');
    expect(partnerOf('bank.pay', at)).toBe('bank.pay');
  });

  it('decides in microseconds', () => {
    const message = { ...(fc.sample(messages, { numRuns: 1, seed: 1 })[0] as Routable), subject: 'h[bank=C]' };
    const latency = { ...UNKNOWN_LATENCY, class: 'slow' as const, samples: 99 };
    const subjects = new Map([['h', { circuit: CLOSED, latency }]]);
    const snapshot = { ...EMPTY_SNAPSHOT, subjects };
    const rounds = 5_000;
    // Time of this process, not of a machine that others work on too.
    const took = Array.from({ length: 20 }, () => {
      const began = process.cpuUsage();
      for (let at = 0; at < rounds; at++) route(message, snapshot, NOW);
      return process.cpuUsage(began).user / rounds;
    });
    // Measured 1 to 3 µs.
    expect(Math.min(...took)).toBeLessThan(20);
  });
});
