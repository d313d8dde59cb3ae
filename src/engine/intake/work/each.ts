import { type EachRule, isUndo, itemOf, listVisit, undoneVisit, visitOf } from '../../../core/definition/work/each.js';
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
   * With what belongs to this node instance alone: the item and its place under the names that `in` reads them by, and as
   * `result` what is to be undone. What a handler does to an item is seen by no other.
   */
  async withOwn<F extends Partial<DeliveryFacts>>(
    { instance, node, visit }: DispatchMessage,
    each: EachRule | undefined,
    facts: F,
  ): Promise<F> {
    const item = each ? itemOf(visit) : null;
    const own: Record<string, Json> = {};
    if (each && item !== null) {
      const list = await this.list({ instance, node, visit: listVisit(visitOf(visit)) });
      Object.assign(own, { [each.as]: structuredClone(list[item] ?? null), index: item });
    }
    if (isUndo(visit)) {
      const of = { instance, node, visit: undoneVisit(visit) };
      own['result'] = await whileAway(this.clock, () => this.store.output(of));
    }
    return { ...facts, outputs: { ...facts.outputs, ...own } };
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
