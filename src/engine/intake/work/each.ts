import type { TaskNode } from '../../../core/definition/definition.js';
import { type EachRule, isUndo, itemOf, undoneVisit, visitOf } from '../../../core/definition/work/each.js';
import { ExpressionFailure } from '../../../core/expression.js';
import type { FlowEvent } from '../../../core/flow/event.js';
import { partVisit } from '../../../core/flow/tries/tcc/rule.js';
import { CONTEXT_LIMIT } from '../../../core/flow/walk/context.js';
import type { Json } from '../../../core/json.js';
import type { DispatchMessage } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { DeliveryFacts, ItemPage, NodeKey, ScopeNeeds, Store } from '../../ports/store.js';
import { whileAway } from '../../while-away.js';
import { rootsOf, scopeOf } from '../build-input.js';

/** Pages of items that are kept at hand, of at most 64 KiB or one item each. */
const KEPT = 64;

/** What must be read before the list of a node with `each` is told. */
export function needsOfList({ list }: EachRule): ScopeNeeds {
  const roots = rootsOf([list]);
  const outputs = [...roots].filter((root) => root !== 'input' && root !== 'vars');
  return { input: roots.has('input'), vars: roots.has('vars'), outputs };
}

/** The part of a node with `each` that is the engine's: its list, what an item is, and what all of them gave. */
export class RunEach {
  private readonly pages = new Map<string, ItemPage>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Tells the list when the node was entered, and later what its items gave. */
  async whole(message: DispatchMessage, each: EachRule, facts: DeliveryFacts): Promise<FlowEvent> {
    const { instance, node, visit, attempt, dispatch } = message;
    const about = { at: 0, node, visit, attempt, dispatch } as const;
    if (facts.node?.polls) {
      const items = await whileAway(this.clock, () => this.store.items({ instance, node, visit }, CONTEXT_LIMIT));
      return { type: 'each.gathered', ...about, items };
    }
    try {
      return { type: 'each.listed', ...about, list: each.list.value(scopeOf(facts)), error: null };
    } catch (fault) {
      if (!(fault instanceof ExpressionFailure)) throw fault;
      const error = { code: fault.code, message: fault.message, permanent: true };
      return { type: 'each.listed', ...about, list: null, error };
    }
  }

  /**
   * With what belongs to this node instance alone: the item and its place under the names that `in` reads them by, as
   * `result` what is to be undone, and as `tried` what is to be settled. What a handler does to an item is seen by no other.
   */
  async withOwn<F extends Partial<DeliveryFacts>>(
    { instance, node, visit, attempt }: DispatchMessage,
    { each, part, work }: Pick<TaskNode, 'each' | 'part' | 'work'>,
    facts: F,
  ): Promise<F> {
    const item = each ? itemOf(visit) : null;
    const own: Record<string, Json> = {};
    if (each && item !== null) {
      const value = await this.value({ instance, node, visit: visitOf(visit) }, item);
      Object.assign(own, { [each.as]: structuredClone(value), index: item });
    }
    // In place of the output of the node, which is not this item's: what earlier attempts of the item have done.
    if (work && attempt > 1 && item !== null) {
      own[node] = await whileAway(this.clock, () => this.store.output({ instance, node, visit }));
    }
    if (isUndo(visit)) {
      const of = { instance, node, visit: undoneVisit(visit) };
      own['result'] = await whileAway(this.clock, () => this.store.output(of));
    }
    if (part && part.phase !== 'try') {
      const of = { instance, node, visit: partVisit(visitOf(visit), part.place, 'try') };
      own['tried'] = await whileAway(this.clock, () => this.store.output(of));
    }
    return { ...facts, outputs: { ...facts.outputs, ...own } };
  }

  private async value(of: NodeKey, item: number): Promise<Json> {
    const page = await this.page(of, item);
    if (!page) return null;
    const { from, items } = page;
    return typeof items === 'number' ? item - from + 1 : (items[item - from] ?? null);
  }

  /** Pages never change, so a copy is never stale. The least recently used goes first. */
  private async page(of: NodeKey, item: number): Promise<ItemPage | null> {
    const whole = `${of.instance}.${of.node}.${of.visit}.`;
    for (const [key, page] of this.pages) {
      if (!key.startsWith(whole) || !has(page, item)) continue;
      this.pages.delete(key);
      this.pages.set(key, page);
      return page;
    }
    const page = await whileAway(this.clock, () => this.store.page(of, item));
    if (!page) return null;
    this.pages.set(`${whole}${page.from}`, page);
    const [oldest] = this.pages.keys();
    if (this.pages.size > KEPT && oldest !== undefined) this.pages.delete(oldest);
    return page;
  }
}

const has = ({ from, items }: ItemPage, item: number): boolean =>
  item >= from && item < from + (typeof items === 'number' ? items : items.length);
