import type { Result } from '../../core/result.js';
import type { CommitEvents } from '../commit/commit-events.js';
import type { Views } from '../ports/views.js';
import { operate, type Refusal } from './operate-instance.js';

/** Holds the new work of an instance, or lets it go on. */
export class PauseInstance {
  constructor(
    private readonly commits: CommitEvents,
    private readonly views: Views,
  ) {}

  /** What runs goes on, and its answer counts; what would follow is held. */
  pause({ instance, by }: { instance: string; by: string }): Promise<Result<null, Refusal>> {
    return operate({ commits: this.commits, views: this.views }, instance, { type: 'instance.paused', at: 0, by });
  }

  /** What was held is dispatched when it is due. */
  resume({ instance, by }: { instance: string; by: string }): Promise<Result<null, Refusal>> {
    return operate({ commits: this.commits, views: this.views }, instance, { type: 'instance.resumed', at: 0, by });
  }
}
