import type { JsonObject } from '../../../src/core/json.js';

/** A start, and what must come of it with the simulated partners: worked out by hand, not by the engine. */
export interface Expected {
  readonly flow: string;
  readonly key: string;
  readonly input: JsonObject;
  /** `node visit` of every task that must be done; `node visit.undo` of what must be undone. */
  readonly visits: readonly string[];
  readonly outcome: string;
}

const LOANS = {
  paid: { amount: 20_000, bank: 'north', nodes: 'review kyc credit disburse asked', outcome: 'success' },
  busy: { amount: 20_000, bank: 'south', nodes: 'review kyc credit disburse asked', outcome: 'success' },
  refused: { amount: 200_000, bank: 'north', nodes: 'review', outcome: 'rejected' },
  unsound: { amount: 60_000, bank: 'north', nodes: 'review kyc credit', outcome: 'rejected' },
  closed: { amount: 20_000, bank: 'closed', nodes: 'review kyc credit disburse', outcome: 'rejected' },
  silent: {
    amount: 20_000,
    bank: 'silent',
    nodes: 'review kyc credit disburse asked disburse.undo',
    outcome: 'rejected',
  },
  returned: {
    amount: 20_000,
    bank: 'returns',
    nodes: 'review kyc credit disburse asked disburse.undo',
    outcome: 'rejected',
  },
} as const;

/** The bank `silent` never answers: two time-outs of 600 ms end it. */
export type LoanKind = keyof typeof LOANS;

export function loan(key: string, kind: LoanKind): Expected {
  const { amount, bank, nodes, outcome } = LOANS[kind];
  const visits = nodes
    .split(' ')
    .map((node) => `${node.replace('.undo', '')} 1${node.endsWith('.undo') ? '.undo' : ''}`);
  return { flow: 'loan_disbursement', key, input: { loanId: key, amount, bank }, visits, outcome };
}

/** So many loans of all kinds but `silent`. */
export function loans(count: number, prefix = 'loan'): readonly Expected[] {
  const kinds = (Object.keys(LOANS) as LoanKind[]).filter((kind) => kind !== 'silent');
  return Array.from({ length: count }, (_, at) => loan(`${prefix}-${at}`, kinds[at % kinds.length] as LoanKind));
}

export const order = (key: string): Expected => ({
  flow: 'order',
  key,
  input: { orderId: key, amount: 25 },
  visits: ['reserve 1', 'charge 1', 'ship 1'],
  outcome: 'shipped',
});

/** One reminder, one second of waiting, one look. */
export const reminder = (key: string): Expected => ({
  flow: 'reminder',
  key,
  input: { invoiceId: key, customer: 'prompt' },
  visits: ['remind 1', 'look 1'],
  outcome: 'paid',
});
