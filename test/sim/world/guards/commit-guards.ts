import type { Instance, NodeInstance } from '../../../../src/core/flow/instance.js';
import type { Changes } from '../../../../src/engine/ports/store.js';
import type { Block } from '../../flow/block.js';
import { AddedGuard } from './added-guard.js';
import { DueGuard } from './due-guard.js';
import { ItemGuard } from './item-guard.js';
import { OrderGuard } from './order-guard.js';
import { TccGuard } from './tcc-guard.js';
import { UndoGuard } from './undo-guard.js';

interface Stored {
  readonly instance: Instance;
  /** As they are with the changes. */
  readonly nodes: ReadonlyMap<string, NodeInstance>;
}

/** All that look at every commit by themselves. */
export class CommitGuards {
  readonly added: AddedGuard;
  private readonly items: ItemGuard;
  private readonly tccs: TccGuard;
  private readonly order: OrderGuard;
  private readonly undoing: UndoGuard;
  private readonly due: DueGuard;

  constructor(
    flows: Readonly<Record<string, Block>>,
    now: () => number,
    isWatched: boolean,
    wrong: (invariant: string, what: string) => void,
  ) {
    this.added = new AddedGuard(flows, (what) => wrong('I43', what));
    this.items = new ItemGuard(flows, this.added, (what) => wrong('I25', what));
    this.tccs = new TccGuard(flows, (what) => wrong('I40', what));
    this.order = new OrderGuard(flows, wrong);
    this.undoing = new UndoGuard(flows, (what) => wrong('I29', what));
    this.due = new DueGuard(flows, now, isWatched, (what) => wrong('I33', what));
  }

  /** @param was the rows that change, as they were. @param at its place in the order of commits. */
  see(course: Stored, changes: Changes, was: ReadonlyMap<string, NodeInstance | undefined>, at: number): void {
    this.added.see(course, changes);
    this.items.see(course, changes);
    this.tccs.see(course, changes);
    this.order.see(course, changes, was);
    this.undoing.see(course, changes, was, at);
    this.due.see(course.instance, changes, was);
  }
}
