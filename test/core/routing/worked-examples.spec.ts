import { describe, expect, it } from 'vitest';
import type { Circuit } from '../../../src/core/routing/health/circuit.js';
import { UNKNOWN_LATENCY } from '../../../src/core/routing/health/latency.js';
import type { Routable } from '../../../src/core/routing/opinion.js';
import { route } from '../../../src/core/routing/route.js';
import type { Match, Override, Rule } from '../../../src/core/routing/rules.js';
import { EMPTY_SNAPSHOT, type Snapshot, type SubjectHealth } from '../../../src/core/routing/snapshot.js';
import { subjectOf } from '../../../src/core/routing/subject.js';
import { share } from '../../../src/core/share.js';

const NOW = 1_000_000_000;
const CLOSED: Circuit = { state: 'closed', since: null, failures: 0, opens: 0 };
const opened = { opens: 1, cause: '5 failures in a row' };
const open = (leftMs: number): Circuit => ({ state: 'open', since: NOW - 12_000, until: NOW + leftMs, ...opened });
const halfOpen = (left: number): Circuit => ({
  state: 'half-open',
  since: NOW - 1_000,
  left,
  ok: 0,
  failed: 0,
  ...opened,
});
/** In its second step, 15 s of 20 s old. */
const half: Circuit = { state: 'ramp', since: NOW - 35_000, step: 1, calls: 0, failed: 0, ...opened };

const health = (circuit: Circuit, p95Ms = 640): SubjectHealth => ({
  circuit,
  latency: {
    ...UNKNOWN_LATENCY,
    class: p95Ms <= 200 ? 'fast' : p95Ms >= 2_000 ? 'slow' : 'normal',
    p95Ms,
    samples: 300,
  },
});
const unseen = (circuit: Circuit): SubjectHealth => ({ circuit, latency: UNKNOWN_LATENCY });

const about = (match: Partial<Match>): Match => ({
  flow: null,
  node: null,
  handler: null,
  tag: null,
  dims: {},
  attemptFrom: 1,
  attemptTo: Number.MAX_SAFE_INTEGER,
  ...match,
});
const rule = (code: string, match: Partial<Match>, lane: Rule['lane'], minDelayMs = 0): Rule => ({
  code,
  match: about(match),
  lane,
  minDelayMs,
  reason: `the rule ${code}`,
});
const override = (code: string, match: Partial<Match>, more: Partial<Override>): Override => ({
  code,
  match: about(match),
  lane: null,
  hold: false,
  ignoreCircuit: false,
  until: NOW + 3_600_000,
  reason: 'maintenance',
  ...more,
});

const SUBJECTS = new Map<string, SubjectHealth>([
  ['kyc.check[bank=A]', health(CLOSED)],
  ['acct.query[bank=A]', health(CLOSED, 80)],
  ['loan.apply[bank=B]', health(CLOSED, 2_600)],
  ['loan.apply', health(CLOSED, 2_400)],
  ['repay.submit[bank=C]', health(open(18_000))],
  ['sign.query[bank=E]', health(halfOpen(5))],
  ['sign.query[bank=H]', health(halfOpen(0))],
  ['sign.query[bank=F]', health(half)],
  ['bank=G', unseen(open(40_000))],
]);
const RULES = [
  rule('first-tries', { flow: 'repay', attemptTo: 2 }, 'fast'),
  rule('bank-d-apart', { dims: { bank: 'D' } }, 'slow'),
  rule('reports', { tag: 'report' }, 'retry', 600_000),
];
const known: Snapshot = { ...EMPTY_SNAPSHOT, subjects: SUBJECTS, rules: RULES, rulesVersion: '1' };
const repayC = { flow: 'repay', handler: 'repay.submit', dims: 'C' };

interface Example {
  readonly is: string;
  readonly of: Partial<Omit<Routable, 'subject'>> & { readonly handler?: string; readonly dims?: string };
  readonly with?: Partial<Snapshot>;
  readonly goes: readonly [action: string, lane: string, delayMs: number, code: string];
}

/** An id that a ramp lets through from a share on, and not before. */
const idOver = (from: number, below: number): string => {
  for (let at = 0; ; at++) if (share(`i${at}`) >= from && share(`i${at}`) < below) return `i${at}`;
};
const held = override('hold-loan', { flow: 'loan' }, { hold: true, until: NOW + 60_000 });
const pin = override('pin-c', { dims: { bank: 'C' } }, { lane: 'slow' });

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
    goes: ['defer', 'probe', 5_000, 'circuit.half-open'],
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
    is: 'E18 an override that has ended',
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

function messageOf({ dims, ...more }: Example['of']): Routable {
  const handler = more.handler ?? null;
  return {
    kind: 'task',
    cause: 'entered',
    flow: 'any',
    node: 'n',
    attempt: 1,
    delayMs: 0,
    polls: 0,
    tags: [],
    id: 'i.n.1',
    ...more,
    handler,
    subject: handler === null ? null : subjectOf(handler, dims === undefined ? null : { name: 'bank', value: dims }),
  };
}

describe('the worked examples', () => {
  it.each(EXAMPLES)('$is', ({ of, with: more, goes }) => {
    const { action, lane, delayMs, code } = route(messageOf(of), { ...known, ...more }, NOW);
    expect([action, lane, delayMs, code]).toEqual(goes);
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
