import type { InstanceStatus } from '../../core/flow/instance.js';
import type { CommitEvents } from '../commit/commit-events.js';
import type { Log } from '../ports/log.js';
import type { AuditPlace, LiveState, Views } from '../ports/views.js';
import type { Tally } from '../tally.js';

const LIVE: readonly InstanceStatus[] = ['running', 'incident', 'paused', 'compensating'];
const OVER: readonly InstanceStatus[] = ['completed', 'failed', 'cancelled'];

/** Instances in one page, and in one round of each walk. */
const PAGE = 200;
const ROUND = 2_000;
/** A page may be empty where a flow has none of a status. */
const MOST_PAGES = 200;

/** A walk that goes on in the next round where this one ended, and begins anew at the end. */
interface Walk {
  readonly statuses: readonly InstanceStatus[];
  place: AuditPlace | null;
}

/**
 * Looks for what should never be: an instance whose count of active nodes is not that of its rows, one that runs with
 * nothing to do, one that is over with something to do. It is an assertion, spread over rounds; what it finds is judged
 * again under the lock, put right where it can be, and told as the incident STUCK.
 */
export class Audit {
  private readonly walks: readonly Walk[] = [
    { statuses: LIVE, place: null },
    { statuses: OVER, place: null },
  ];

  constructor(
    private readonly views: Views,
    private readonly commits: CommitEvents,
    private readonly log: Log,
    private readonly tally: Tally,
  ) {}

  async execute(): Promise<void> {
    for (const walk of this.walks) await this.round(walk);
  }

  private async round(walk: Walk): Promise<void> {
    let looked = 0;
    for (let pages = 0; pages < MOST_PAGES && looked < ROUND; pages++) {
      const page = await this.views.audit(walk.statuses, walk.place, PAGE);
      walk.place = page.next;
      looked += page.looked;
      this.tally.count('audit.looked', page.looked);
      if (page.odd.length > 0) await this.judge(page.odd);
      if (page.next === null) return;
    }
  }

  private async judge(ids: readonly string[]): Promise<void> {
    for (const { instance, nodes } of (await this.views.states(ids)).items) {
      const last = lastOf(nodes);
      if (!last) continue;
      const { id, flow, version } = instance;
      const event = { type: 'instance.audited', at: 0, last } as const;
      const outcome = await this.commits.execute({ instance: id, flow, version, event });
      if (outcome.type === 'rejected') this.tally.count(`rejected.${outcome.rejection.reason}`);
      if (outcome.type !== 'applied') continue;
      this.tally.count('audit.stuck');
      this.log.error('The audit found an instance with a wrong count or nothing to do; it is told as STUCK.', {
        instance: id,
        flow,
        version,
        status: instance.status,
        active: instance.active,
      });
    }
  }
}

/** The node that was reached last, at its highest visit. */
function lastOf(nodes: LiveState['nodes']): { node: string; visit: number } | undefined {
  // What watches at a border is entered with its node alone.
  const written = nodes.filter(({ node }) => !node.includes('@'));
  const reached = written.toSorted((a, b) => (b.endedAt ?? b.startedAt) - (a.endedAt ?? a.startedAt))[0];
  if (!reached) return undefined;
  const visits = nodes.filter(({ node }) => node === reached.node).map(({ visit }) => visit);
  return { node: reached.node, visit: Math.max(...visits) };
}
