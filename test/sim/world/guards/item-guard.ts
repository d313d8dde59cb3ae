import { isUndo, itemOf, visitOf } from '../../../../src/core/definition/work/each.js';
import { type Instance, isActive, type NodeInstance } from '../../../../src/core/flow/instance.js';
import type { Changes } from '../../../../src/engine/ports/store.js';
import { allOf, type Block, type EachBlock } from '../../flow/block.js';
import type { AddedGuard } from './added-guard.js';

interface Stored {
  readonly instance: Instance;
  /** As they are with the changes. */
  readonly nodes: ReadonlyMap<string, NodeInstance>;
}

/** I25, at every commit: no more items are under way than may be, they begin in order, and none begins too late. */
export class ItemGuard {
  private readonly lists = new Map<string, EachBlock>();
  /** How many have begun, by visit. */
  private readonly begun = new Map<string, number>();
  /** Those that were an incident: whoever retries one may have one more under way. */
  private readonly raised = new Map<string, Set<number>>();

  private readonly over = new Set<string>();

  constructor(
    flows: Readonly<Record<string, Block>>,
    private readonly added: AddedGuard,
    private readonly wrong: (what: string) => void,
  ) {
    for (const [flow, block] of Object.entries(flows))
      for (const one of allOf(block)) if (one.kind === 'each') this.lists.set(`${flow} ${one.id}`, one);
  }

  private raisedIn(of: string): Set<number> {
    const raised = this.raised.get(of) ?? new Set();
    this.raised.set(of, raised);
    return raised;
  }

  see({ instance, nodes }: Stored, { nodes: changed, raised: incidents }: Changes): void {
    for (const { node, visit } of incidents) this.raisedIn(`${instance.id} ${node}.${visitOf(visit)}`).add(visit);
    for (const row of changed) {
      const item = itemOf(row.visit);
      const list = this.lists.get(`${instance.flow} ${row.node}`);
      if (list === undefined || item === null || item < 0 || isUndo(row.visit)) continue;
      const name = `${row.node}.${visitOf(row.visit)}`;
      const of = `${instance.id} ${name}`;
      const raised = this.raisedIn(of);
      const begun = this.begun.get(of) ?? 0;
      if (item < begun) continue;
      if (item !== begun) this.wrong(`${of} began item ${item} before item ${begun}`);
      this.begun.set(of, item + 1);
      const total = list.added ? this.added.totalOf(instance.id, row.node, visitOf(row.visit)) : list.items.length;
      if (item >= total) this.wrong(`${of} has ${total} items, but began item ${item}`);
      const running = [...nodes.values()].filter(
        (one) =>
          one.node === row.node &&
          (itemOf(one.visit) ?? -1) >= 0 &&
          !isUndo(one.visit) &&
          visitOf(one.visit) === visitOf(row.visit) &&
          (one.status === 'ready' || one.status === 'waiting') &&
          !raised.has(one.visit),
      );
      if (running.length > list.parallel)
        this.wrong(`${of} has ${running.length} items under way, not ${list.parallel} at most`);
      if (this.over.has(of)) this.wrong(`${of} is over, and yet its item ${item} begins`);
    }
    for (const { node, visit, status } of changed)
      if (!isActive(status) && this.lists.has(`${instance.flow} ${node}`))
        this.over.add(`${instance.id} ${node}.${visit}`);
  }
}
