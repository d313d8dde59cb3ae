import { handlerAt } from '../../core/definition/handlers.js';
import type { NodeInstance } from '../../core/flow/instance.js';
import type { Dispatch } from '../../core/flow/transition.js';
import { DATABASE_TIMER, LEASED } from '../../core/routing/lane.js';
import { messageOf, outgoingOf } from '../commit/draft.js';
import type { Outbox } from '../commit/outbox.js';
import type { OutgoingDispatch } from '../ports/broker.js';
import type { Catalog } from '../ports/catalog.js';
import { type NodeKey, type Store, type StoredDispatch, StoreUnavailable } from '../ports/store.js';
import type { Tally } from '../tally.js';

interface Cause extends NodeKey {
  readonly flow: string;
  readonly version: number;
}

/** Sends dispatches again from their rows: the same attempt and number, so a copy that arrives too is a duplicate. */
export class Republish {
  constructor(
    private readonly store: Store,
    private readonly catalog: Catalog,
    private readonly outbox: Outbox,
    private readonly tally: Tally,
  ) {}

  /**
   * What word of a node instance dispatched and is still to be delivered: those that its completion entered, or its own
   * next attempt.
   */
  async successors({ instance, flow, version, node, visit }: Cause): Promise<void> {
    const caused = await this.store.successors([{ instance, node, visit }]);
    const { now, facts } = await this.store.read([{ instance, node, visit, needs: null }]);
    const own = facts[0]?.node;
    const again = own && (own.status === 'ready' || own.status === 'waiting') && own.queue !== null;
    const rows = again ? [...caused, { instance, flow, version, node: own }] : caused;
    this.tally.count('republished.successors', rows.length);
    await this.send(rows, now);
  }

  /** What was claimed because it is due goes at once: a delay driver that takes no delay would refuse even one of 1 ms. */
  due(rows: readonly StoredDispatch[]): Promise<number> {
    return this.send(rows, Number.POSITIVE_INFINITY);
  }

  /** At a database time: what is to wait waits on. */
  at(rows: readonly StoredDispatch[], now: number): Promise<number> {
    return this.send(rows, now);
  }

  /** Answers how many could be sent; what is on the database timer or leased, or whose definition has no such node, cannot. */
  private async send(rows: readonly StoredDispatch[], now: number): Promise<number> {
    const outgoing: OutgoingDispatch[] = [];
    for (const { instance, flow, version, node: row } of rows) {
      if (row.queue === DATABASE_TIMER || row.queue === LEASED) continue;
      const what = await this.whatOf(flow, version, row);
      const message = what && messageOf({ id: instance, flow, version }, row, what);
      if (message) outgoing.push(outgoingOf(message, now));
    }
    if (outgoing.length > 0) await this.outbox.send(outgoing);
    return outgoing.length;
  }

  /**
   * What a row is dispatched as. A definition that this release cannot read keeps no other row back: its dispatch goes out
   * as it may be, and whoever takes it makes it an incident.
   */
  private async whatOf(
    flow: string,
    version: number,
    row: NodeInstance,
  ): Promise<Pick<Dispatch, 'kind' | 'handler'> | null> {
    try {
      const node = (await this.catalog.get(flow, version))?.definition.nodes.get(row.node);
      if (!node) return null;
      const kind = node.kind === 'task' || node.kind === 'call' ? 'task' : 'timer';
      return { kind, handler: handlerAt(node, row.visit) };
    } catch (fault) {
      if (fault instanceof StoreUnavailable) throw fault;
      return { kind: row.status === 'waiting' ? 'timer' : 'task', handler: null };
    }
  }
}
