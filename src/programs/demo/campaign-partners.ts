import { Inject, Injectable } from '@nestjs/common';
import type { TaskContext } from '../../engine/ports/handlers.js';
import { Task } from '../../worker/task.decorator.js';
import { Pace } from './pace.js';

/** What a campaign gives, for the flow `recharge`. */
@Injectable()
export class CampaignPartners {
  constructor(@Inject(Pace) private readonly pace: Pace) {}

  /** Users whose name begins with `late-` come when all balances are gone: a no, and no failure. */
  @Task('balance.give')
  async giveBalance({ uid }: { uid: string }, context: TaskContext): Promise<object | false> {
    await this.pace.work(uid);
    return uid.startsWith('late-') ? false : { uid, balance: context.with['amount'] ?? 0 };
  }

  @Task('points.give')
  async givePoints({ uid }: { uid: string }, context: TaskContext): Promise<object> {
    await this.pace.work(uid);
    return { uid, points: context.with['points'] ?? 0 };
  }
}
