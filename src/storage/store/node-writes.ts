import { createHash } from 'node:crypto';
import type { NodeInstance } from '../../core/flow/instance.js';
import type { Changes, Locked } from '../../engine/ports/store.js';
import type { Value } from '../sql/session.js';
import { nodeValues } from './mappers.js';

type Fixed = Readonly<Record<string, Value>>;

/** The node rows of one transaction, sorted by how little of them must be written. */
export class NodeWrites {
  /** Rows that are over now and otherwise as they were, by what they all become: each is its key and its output. */
  readonly closed = new Map<string, [set: Fixed, rows: Value[][]]>();
  readonly whole: Value[][] = [];
  private readonly before: ReadonlyMap<string, readonly NodeInstance[]>;

  constructor(before: readonly Locked[]) {
    this.before = new Map(before.map(({ instance, nodes }) => [instance.id, nodes]));
  }

  add({ instance: { id }, nodes, outputs }: Changes): void {
    const known = this.before.get(id);
    const sorted = nodes.length > 1 ? nodes.toSorted((a, b) => order(a.node, b.node) || a.visit - b.visit) : nodes;
    for (const node of sorted) {
      const same = (one: { node: string; visit: number }): boolean =>
        one.node === node.node && one.visit === node.visit;
      const output = outputs.find(same);
      const text = output === undefined ? null : (output.written?.text ?? JSON.stringify(output.output));
      const was = known?.find(same);
      if (was && onlyClosed(was, node)) this.close(id, node, text);
      else this.whole.push(nodeValues(id, node, text));
    }
  }

  private close(instance: string, { node, visit, status, endedAt }: NodeInstance, output: string | null): void {
    const key = `${status} ${endedAt}`;
    let group = this.closed.get(key);
    if (group === undefined) {
      group = [{ status, queue: null, wake_at: null, ended_at: endedAt }, []];
      this.closed.set(key, group);
    }
    group[1].push([instance, node, visit, output]);
  }
}

/** By identity where a value is an object: the core copies a row with what it does not change. */
function onlyClosed(was: NodeInstance, is: NodeInstance): boolean {
  return (
    is.queue === null &&
    is.wakeAt === null &&
    is.attempt === was.attempt &&
    is.dispatch === was.dispatch &&
    is.lane === was.lane &&
    is.reason === was.reason &&
    is.polls === was.polls &&
    is.startedAt === was.startedAt &&
    is.error === was.error &&
    is.receipt === was.receipt &&
    is.via === was.via &&
    is.cause === was.cause
  );
}

export const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Hash columns keep keys of any length and script apart, whatever the collation. */
export const keyHash = (key: string): string => createHash('sha256').update(key).digest('base64url');
