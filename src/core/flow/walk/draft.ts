import { type Definition, type FlowNode, takesMessage } from '../../definition/definition.js';
import { type Graph, graphOf } from '../../definition/graph.js';
import { ExpressionFailure, type Scope } from '../../expression.js';
import type { Json, JsonObject } from '../../json.js';
import type { NodeRef } from '../event.js';
import { type Failure, type Instance, type InstanceStatus, isActive, isOver, type NodeInstance } from '../instance.js';
import type { Effect, Output, Transition } from '../transition.js';
import { lasting, NO_SIZES, type Sizes, withValue } from './context.js';
import { type Carried, isObject, pick, sameArrivals, scopeOf } from './facts.js';
import { isProblem, Problem } from './problem.js';
import { type Circuits, closedCopy, type Entry, keyOf, NodeRows, visitTo } from './world.js';

/**
 * The transition while it is being made: the only thing in the core that changes, and it lives for one call of
 * `advance`. It copies before it writes, so that nothing of the world before is touched.
 */
export class Draft {
  readonly graph: Graph;
  readonly effects: Effect[] = [];
  readonly outputs: Output[] = [];
  /** Nodes to enter, first come first entered. */
  readonly entries: Entry[] = [];
  status: InstanceStatus;
  outcome: string | null;
  arrivals: Record<number, number>;
  absorbing: Readonly<Record<string, readonly number[]>>;
  visits: Readonly<Record<string, number>>;
  facts: JsonObject;
  vars: JsonObject = {};
  /** It has been ended, and waits for what must be settled first. */
  ending: Instance['state']['ending'] | null;
  private sizes: Sizes;
  /** The node instance that finished last; what a `taken` join is entered because of. */
  lastCause: NodeRef | null = null;
  /**
   * The node instance whose word this transition is about. Everything that comes into being is caused by it, however
   * many gateways lie between: when the word comes twice, what it dispatched is found by this.
   */
  root: NodeRef | null = null;
  private active: number;
  private incidents: number;
  private readonly rows: NodeRows;

  constructor(
    readonly definition: Definition,
    private readonly before: Instance,
    nodes: readonly NodeInstance[],
    readonly at: number,
    readonly circuits: Circuits | null = null,
  ) {
    this.graph = graphOf(definition);
    ({ status: this.status, outcome: this.outcome, active: this.active, incidents: this.incidents } = before);
    ({ arrivals: this.arrivals, absorbing: this.absorbing, visits: this.visits, facts: this.facts } = before.state);
    this.sizes = before.state.sizes ?? NO_SIZES;
    this.ending = before.state.ending ?? null;
    this.rows = new NodeRows(nodes);
  }

  get over(): boolean {
    return isOver(this.status);
  }

  get idle(): boolean {
    return this.active === 0;
  }

  get instanceId(): string {
    return this.before.id;
  }

  node(id: string): FlowNode {
    const node = this.definition.nodes.get(id);
    if (!node) throw new Error(`Expected flow '${this.definition.flow}' to have node '${id}', but it has none.`);
    return node;
  }

  row(ref: NodeRef): NodeInstance | undefined {
    return this.rows.find(ref);
  }

  activeRows(): NodeInstance[] {
    return this.rows.all.filter((row) => isActive(row.status));
  }

  /** Counts active nodes and incidents anew; all active rows must be at hand. */
  recount(): void {
    const rows = this.activeRows();
    this.active = rows.length;
    this.incidents = rows.filter((row) => row.status === 'incident').length;
  }

  next(): Entry | undefined {
    return this.entries.shift();
  }

  /** Stores a node instance in its new state and keeps the counts of the instance exact. */
  put(row: NodeInstance): void {
    const old = this.rows.find(row)?.status;
    const is = isActive(row.status);
    this.active += Number(is) - Number(old !== undefined && isActive(old));
    this.incidents += Number(row.status === 'incident') - Number(old === 'incident');
    this.rows.write(row);
    if (!is) this.drop(row);
    const { node, visit } = row;
    if (old !== 'waiting' || row.status === old) return;
    const waited = this.node(node);
    if (takesMessage(waited)) this.effects.push({ type: 'wait.closed', node, visit });
    else if (waited.kind === 'manual') this.effects.push({ type: 'manual.closed', node, visit });
  }

  /** A node instance that is over, or held up: no message is on its way to it any more. */
  close(row: NodeInstance, status: NodeInstance['status'], error: Failure | null): void {
    const endedAt = isActive(status) ? null : this.at;
    if (endedAt !== null) this.lastCause = { node: row.node, visit: row.visit };
    this.put(closedCopy(row, status, error, endedAt));
  }

  /** Counts an arrival in or out. Joins can be wide, so the counts are copied once and not for each. */
  countArrivals(edge: number, by: number): void {
    if (this.arrivals === this.before.state.arrivals) this.arrivals = { ...this.arrivals };
    const count = (this.arrivals[edge] ?? 0) + by;
    if (count > 0) this.arrivals[edge] = count;
    else delete this.arrivals[edge];
  }

  /** A node instance for the next visit to a node; not stored yet. */
  newVisit({ node, via, cause }: Pick<Entry, 'node' | 'via' | 'cause'>): NodeInstance {
    return visitTo({ node, visit: this.nextVisit(node) }, via, cause && (this.root ?? cause), this.at);
  }

  private nextVisit(node: string): number {
    if (!this.graph.repeatable.has(node)) return 1;
    const visit = (this.visits[node] ?? 0) + 1;
    this.visits = { ...this.visits, [node]: visit };
    return visit;
  }

  /** Counts a value under a name of the scope; a problem when there is no room for it, and then nothing is counted. */
  measure(name: string, value: Json, bytes?: number): Problem | undefined {
    const sizes = withValue(this.sizes, name, value, bytes);
    if (isProblem(sizes)) return sizes;
    this.sizes = sizes;
    return undefined;
  }

  /** Remembers what expressions read of a value under a name of the scope. */
  learn(name: string, value: Json): void {
    const reads = this.graph.reads.get(name);
    if (reads) this.facts = { ...this.facts, [name]: pick(value, reads) };
  }

  /** What expressions read of a value under a name of the scope. */
  pickRead(name: string, value: Json): Json {
    const reads = this.graph.reads.get(name);
    return reads ? pick(value, reads) : null;
  }

  /** Writes a variable; the next expression sees it. */
  write(name: string, value: Json): void {
    this.vars = { ...this.vars, [name]: value };
    const reads = this.graph.reads.get('vars');
    const below = reads?.members.get(name);
    if (!reads || (!reads.whole && !below)) return;
    const known = this.facts['vars'];
    const kept = reads.whole || !below ? value : pick(value, below);
    this.facts = { ...this.facts, vars: { ...(isObject(known) ? known : {}), [name]: kept } };
  }

  /** Something to keep for one node instance until it is over; `#` is in no node id, so no expression reads it. */
  keep(ref: NodeRef, value: JsonObject): void {
    this.facts = { ...this.facts, [keyOf(ref)]: value };
  }

  kept(ref: NodeRef): JsonObject {
    const value = isEmpty(this.facts) ? undefined : this.facts[keyOf(ref)];
    return isObject(value) ? value : {};
  }

  drop(ref: NodeRef): void {
    if (isEmpty(this.facts)) return;
    const key = keyOf(ref);
    if (!Object.hasOwn(this.facts, key)) return;
    this.facts = Object.fromEntries(Object.entries(this.facts).filter(([name]) => name !== key));
  }

  /** Does something wholly or not at all: a problem takes back what was written and learnt, so that a retry does it once. */
  wholly<T>(work: () => T | Problem): T | Problem {
    const { facts, vars, sizes } = this;
    const answer = work();
    if (isProblem(answer)) {
      this.sizes = sizes;
      this.facts = facts;
      this.vars = vars;
    }
    return answer;
  }

  /** Evaluates in the scope as it stands; a failure is a problem of the node, never an answer. */
  evaluate<T>(carried: Carried | null, evaluate: (scope: Scope) => T): T | Problem {
    try {
      return evaluate(scopeOf(this.facts, carried));
    } catch (failure) {
      const code = failure instanceof ExpressionFailure ? failure.code : 'EXPRESSION_FAILED';
      return new Problem(code, failure instanceof Error ? failure.message : String(failure));
    }
  }

  private liveStatus(): InstanceStatus {
    if (this.incidents > 0) return 'incident';
    const { hasCompensate } = this.graph;
    const undoes = hasCompensate && this.activeRows().some(({ node }) => this.node(node).kind === 'compensate');
    return undoes || this.ending ? 'compensating' : 'running';
  }

  transition(): Transition {
    if (!this.over && this.status !== 'paused') this.status = this.liveStatus();
    const { before, status, outcome, active, incidents, arrivals, absorbing, visits, facts, sizes, ending } = this;
    const changed =
      before.seq === 0 ||
      status !== before.status ||
      outcome !== before.outcome ||
      active !== before.active ||
      incidents !== before.incidents ||
      !sameArrivals(arrivals, before.state.arrivals) ||
      absorbing !== before.state.absorbing ||
      visits !== before.state.visits ||
      facts !== before.state.facts ||
      sizes !== (before.state.sizes ?? NO_SIZES) ||
      ending !== (before.state.ending ?? null);
    const endedAt = this.over ? (before.endedAt ?? this.at) : null;
    const state = { arrivals, absorbing, visits, facts, ...lasting(before.state, sizes, ending) };
    return {
      instance: changed
        ? { ...before, status, seq: before.seq + 1, active, incidents, outcome, state, endedAt }
        : before,
      instanceChanged: changed,
      nodes: this.rows.writtenRows(),
      outputs: this.outputs,
      vars: this.vars,
      effects: this.effects,
    };
  }
}

/** Without a list of what is in it. */
function isEmpty(of: JsonObject): boolean {
  for (const _ in of) return false;
  return true;
}
