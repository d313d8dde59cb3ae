import type { NodeRef } from '../../core/flow/event.js';
import type { Result } from '../../core/result.js';
import type { CommitEvents } from '../commit/commit-events.js';
import type { Views } from '../ports/views.js';
import { operate, type Refusal } from './operate-instance.js';

/** Gives incidents another round of attempts: one node instance, or (`only: null`) all of the instance. */
export class RetryIncidents {
  constructor(
    private readonly commits: CommitEvents,
    private readonly views: Views,
  ) {}

  execute(command: { instance: string; only: NodeRef | null; by: string }): Promise<Result<null, Refusal>> {
    const { instance, only, by } = command;
    return operate({ commits: this.commits, views: this.views }, instance, {
      type: 'incident.retried',
      at: 0,
      only,
      by,
    });
  }
}
