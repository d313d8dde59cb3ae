import { describe, expect, it } from 'vitest';
import type { Circuit } from '../../../src/core/routing/health/circuit.js';
import { UNKNOWN_LATENCY } from '../../../src/core/routing/health/latency.js';
import { route } from '../../../src/core/routing/route.js';
import type { Override } from '../../../src/core/routing/rules.js';
import { known, messageOf, NOW, pin, repayC, rule } from './known.js';

const SUBJECT = 'repay.submit[bank=C]';
const order = (more: Partial<Override>, subject?: string): Override => ({
  ...pin,
  lane: null,
  match: { ...pin.match, dims: {}, ...(subject !== undefined && { subject }) },
  ...more,
});
const go = (message: Parameters<typeof messageOf>[0], overrides: Override[], more: Partial<typeof known> = {}) => {
  const { action, lane, delayMs, code } = route(messageOf(message), { ...known, overrides, ...more }, NOW);
  return [action, lane, delayMs, code];
};
const calm = { handler: 'kyc.check', dims: 'A' };
const open = (until: number): Circuit => ({ state: 'open', since: 0, until, opens: 1, cause: 'x' });

describe('an operator', () => {
  it('opens a circuit: nothing of the subject, or below it, goes till the end', () => {
    const opened = [order({ circuit: 'open', until: NOW + 60_000 }, 'bank=A')];
    expect(go(calm, opened)).toEqual(['hold', 'probe', 60_000, 'override.pin-c']);
    expect(go({ ...calm, dims: 'B' }, opened)[0]).toBe('publish');
    expect(go(calm, [order({ circuit: 'open', until: NOW })])[0]).toBe('publish');
  });

  it('closes the circuit of a subject: the others in its chain still count', () => {
    expect(go(repayC, [])).toEqual(['defer', 'probe', 18_000, 'circuit.open']);
    const closed = [order({ circuit: 'closed' }, SUBJECT)];
    expect(go(repayC, closed)[0]).toBe('publish');
    const subjects = new Map([...known.subjects, ['bank=C', { circuit: open(NOW + 9), latency: UNKNOWN_LATENCY }]]);
    expect(go(repayC, closed, { subjects })).toEqual(['defer', 'probe', 9, 'circuit.open']);
    expect(go(repayC, [order({ circuit: 'closed' })], { subjects })[0]).toBe('publish');
    expect(go({ ...repayC, dims: 'G' }, closed)[0]).toBe('defer');
  });

  it('freezes a subject: neither time nor what is observed changes it, and nothing looks again at once', () => {
    const was = { circuit: open(NOW - 50), latency: UNKNOWN_LATENCY, at: NOW - 60, until: NOW + 1 };
    const frozen = new Map([[SUBJECT, was]]);
    expect(go(repayC, [], { frozen })).toEqual(['defer', 'probe', 5_000, 'circuit.open']);
    const latency = { ...UNKNOWN_LATENCY, class: 'slow', p95Ms: 2_600, samples: 300 } as const;
    const slow = new Map([
      ['kyc.check[bank=A]', { ...was, circuit: { ...open(0), state: 'closed' } as never, latency }],
    ]);
    expect(go(calm, [], { frozen: slow })).toEqual(['publish', 'slow', 0, 'latency.slow']);
    const over = new Map([[SUBJECT, { ...was, until: NOW }]]);
    expect(go(repayC, [], { frozen: over })).toEqual(['defer', 'probe', 18_000, 'circuit.open']);
  });

  it('lets a message go that a rule would delay', () => {
    const late = { ...known, rules: [rule('late', {}, null, 60_000)] };
    const decided = (cause: 'retry' | 'hastened') => route(messageOf({ ...calm, attempt: 4, cause }), late, NOW);
    expect([decided('retry').delayMs, decided('retry').lane]).toEqual([60_000, 'retry']);
    expect([decided('hastened').delayMs, decided('hastened').code]).toEqual([0, 'default.hastened']);
  });
});

describe('a rule for a subject', () => {
  it('is about messages whose health is counted there, and about no timer', () => {
    const slow = { rules: [{ ...rule('c', {}, 'slow'), match: { ...pin.match, dims: {}, subject: 'bank=A' } }] };
    expect(go(calm, [], slow)[1]).toBe('slow');
    expect(go({ ...calm, dims: 'Q' }, [], slow)[1]).toBe('normal');
    expect(go({ kind: 'timer', cause: 'timer' }, [], slow)[1]).toBe('fast');
  });
});
