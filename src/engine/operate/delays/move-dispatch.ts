import type { Result } from '../../../core/result.js';
import type { CommitEvents } from '../../commit/commit-events.js';
import type { Store } from '../../ports/store.js';
import type { Views } from '../../ports/views.js';
import { operate, type Refusal } from '../operate-instance.js';

export interface MoveDispatchCommand {
  readonly instance: string;
  readonly node: string;
  readonly visit: number;
  /** The dispatch that was seen waiting; `null`: whichever it is. */
  readonly dispatch: number | null;
  /** Database time; `null`: now. What is over is now too. */
  readonly dueAt: number | null;
  readonly by: string;
}

/**
 * Lets what waits for its time wait no longer, or for another time. The same attempt is dispatched under the next number,
 * so whatever still waits in a queue is stale when it comes.
 */
export class MoveDispatch {
  constructor(
    private readonly commits: CommitEvents,
    private readonly views: Views,
    private readonly store: Pick<Store, 'now'>,
  ) {}

  async execute({ instance, dueAt, ...about }: MoveDispatchCommand): Promise<Result<null, Refusal>> {
    const delayMs = dueAt === null ? 0 : Math.max(0, dueAt - (await this.store.now()));
    const { commits, views } = this;
    return operate({ commits, views }, instance, { type: 'node.hastened', at: 0, delayMs, ...about });
  }
}
