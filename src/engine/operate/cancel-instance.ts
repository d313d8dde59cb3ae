import type { Result } from '../../core/result.js';
import type { CommitEvents } from '../commit/commit-events.js';
import type { Views } from '../ports/views.js';
import { operate, type Refusal } from './operate-instance.js';

/** Ends an instance as cancelled; what runs of it is not interrupted, its results are rejected. */
export class CancelInstance {
  constructor(
    private readonly commits: CommitEvents,
    private readonly views: Views,
  ) {}

  execute(command: { instance: string; by: string }): Promise<Result<null, Refusal>> {
    const { instance, by } = command;
    return operate({ commits: this.commits, views: this.views }, instance, { type: 'instance.cancelled', at: 0, by });
  }
}
