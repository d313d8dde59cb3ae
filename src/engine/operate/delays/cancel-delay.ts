import type { Result } from '../../../core/result.js';
import type { CommitEvents } from '../../commit/commit-events.js';
import type { Views } from '../../ports/views.js';
import { operate, type Refusal } from '../operate-instance.js';

export interface CancelDelayCommand {
  readonly instance: string;
  readonly node: string;
  readonly visit: number;
  /** The dispatch that was seen waiting; `null`: whichever it is. */
  readonly dispatch: number | null;
  readonly by: string;
  readonly reason: string;
}

/**
 * Keeps what waits for its time from going then: it becomes the incident `DELAY_CANCELLED`, which tells who said so and why.
 * Nothing is lost by it, since a retry by name goes on.
 */
export class CancelDelay {
  constructor(
    private readonly commits: CommitEvents,
    private readonly views: Views,
  ) {}

  execute({ instance, ...about }: CancelDelayCommand): Promise<Result<null, Refusal>> {
    const { commits, views } = this;
    return operate({ commits, views }, instance, { type: 'delay.cancelled', at: 0, ...about });
  }
}
