import { Inject, Injectable } from '@nestjs/common';
import type { TaskContext } from '../../engine/ports/handlers.js';
import { Task } from '../../worker/task.decorator.js';
import { Pace } from './pace.js';

interface Repayment {
  readonly repaymentId: string;
  readonly amount: number;
  readonly prepaid: boolean;
}

/** Repayments and transfers, for the flows `repayment` and `incident`. */
@Injectable()
export class MoneyPartners {
  constructor(@Inject(Pace) private readonly pace: Pace) {}

  /** Nothing above 10,000 can be collected: the borrower's bank says no. For numbers that begin with `odd-` the flag is missing. */
  @Task('repayment.collect')
  async collect({ repaymentId, amount, prepaid }: Repayment): Promise<object> {
    await this.pace.work(repaymentId);
    if (repaymentId.startsWith('odd-')) return { _result: true };
    return { _result: amount <= 10_000, prepaymentFlag: prepaid };
  }

  /** Down in the first attempt, with its local retry; up in the second. */
  @Task('funder.repay')
  async repay({ repaymentId }: Repayment, { attempt }: TaskContext): Promise<object> {
    await this.pace.work(repaymentId);
    if (attempt === 1) throw Object.assign(new Error('The funder answered 503.'), { code: 'HTTP_503' });
    return { booked: true };
  }

  @Task('initiator.report')
  async report({ repaymentId }: Repayment, context: TaskContext): Promise<object> {
    await this.pace.work(repaymentId);
    return { told: context.with['state'] ?? null };
  }

  /** The partner `down` fails the first three attempts, which are all there are until a person retries. */
  @Task('partner.transfer')
  async transfer(
    { transferId, partner }: { transferId: string; partner: string },
    { attempt }: TaskContext,
  ): Promise<object> {
    await this.pace.work(transferId);
    if (partner === 'down' && attempt <= 3) {
      throw Object.assign(new Error('The partner does not answer.'), { code: 'PARTNER_DOWN' });
    }
    return { transferred: true, attempt };
  }
}
