/** A loan is reviewed, checked in parallel, disbursed and confirmed: most of the language in one flow. */
export const LOAN_FLOW = `flow: loan_disbursement
title: Loan disbursement
key: input.loanId
input: { type: object, required: [loanId, amount, bank], properties: { loanId: { type: string }, amount: { type: number }, bank: { type: string } } }
defaults: { timeout: 30s, retry: { local: [100ms, 300ms, 900ms], remote: [5s, 30s, 120s], max: 20 } }

nodes:
  begin:    { start: true }
  review:   { task: guarantor.review, in: { loanId: input.loanId } }
  kyc:      { task: kyc.verify }
  credit:   { task: credit.score }
  checked:  { join: all }
  disburse: { task: payment.disburse, timeout: 10s, out: { paymentNo: result.paymentNo, state: "'SENT'" } }
  settle:   { timer: 2m }
  callback: { task: bank.status, retry: { max: 0 } }
  undo:     { task: payment.reverse }
  done:     { end: success }
  rejected: { end: rejected }

edges:
  - begin -> review
  - review -> kyc & credit:   result.accepted == true
  - review -> rejected:       else
  - kyc & credit -> checked
  - checked -> disburse:      kyc.pass and credit.score >= 620
  - checked -> rejected:      else
  - disburse -> settle -> callback
  - disburse -> undo:         on error ACCOUNT_*
  - callback -> done:         result.status == "PAID"
  - callback -> undo:         else
  - callback -> undo:         on timeout
  - undo -> rejected
`;
