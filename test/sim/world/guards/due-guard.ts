import type { Instance, NodeInstance } from '../../../../src/core/flow/instance.js';
import type { Changes } from '../../../../src/engine/ports/store.js';
import { allOf, type Block } from '../../flow/block.js';
import { dueOf, type Wait } from '../../flow/wide/dates/dates.js';

interface Waiting extends Wait {
  readonly maxMs: number;
  /** Something else may make it wait longer. */
  readonly isTask: boolean;
}

/** I33, at every commit: what waits for a time waits for the right one, and does not go on before. */
export class DueGuard {
  private readonly waits = new Map<string, Waiting>();
  private readonly dues = new Map<string, number>();

  constructor(
    flows: Readonly<Record<string, Block>>,
    private readonly now: () => number,
    private readonly isWatched: boolean,
    private readonly wrong: (what: string) => void,
  ) {
    for (const [flow, block] of Object.entries(flows))
      for (const one of allOf(block)) {
        const name = 'id' in one ? `${flow} ${one.id}` : '';
        if (one.kind === 'timer') this.waits.set(name, { how: 'ms', ms: one.ms, ...AS_LONG_AS_IT_TAKES });
        if (one.kind === 'wide' && one.does.kind === 'dates')
          this.waits.set(name, { ...one.does.wait, ...AS_LONG_AS_IT_TAKES });
        const delay = one.kind === 'task' ? one.plan.more?.delay : undefined;
        if (delay) {
          const maxMs = delay.when === false ? 0 : (delay.maxMs ?? Number.POSITIVE_INFINITY);
          this.waits.set(name, { how: delay.how, ms: delay.ms, maxMs, isTask: true });
        }
      }
  }

  see({ id, flow }: Instance, { nodes: changed }: Changes, was: ReadonlyMap<string, NodeInstance | undefined>): void {
    for (const { node, visit, status, attempt, wakeAt } of changed) {
      const wait = this.waits.get(`${flow} ${node}`);
      if (!wait) continue;
      const name = `${id} ${node}.${visit}`;
      const now = this.now();
      if (was.get(`${node}.${visit}`) === undefined) {
        const due = Math.min(dueOf(wait, now), now + wait.maxMs);
        this.dues.set(name, due);
        const isExact = !wait.isTask || !this.isWatched;
        if (wakeAt !== null && (isExact ? Math.max(wakeAt, now) !== due : wakeAt < due))
          this.wrong(`${name} waits until ${wakeAt - now} ms from now, not ${due - now}`);
      }
      const goesOn = status === 'done' || (wait.isTask && attempt > 1);
      const early = (this.dues.get(name) ?? 0) - now;
      if (goesOn && early > EARLY_MS) this.wrong(`${name} goes on ${early} ms before it is due`);
    }
  }
}

/** A delivery so much too early is not sent back. */
const EARLY_MS = 200;

const AS_LONG_AS_IT_TAKES = { maxMs: Number.POSITIVE_INFINITY, isTask: false };
