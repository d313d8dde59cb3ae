import type { InstanceStatus } from '../../core/flow/instance.js';
import type { JsonObject } from '../../core/json.js';

/** A start, what it shows, and how it must end with the simulated partners. */
export interface DemoStart {
  readonly flow: string;
  readonly key: string;
  readonly input: JsonObject;
  readonly shows: string;
  readonly expect: { readonly status: InstanceStatus; readonly outcome: string | null };
}

/**
 * A few instances of every example, so that every line of theirs is taken by one of them. The one incident ends as
 * `transferred` once it has been retried by hand.
 */
export function demoStarts(): readonly DemoStart[] {
  return [
    order('o-1001', 25, 'two branches and a join', 'shipped'),
    order('slow-1002', 40, 'a slow partner', 'shipped'),
    order('o-1003', 9_000, 'a payment that is refused', 'refused'),
    order('none-1004', 25, 'goods that are out of stock', 'refused'),
    loan('l-2001', 20_000, 'north', 'a bank that must be asked: polling', 'success'),
    loan('l-2002', 20_000, 'south', 'a busy bank: two failed attempts, then paid', 'success'),
    loan('l-2003', 200_000, 'north', 'a guarantor who says no', 'rejected'),
    loan('l-2004', 60_000, 'north', 'a credit score that is too low', 'rejected'),
    loan('l-2005', 20_000, 'closed', 'a permanent error, taken by its line', 'rejected'),
    loan('l-2006', 20_000, 'returns', 'money that comes back', 'rejected'),
    loan('l-2007', 20_000, 'silent', 'a bank that never answers: timeouts', 'rejected'),
    loan('l-2008', 20_000, 'east', 'a bank that calls back', 'success'),
    repayment('r-3001', 500, false, 'the funder is repaid, at the second attempt', completed('repaid')),
    repayment('r-3002', 500, true, 'a prepayment skips the funder', completed('repaid')),
    repayment('r-3003', 50_000, false, 'nothing could be collected', completed('not_collected')),
    repayment('odd-3004', 500, false, 'an answer that fits no line', {
      status: 'failed',
      outcome: 'UNCLEAR_REPAYMENT',
    }),
    transfer('t-4001', 'steady', 'a partner that is up', { status: 'completed', outcome: 'transferred' }),
    transfer('t-4002', 'down', 'attempts that run out: retry it', { status: 'incident', outcome: null }),
    reminder('i-5001', 'prompt', 'paid after one reminder', 'paid'),
    reminder('i-5002', 'late', 'paid after three: a loop', 'paid'),
    reminder('i-5003', 'never', 'never paid', 'overdue'),
    recharge('c-7001', 'ann', 120, 'a rule that gives the balance', 'given'),
    recharge('c-7002', 'ann', 70, 'a rule that gives points', 'given'),
    recharge('c-7003', 'late-bob', 120, 'a prize that is gone, and the next rule', 'given'),
    recharge('c-7004', 'ann', 20, 'no rule that holds', 'nothing'),
    notice('n-6001', { email: 'ann@example.com', phone: '+49 30 1234' }, 'two branches of three'),
    notice('n-6002', { phone: '+49 30 1234' }, 'one branch of three'),
    notice('n-6003', {}, 'none holds: the else branch'),
  ];
}

const completed = (outcome: string): DemoStart['expect'] => ({ status: 'completed', outcome });

const order = (orderId: string, amount: number, shows: string, outcome: string): DemoStart => ({
  flow: 'order',
  key: orderId,
  input: { orderId, amount },
  shows,
  expect: completed(outcome),
});

const loan = (loanId: string, amount: number, bank: string, shows: string, outcome: string): DemoStart => ({
  flow: 'loan_disbursement',
  key: loanId,
  input: { loanId, amount, bank },
  shows,
  expect: completed(outcome),
});

const repayment = (
  repaymentId: string,
  amount: number,
  prepaid: boolean,
  shows: string,
  expect: DemoStart['expect'],
): DemoStart => ({
  flow: 'repayment',
  key: repaymentId,
  input: { repaymentId, amount, prepaid },
  shows,
  expect,
});

const transfer = (transferId: string, partner: string, shows: string, expect: DemoStart['expect']): DemoStart => ({
  flow: 'incident',
  key: transferId,
  input: { transferId, partner },
  shows,
  expect,
});

const reminder = (invoiceId: string, customer: string, shows: string, outcome: string): DemoStart => ({
  flow: 'reminder',
  key: invoiceId,
  input: { invoiceId, customer },
  shows,
  expect: completed(outcome),
});

const notice = (noticeId: string, channels: JsonObject, shows: string): DemoStart => ({
  flow: 'notice',
  key: noticeId,
  input: { noticeId, ...channels },
  shows,
  expect: completed('told'),
});

const recharge = (rechargeId: string, uid: string, spend: number, shows: string, outcome: string): DemoStart => ({
  flow: 'recharge',
  key: rechargeId,
  input: { rechargeId, uid, spend, at: '2026-10-05T10:00:00+08:00' },
  shows,
  expect: completed(outcome),
});
