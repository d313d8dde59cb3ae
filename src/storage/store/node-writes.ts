import { createHash } from 'node:crypto';
import type { NodeRef } from '../../core/flow/event.js';
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
    const known = this.before.get(id) ?? NONE;
    for (const node of sorted(nodes)) {
      const output = rowOf(outputs, node);
      const text = output === undefined ? null : (output.written?.text ?? JSON.stringify(output.output));
      const was = rowOf(known, node);
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

const NONE: readonly NodeInstance[] = [];

const byKey = (a: NodeRef, b: NodeRef): number => order(a.node, b.node) || a.visit - b.visit;

/** Most steps write two rows: the one that is over and the next. */
function sorted(nodes: readonly NodeInstance[]): readonly NodeInstance[] {
  const [first, second] = nodes;
  if (first === undefined || second === undefined) return nodes;
  if (nodes.length > 2) return nodes.toSorted(byKey);
  return byKey(first, second) <= 0 ? nodes : [second, first];
}

/** As `find` does, without a function for each row. */
function rowOf<T extends NodeRef>(among: readonly T[], { node, visit }: NodeRef): T | undefined {
  for (const one of among) if (one.visit === visit && one.node === node) return one;
  return undefined;
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
