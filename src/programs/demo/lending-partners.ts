import { Inject, Injectable } from '@nestjs/common';
import { PermanentError, type Poll, poll, type TaskContext } from '../../engine/ports/handlers.js';
import { Task } from '../../worker/task.decorator.js';
import { Pace } from './pace.js';
import { Post } from './post.js';

interface Loan {
  readonly loanId: string;
  readonly amount: number;
  readonly bank: string;
}

/** Guarantor, checks and banks, for the flow `loan_disbursement`. What happens is decided by the amount and the bank. */
@Injectable()
export class LendingPartners {
  constructor(
    @Inject(Pace) private readonly pace: Pace,
    @Inject(Post) private readonly post: Post,
  ) {}

  /** Nothing above 100,000 is accepted. */
  @Task('guarantor.review')
  async review({ loanId, amount }: Loan): Promise<object> {
    await this.pace.work(loanId);
    return { accepted: amount <= 100_000 };
  }

  /** Hangs up on the first call for every loan, and answers the second: a local retry heals that. */
  @Task('kyc.verify')
  async verify({ loanId }: Loan, { idempotencyKey }: TaskContext): Promise<object> {
    if (this.pace.count(idempotencyKey) === 1) throw failure('ECONNRESET', 'The connection was closed.');
    await this.pace.work(loanId);
    return { pass: true };
  }

  /** 700, but above 50,000 it is 600, which is too low. */
  @Task('credit.score')
  async score({ loanId, amount }: Loan): Promise<object> {
    await this.pace.work(loanId);
    return { score: amount > 50_000 ? 600 : 700 };
  }

  /** `south` is busy for two attempts; at `closed` there is no account; the others pay at once, and `east` calls back. */
  @Task('payment.disburse')
  async disburse({ loanId, bank }: Loan, { attempt, idempotencyKey }: TaskContext): Promise<object> {
    await this.pace.work(loanId);
    if (bank === 'closed') throw new PermanentError('ACCOUNT_CLOSED', 'The account was closed last year.');
    if (bank === 'south' && attempt <= 2) throw failure('BANK_BUSY', 'The bank takes no orders at the moment.');
    if (bank === 'east') void this.callBack(loanId, idempotencyKey);
    return { order: idempotencyKey };
  }

  /** Soon after; it may come before anybody waits for it. One that is lost is asked for. */
  private async callBack(loanId: string, order: string): Promise<void> {
    await this.pace.take(200);
    await this.post.send('bank.callback', { loanId, status: 'PAID' }, order).catch(() => null);
  }

  /** Decided when asked for the third time. `returns` sends the money back, `silent` never answers at all. */
  @Task('bank.status')
  status({ bank }: Loan, { idempotencyKey, signal }: TaskContext): Poll | object {
    if (bank === 'silent')
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    if (this.pace.count(idempotencyKey) < 3) return poll(300);
    return { status: bank === 'returns' ? 'RETURNED' : 'PAID' };
  }

  @Task('payment.reverse')
  async reverse({ loanId }: Loan): Promise<object> {
    await this.pace.work(loanId);
    return { reversed: true };
  }
}

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });
