import type { Circuit } from '../../../src/core/routing/health/circuit.js';
import { UNKNOWN_LATENCY } from '../../../src/core/routing/health/latency.js';
import type { Routable } from '../../../src/core/routing/opinion.js';
import type { Match, Override, Rule } from '../../../src/core/routing/rules.js';
import { EMPTY_SNAPSHOT, type Snapshot, type SubjectHealth } from '../../../src/core/routing/snapshot.js';
import { subjectOf } from '../../../src/core/routing/subject.js';
import { share } from '../../../src/core/share.js';

export const NOW = 1_000_000_000;
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
export const rule = (code: string, match: Partial<Match>, lane: Rule['lane'], minDelayMs = 0): Rule => ({
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
export const known: Snapshot = { ...EMPTY_SNAPSHOT, subjects: SUBJECTS, rules: RULES, rulesVersion: '1' };
export const repayC = { flow: 'repay', handler: 'repay.submit', dims: 'C' };

export interface Example {
  readonly is: string;
  readonly of: Partial<Omit<Routable, 'subject'>> & { readonly handler?: string; readonly dims?: string };
  readonly with?: Partial<Snapshot>;
  readonly goes: readonly [action: string, lane: string, delayMs: number, code: string];
}

/** An id that a ramp lets through from a share on, and not before. */
export const idOver = (from: number, below: number): string => {
  for (let at = 0; ; at++) if (share(`i${at}`) >= from && share(`i${at}`) < below) return `i${at}`;
};
export const held = override('hold-loan', { flow: 'loan' }, { hold: true, until: NOW + 60_000 });
export const pin = override('pin-c', { dims: { bank: 'C' } }, { lane: 'slow' });

export function messageOf({ dims, ...more }: Example['of']): Routable {
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
