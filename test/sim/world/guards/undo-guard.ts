import { isUndo, itemOf, shownVisit, undoneVisit } from '../../../../src/core/definition/work/each.js';
import { type Instance, isActive, type NodeInstance } from '../../../../src/core/flow/instance.js';
import type { Changes } from '../../../../src/engine/ports/store.js';
import { allOf, type Block } from '../../flow/block.js';

interface Stored {
  readonly instance: Instance;
  /** As they are with the changes. */
  readonly nodes: ReadonlyMap<string, NodeInstance>;
}

/** Something that was done, and at which commit. */
interface Deed {
  readonly node: string;
  readonly name: string;
  readonly at: number;
}

/** I29, at every commit: what is undone is what was done when undoing began, each once, the newest first. */
export class UndoGuard {
  /** By flow: nodes whose deeds can be undone, and those that undo, with what. */
  private readonly flows = new Map<string, { deeds: Map<string, 'task' | 'list'>; undoers: Map<string, string> }>();
  /** By instance, in order. */
  private readonly done = new Map<string, Deed[]>();
  /** What each that undoes still has to undo. */
  private readonly left = new Map<string, { readonly began: number; readonly deeds: Deed[] }>();

  constructor(
    flows: Readonly<Record<string, Block>>,
    private readonly wrong: (what: string) => void,
  ) {
    for (const [flow, block] of Object.entries(flows)) {
      const deeds = new Map<string, 'task' | 'list'>();
      const undoers = new Map<string, string>();
      for (const at of allOf(block)) {
        if (at.kind === 'task' && at.plan.undo !== undefined) deeds.set(at.id, 'task');
        if (at.kind === 'each' && at.items[0]?.undo !== undefined) deeds.set(at.id, 'list');
        if (at.kind === 'call' && at.undo) deeds.set(at.id, 'task');
        if (at.kind === 'compensate') undoers.set(at.id, at.what);
      }
      this.flows.set(flow, { deeds, undoers });
    }
  }

  see(
    { instance, nodes }: Stored,
    { nodes: changed, outputs }: Changes,
    was: ReadonlyMap<string, NodeInstance | undefined>,
    at: number,
  ): void {
    const { deeds, undoers } = this.flows.get(instance.flow) ?? NOTHING;
    if (deeds.size === 0) return;
    const before = ({ node, visit }: NodeInstance): NodeInstance | undefined => was.get(`${node}.${visit}`);
    const done = this.done.get(instance.id) ?? [];
    this.done.set(instance.id, done);
    for (const row of changed) {
      const gave = outputs.some(({ node, visit }) => node === row.node && visit === row.visit);
      // A list gives what its items gave: these are undone, one by one.
      const isIt = deeds.get(row.node) === 'list' ? (itemOf(row.visit) ?? -1) >= 0 : deeds.has(row.node);
      const isDeed = isIt && !isUndo(row.visit) && row.status !== 'cancelled' && !isActive(row.status);
      if (isDeed && gave && row.error === null && isActive(before(row)?.status ?? 'ready'))
        done.push({ node: row.node, name: `${row.node}.${shownVisit(row.visit)}`, at });
    }
    for (const row of changed) {
      const what = undoers.get(row.node);
      if (what === undefined || before(row) !== undefined) continue;
      const mine = done.filter(({ node }) => what === 'all' || what === node);
      this.left.set(nameOf(instance, row), { began: at, deeds: mine });
      done.splice(0, done.length, ...done.filter((one) => !mine.includes(one)));
    }
    for (const row of changed) if (isUndo(row.visit)) this.undoes(instance, row, before(row), nodes);
    for (const row of changed)
      if (undoers.has(row.node) && row.status === 'done') {
        const { began, deeds: rest } = this.left.get(nameOf(instance, row)) ?? { began: at, deeds: [] };
        // What was done in the very commit in which it began may have come later: it is there for others.
        done.unshift(...rest.filter((one) => one.at === began));
        const missed = rest.filter((one) => one.at !== began);
        if (missed.length > 0)
          this.wrong(`${nameOf(instance, row)} has left ${missed.map(({ name }) => name)} as it was`);
      }
  }

  private undoes(
    instance: Instance,
    row: NodeInstance,
    before: NodeInstance | undefined,
    nodes: Stored['nodes'],
  ): void {
    const visit = undoneVisit(row.visit);
    const name = `${row.node}.${shownVisit(visit)}`;
    const original = nodes.get(`${row.node}.${visit}`);
    if ((row.status === 'done') !== (original?.status === 'compensated'))
      this.wrong(`${instance.id} ${name} is ${original?.status}, and undoing it ${row.status}`);
    if (before !== undefined) return;
    for (const [undoer, { began, deeds: left }] of this.left) {
      if (!undoer.startsWith(instance.id)) continue;
      const place = left.findLastIndex((one) => one.name === name);
      if (place < 0) continue;
      const deed = left[place] as Deed;
      const newer = left.filter(({ at }) => at > deed.at && at !== began).map((one) => one.name);
      if (newer.length > 0) this.wrong(`${instance.id} undoes ${name} before ${newer}`);
      left.splice(place, 1);
      return;
    }
    this.wrong(`${instance.id} undoes ${name}, which is not to be undone`);
  }
}

const NOTHING = { deeds: new Map<string, 'task' | 'list'>(), undoers: new Map<string, string>() };

const nameOf = ({ id }: Instance, { node, visit }: NodeInstance): string => `${id} ${node}.${visit}`;
