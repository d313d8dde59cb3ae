import { type EachRule, isList, itemOf, listVisit, visitOf } from '../../../core/definition/work/each.js';
import { ExpressionFailure } from '../../../core/expression.js';
import type { FlowEvent } from '../../../core/flow/event.js';
import { CONTEXT_LIMIT } from '../../../core/flow/walk/context.js';
import type { Json } from '../../../core/json.js';
import type { DispatchMessage } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { DeliveryFacts, NodeKey, ScopeNeeds, Store } from '../../ports/store.js';
import { whileAway } from '../../while-away.js';
import { rootsOf, scopeOf } from '../build-input.js';

/** Lists that are kept at hand; together they are bounded, since each fits into a context. */
const KEPT = 64;

/** What must be read before the list of a node with `each` is told. */
export function needsOfList({ list }: EachRule): ScopeNeeds {
  const roots = rootsOf([list]);
  const outputs = [...roots].filter((root) => root !== 'input' && root !== 'vars');
  return { input: roots.has('input'), vars: roots.has('vars'), outputs };
}

/** The part of a node with `each` that is the engine's: its list, what an item is, and what all of them gave. */
export class RunEach {
  private readonly lists = new Map<string, readonly Json[]>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Whether a message is about the node as a whole, and not about one of its items. */
  static isWhole(each: EachRule | undefined, { visit }: DispatchMessage): boolean {
    return each !== undefined && itemOf(visit) === null;
  }

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

  /** With the item and its place under the names that `in` reads them by. What a handler does to it is seen by no other. */
  async withItem<F extends Partial<DeliveryFacts>>(
    { instance, node, visit }: DispatchMessage,
    { as }: EachRule,
    facts: F,
  ): Promise<F> {
    const item = itemOf(visit);
    if (item === null || isList(visit)) return facts;
    const list = await this.list({ instance, node, visit: listVisit(visitOf(visit)) });
    const value = structuredClone(list[item] ?? null);
    return { ...facts, outputs: { ...facts.outputs, [as]: value, index: item } };
  }

  /** It never changes, so a copy is never stale. The least recently used goes first. */
  private async list(of: NodeKey): Promise<readonly Json[]> {
    const key = `${of.instance}.${of.node}.${of.visit}`;
    const known = this.lists.get(key);
    this.lists.delete(key);
    const list = known ?? ((await whileAway(this.clock, () => this.store.output(of))) as readonly Json[] | null) ?? [];
    this.lists.set(key, list);
    const [oldest] = this.lists.keys();
    if (this.lists.size > KEPT && oldest !== undefined) this.lists.delete(oldest);
    return list;
  }
}
