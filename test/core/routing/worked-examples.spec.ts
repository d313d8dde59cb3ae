import { describe, expect, it } from 'vitest';
import { route } from '../../../src/core/routing/route.js';
import { end, flow, start, task } from '../../support/build-definition.js';
import { cancelled, completed, given, started } from '../../support/flow-spec.js';
import { type Example, held, idOver, known, messageOf, NOW, pin, repayC } from './known.js';

const EXAMPLES: readonly Example[] = [
  { is: 'E1 a first try', of: { handler: 'kyc.check', dims: 'A' }, goes: ['publish', 'normal', 0, 'default'] },
  {
    is: 'E2 a fast partner',
    of: { handler: 'acct.query', dims: 'A' },
    goes: ['publish', 'fast', 0, 'latency.fast'],
  },
  {
    is: 'E3 a slow partner',
    of: { handler: 'loan.apply', dims: 'B' },
    goes: ['publish', 'slow', 0, 'latency.slow'],
  },
  {
    is: 'E4 a retry to a slow partner',
    of: { handler: 'loan.apply', dims: 'B', cause: 'retry', attempt: 2, delayMs: 5_000 },
    goes: ['publish', 'slow', 5_000, 'latency.slow'],
  },
  {
    is: 'E5 a third retry',
    of: { handler: 'kyc.check', dims: 'A', cause: 'retry', attempt: 4, delayMs: 120_000 },
    goes: ['publish', 'retry', 120_000, 'retry.attempts'],
  },
  {
    is: 'E6 a third retry to a slow partner: latency weighs more',
    of: { handler: 'loan.apply', dims: 'B', cause: 'retry', attempt: 4, delayMs: 120_000 },
    goes: ['publish', 'slow', 120_000, 'latency.slow'],
  },
  {
    is: 'E7 an open circuit and a rule: the circuit weighs more',
    of: repayC,
    goes: ['defer', 'probe', 18_000, 'circuit.open'],
  },
  {
    is: 'E8 the same, pinned: the lane is the operator’s, the wait is the circuit’s',
    of: repayC,
    with: { overrides: [pin] },
    goes: ['defer', 'slow', 18_000, 'circuit.open'],
  },
  {
    is: 'E9 the same, told to ignore the circuit',
    of: repayC,
    with: { overrides: [{ ...pin, ignoreCircuit: true }] },
    goes: ['publish', 'slow', 0, 'override.pin-c'],
  },
  {
    is: 'E10 a probe',
    of: { handler: 'sign.query', dims: 'E' },
    goes: ['publish', 'probe', 0, 'circuit.probe'],
  },
  {
    is: 'E10b no probe is left',
    of: { handler: 'sign.query', dims: 'H' },
    goes: ['defer', 'probe', 6_957, 'circuit.half-open'],
  },
  {
    is: 'E11a kept back by a ramp, till the step that lets it through',
    of: { handler: 'sign.query', dims: 'F', id: idOver(0.5, 1) },
    goes: ['defer', 'probe', 5_000, 'circuit.ramp'],
  },
  {
    is: 'E11b let through by a ramp',
    of: { handler: 'sign.query', dims: 'F', id: idOver(0.1, 0.5) },
    goes: ['publish', 'normal', 0, 'default'],
  },
  {
    is: 'E13 what may wait, by a rule on a tag',
    of: { handler: 'kyc.check', dims: 'A', tags: ['report'] },
    goes: ['publish', 'retry', 600_000, 'rule.reports'],
  },
  {
    is: 'E14 a poll that asks for 47 s',
    of: { handler: 'kyc.check', dims: 'A', cause: 'poll', polls: 4, delayMs: 47_000 },
    goes: ['publish', 'normal', 47_000, 'default.poll'],
  },
  {
    is: 'E15 never seen before, under an open parent',
    of: { handler: 'sign.query', dims: 'G' },
    goes: ['defer', 'probe', 40_000, 'circuit.open'],
  },
  {
    is: 'E16 a retry that waits longer than the circuit',
    of: { ...repayC, cause: 'retry', attempt: 4, delayMs: 120_000 },
    goes: ['defer', 'probe', 120_000, 'circuit.open'],
  },
  {
    is: 'E17 a timer of 3 h',
    of: { kind: 'timer', cause: 'timer', delayMs: 10_800_000 },
    goes: ['publish', 'fast', 10_800_000, 'default.timer'],
  },
  {
    is: 'E20 the same, when it has ended',
    of: { flow: 'loan', handler: 'kyc.check' },
    with: { overrides: [{ ...held, until: NOW }] },
    goes: ['publish', 'normal', 0, 'default'],
  },
  {
    is: 'E19 a new value under a slow handler',
    of: { handler: 'loan.apply', dims: 'Z' },
    goes: ['publish', 'slow', 0, 'latency.slow'],
  },
  {
    is: 'E20 held by an operator',
    of: { flow: 'loan', handler: 'kyc.check' },
    with: { overrides: [held] },
    goes: ['hold', 'normal', 60_000, 'override.hold-loan'],
  },
  {
    is: 'E21 a fast partner while the lane is full',
    of: { handler: 'acct.query', dims: 'A' },
    with: { saturated: new Set(['fast']) },
    goes: ['publish', 'normal', 0, 'pressure.fast'],
  },
  {
    is: 'E22 a rule for first tries, at the third retry',
    of: { flow: 'repay', handler: 'kyc.check', cause: 'retry', attempt: 4, delayMs: 120_000 },
    goes: ['publish', 'retry', 120_000, 'retry.attempts'],
  },
  {
    is: 'E23 a rule weighs more than latency',
    of: { handler: 'acct.query', dims: 'D', cause: 'retry', attempt: 2, delayMs: 30_000 },
    goes: ['publish', 'slow', 30_000, 'rule.bank-d-apart'],
  },
];

describe('the worked examples', () => {
  it.each(EXAMPLES)('$is', ({ of, with: more, goes }) => {
    const { action, lane, delayMs, code } = route(messageOf(of), { ...known, ...more }, NOW);
    expect([action, lane, delayMs, code]).toEqual(goes);
  });

  it('E18 a message of an instance that is over: the guard is asked before the router, and rejects its word', () => {
    const bench = given(flow({ begin: start(), a: task(), done: end() }, ['begin -> a -> done']));
    bench.after(started(), cancelled).when(completed('a')).rejects('instance-over');
  });

  it('keeps what every stage said, and who won what', () => {
    const { trace, reason } = route(messageOf(repayC), { ...known, overrides: [pin] }, NOW);
    expect(trace.map(({ code, won }) => [code, ...won])).toEqual([
      ['override.pin-c', 'lane'],
      ['circuit.open', 'delay', 'action'],
      ['rule.first-tries'],
      ['default'],
    ]);
    expect(reason).toBe(
      'slow: the circuit of repay.submit[bank=C] is open: 5 failures in a row; looked at again in 18 s',
    );
  });

  it('withdraws the fast lane from what has little hope', () => {
    const asked = messageOf({ handler: 'acct.query', dims: 'A', cause: 'poll', polls: 20 });
    expect(route(asked, known, NOW).lane).toBe('retry');
  });

  it('waits for a rule’s delay once, not again after a circuit', () => {
    const late = messageOf({ handler: 'kyc.check', tags: ['report'], cause: 'deferred' });
    expect(route(late, known, NOW).delayMs).toBe(0);
  });
});
