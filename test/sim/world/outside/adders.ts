import { ITEMS_FROM } from '../../../../src/core/definition/work/each.js';
import { isHeldBack } from '../../../../src/core/flow/instance.js';
import { StoreUnavailable } from '../../../../src/engine/ports/store.js';
import type { Block, EachBlock } from '../../flow/block.js';
import { growingIn, saidBy } from '../../flow/items/added.js';
import type { History } from '../history.js';
import type { Process } from '../process.js';

/** What a person wants to be added to a list. */
interface Order {
  readonly instance: string;
  readonly node: string;
  readonly visit: number;
  readonly items: readonly string[];
  /** How many items the person has seen; `null`: however many there are, and then it is said once only. */
  readonly seen: number | null;
  readonly closes: boolean;
  /** How often it was said, and how often the person has heard what came of it. */
  said: number;
  heard: number;
  taken: boolean;
  asking: Process | null;
}

/** Most orders for one visit. */
const MOST = 2;

/** People who add items to lists, and say it again when they have not heard. */
export class Adders {
  readonly orders: Order[] = [];
  /** What was refused without a reason. */
  readonly refusals: string[] = [];
  private readonly lists: ReadonlyMap<string, EachBlock>;

  constructor(
    flows: Readonly<Record<string, Block>>,
    private readonly history: History,
  ) {
    this.lists = growingIn(flows);
  }

  /** Whether there is a list that somebody wants to add to. */
  get isOpen(): boolean {
    return this.lists.size > 0 && (this.unheard !== undefined || this.next() !== undefined);
  }

  private get unheard(): Order | undefined {
    return this.orders.find(
      ({ said, heard, seen, asking }) => seen !== null && heard < said && heard === 0 && asking?.dead !== false,
    );
  }

  /** What was not heard of is said again; else the next. */
  async add(process: Process): Promise<void> {
    const order = this.unheard ?? this.next();
    if (order === undefined) return;
    if (order.said === 0) this.orders.push(order);
    await this.say(process, order);
  }

  /** What is there already is said again by somebody who has seen the same as before: nothing comes of it. */
  repeat(process: Process): boolean {
    const order = this.orders.findLast(({ seen, taken }) => seen !== null && taken);
    if (order) void this.say(process, order);
    return order !== undefined;
  }

  private next(): Order | undefined {
    for (const { instance, nodes } of this.history.courses.values())
      for (const row of nodes.values()) {
        const { node, visit, status } = row;
        // Also in the moment in which it gathers what its items gave: then it is too late.
        const total = this.history.guards.added.totalOf(instance.id, node, visit);
        const isThere = status === 'waiting' || (status === 'ready' && total > 0);
        const list = isThere && !isHeldBack(row) && this.lists.get(`${instance.flow} ${node}`);
        if (!list || visit >= ITEMS_FROM) continue;
        const own = this.orders.filter(
          (one) => one.instance === instance.id && one.node === node && one.visit === visit,
        );
        if (own.length >= MOST) continue;
        const word = this.orders.length + 1;
        const closes = word % 4 === 0;
        const seen = word % 2 === 1 ? null : total;
        const items = saidBy(node, word, closes);
        return {
          instance: instance.id,
          node,
          visit,
          items,
          seen,
          closes,
          said: 0,
          heard: 0,
          taken: false,
          asking: null,
        };
      }
    return undefined;
  }

  private async say(process: Process, order: Order): Promise<void> {
    const { instance, node, visit, items, seen, closes } = order;
    order.said++;
    order.asking = process;
    const command = { instance, node, visit, items, closes, by: 'a person', ...(seen !== null && { seen }) };
    try {
      const answer = await process.addItems.execute(command);
      order.heard++;
      if (answer.ok) order.taken = true;
      else if (!TOO_LATE.includes(answer.error.reason)) this.refusals.push(`${node}.${visit}: ${answer.error.message}`);
    } catch (fault) {
      if (!(fault instanceof StoreUnavailable)) this.refusals.push(`${node}.${visit}: ${String(fault)}`);
    }
    if (order.asking === process) order.asking = null;
  }
}

/** The list is over, takes no more, or somebody else was faster. */
const TOO_LATE: readonly string[] = ['not-waiting', 'node-instance-over', 'instance-over', 'stale-attempt'];
