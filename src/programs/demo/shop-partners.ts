import { Inject, Injectable } from '@nestjs/common';
import type { TaskContext } from '../../engine/ports/handlers.js';
import { Task } from '../../worker/task.decorator.js';
import { Pace } from './pace.js';

/** Stock, payment, parcels and mail, for the flows `order`, `reminder` and `notice`. */
@Injectable()
export class ShopPartners {
  constructor(@Inject(Pace) private readonly pace: Pace) {}

  /** Order numbers that begin with `none-` are out of stock. */
  @Task('stock.reserve')
  async reserve({ orderId }: { orderId: string }): Promise<object> {
    await this.pace.work(orderId);
    return { inStock: !orderId.startsWith('none-') };
  }

  /** Nothing above 5,000 is taken: the bank says no, which is an answer and no failure. */
  @Task('payment.charge')
  async charge({ orderId, amount }: { orderId: string; amount: number }): Promise<object> {
    await this.pace.work(orderId);
    return amount > 5_000 ? { _result: false, paid: false } : { paid: true, receipt: `r-${orderId}` };
  }

  /** The carrier is slow in the first attempt for numbers that begin with `slow-`, and then quick. */
  @Task('parcel.ship')
  async ship({ orderId }: { orderId: string }, { attempt }: TaskContext): Promise<object> {
    await this.pace.take(orderId.startsWith('slow-') && attempt === 1 ? 800 : 50);
    return { parcel: `p-${orderId}` };
  }

  @Task('message.send')
  async send({ to, about }: { to?: string; about: string }, context: TaskContext): Promise<object> {
    await this.pace.work(about);
    return { sent: true, by: context.with['channel'] ?? 'email', to: to ?? 'the address on file' };
  }

  /** `prompt` pays after the first reminder, `late` after the third, everybody else never. */
  @Task('invoice.check')
  async check(
    { invoiceId, customer }: { invoiceId: string; customer: string },
    { visit }: TaskContext,
  ): Promise<object> {
    await this.pace.work(invoiceId);
    return { paid: customer === 'prompt' || (customer === 'late' && visit >= 3) };
  }
}
