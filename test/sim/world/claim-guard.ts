import type { Instance, NodeInstance } from '../../../src/core/flow/instance.js';
import { LEASED } from '../../../src/core/routing/lane.js';

/** What is told of an attempt that a worker outside did not answer in time. */
export const OVERDUE = 'Expected an answer from a remote worker';

interface Stored {
  readonly instance: Instance;
  readonly nodes: ReadonlyMap<string, NodeInstance>;
}

/** I24: who has a lease, or a worker who has a task, is let be until the time is over, and nobody else speaks for them. */
export class ClaimGuard {
  private readonly holders = new Map<string, object>();

  constructor(
    private readonly now: () => number,
    private readonly wrong: (what: string) => void,
  ) {}

  /** A process commits a row; the course still has the one before. */
  see({ instance, nodes }: Stored, row: NodeInstance, by: object): void {
    const name = `${instance.id} ${row.node}.${row.visit}`;
    const before = nodes.get(`${row.node}.${row.visit}`);
    const early = before !== undefined && (before.wakeAt ?? 0) > this.now();
    const isOverdue = row.error?.message.startsWith(OVERDUE) === true && row.attempt !== before?.attempt;
    if (isOverdue && before?.status === 'waiting' && early) this.wrong(`${name} is overdue before its time`);
    if (before?.queue === LEASED) {
      const isEnded = row.attempt !== before.attempt && row.error?.code === 'LEASE_EXPIRED';
      if (isEnded && early) this.wrong(`${name} lost its lease before its end`);
      const speaks = row.status !== 'cancelled' && row.error?.code !== 'CRASH_LOOP' && !isEnded;
      if (speaks && this.holders.get(name) !== by)
        this.wrong(`${name} is leased by another process than speaks for it`);
    } else if (row.queue === LEASED) this.holders.set(name, by);
  }
}
