import type { Asked } from '../../routing/receipt.js';
import type { Snapshot } from '../../routing/snapshot.js';
import type { NodeRef } from '../event.js';
import type { Failure, Instance, NodeInstance, NodeStatus } from '../instance.js';
import type { Carried } from './facts.js';

/** What `advance` may look at: the instance and the node instances that the shell loaded under its lock. */
export interface World {
  readonly instance: Instance;
  /**
   * The node instance the event is about; and every active one when `graphOf(definition).needsActive`, when all
   * incidents are retried, and when the instance is cancelled.
   */
  readonly nodes: readonly NodeInstance[];
  /** What the router knows, for conditions that ask of circuits; left out: they are all closed. */
  readonly snapshot?: Snapshot;
}

/** What conditions read of circuits while a transition is made. */
export interface Circuits {
  readonly snapshot: Snapshot | undefined;
  /** What was asked for the node instance at hand. */
  readonly asked: Asked[];
}

/** A node that is to be entered. */
export interface Entry {
  readonly node: string;
  readonly via: readonly number[];
  readonly cause: NodeRef | null;
  readonly carried: Carried | null;
  /** It is one item of a visit of the node; `partner` is whose health counts, where the items tell. */
  readonly item?: { readonly of: number; readonly item: number; readonly partner?: string | null };
  /** The event gateway that it was entered from. */
  readonly race?: NodeRef;
}

/** A node instance that has just come into being. */
export const visitTo = (
  { node, visit }: NodeRef,
  via: readonly number[],
  cause: NodeRef | null,
  at: number,
): NodeInstance => ({
  node,
  visit,
  status: 'ready',
  attempt: 1,
  dispatch: 0,
  lane: null,
  queue: null,
  wakeAt: null,
  reason: null,
  polls: 0,
  via,
  cause,
  startedAt: at,
  endedAt: null,
  error: null,
});

export const keyOf = ({ node, visit }: NodeRef): string => `${node}#${visit}`;

/** What nobody else has yet. */
type Own<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * A copy of one's own, to be changed. Member by member and in one order: spreads make objects of ever new shapes, and
 * whoever reads those has to look for each member anew.
 */
export function ownCopy(row: NodeInstance): Own<NodeInstance> {
  const copy: Own<NodeInstance> = {
    node: row.node,
    visit: row.visit,
    status: row.status,
    attempt: row.attempt,
    dispatch: row.dispatch,
    lane: row.lane,
    queue: row.queue,
    wakeAt: row.wakeAt,
    reason: row.reason,
    polls: row.polls,
    via: row.via,
    cause: row.cause,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    error: row.error,
  };
  if (row.receipt !== undefined) copy.receipt = row.receipt;
  return copy;
}

/** A copy that is over, or held up: it waits for nothing. */
export function closedCopy(
  row: NodeInstance,
  status: NodeStatus,
  error: Failure | null,
  endedAt: number | null,
): NodeInstance {
  const copy = ownCopy(row);
  copy.status = status;
  copy.error = error;
  copy.endedAt = endedAt;
  copy.queue = null;
  copy.wakeAt = null;
  return copy;
}

/** Rows up to this many are looked for one by one: of one or two, as most steps have, an index costs more than it saves. */
const FEW = 16;

/** Node instances in the order in which they came, and which of them were written since. */
export class NodeRows {
  private readonly rows: NodeInstance[] = [];
  /** Places of the rows that were written, in the order in which each was first. */
  private readonly order: number[] = [];
  private readonly written: boolean[] = [];
  /** Made when there are more than a few. */
  private places: Map<string, number> | null = null;

  constructor(rows: readonly NodeInstance[]) {
    for (const row of rows) this.set(row);
  }

  /** As they are now; not to be kept. */
  get all(): readonly NodeInstance[] {
    return this.rows;
  }

  /** Where a row stands, for ever; -1 when it is not there. */
  placeOf(ref: NodeRef): number {
    const { rows, places } = this;
    if (places !== null) return places.get(keyOf(ref)) ?? -1;
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] as NodeInstance;
      if (row.visit === ref.visit && row.node === ref.node) return at;
    }
    return -1;
  }

  find(ref: NodeRef): NodeInstance | undefined {
    const at = this.placeOf(ref);
    return at < 0 ? undefined : this.rows[at];
  }

  write(row: NodeInstance): void {
    const at = this.set(row);
    if (this.written[at]) return;
    this.written[at] = true;
    this.order.push(at);
  }

  writtenRows(): NodeInstance[] {
    return this.order.map((at) => this.rows[at] as NodeInstance);
  }

  private set(row: NodeInstance): number {
    const at = this.placeOf(row);
    if (at >= 0) {
      this.rows[at] = row;
      return at;
    }
    const place = this.rows.push(row) - 1;
    this.written.push(false);
    if (this.places !== null) this.places.set(keyOf(row), place);
    else if (place >= FEW) this.places = new Map(this.rows.map((one, index) => [keyOf(one), index]));
    return place;
  }
}
