import type { Definition } from '../../core/definition/definition.js';
import { asksOf, degrades } from '../../core/definition/handlers.js';
import { advance } from '../../core/flow/advance.js';
import type { FlowEvent, NodeRef, Rejection } from '../../core/flow/event.js';
import { type Instance, isActive, type NodeInstance, nodeInstanceId } from '../../core/flow/instance.js';
import type { Dispatch, Effect, Output, Transition } from '../../core/flow/transition.js';
import { NodeRows, ownCopy } from '../../core/flow/walk/world.js';
import type { Json } from '../../core/json.js';
import { DATABASE_TIMER, numberOf } from '../../core/routing/lane.js';
import type { Routable } from '../../core/routing/opinion.js';
import { asking, receiptOf } from '../../core/routing/receipt.js';
import { type Route, route } from '../../core/routing/route.js';
import type { Snapshot } from '../../core/routing/snapshot.js';
import { partnerOf, subjectOf } from '../../core/routing/subject.js';
import type { DispatchMessage, OutgoingDispatch } from '../ports/broker.js';
import type { AttemptRecord, Changes, IncidentRecord } from '../ports/store.js';
import { BeyondDraft } from './beyond.js';
import type { News } from './outbox.js';

/** How soon a dispatch that an operator holds is looked at again: the hold may have been taken back. */
export const HOLD_MS = 10_000;

/** What a dispatch depends on beside the instance. */
export interface Outlook {
  /** The longest delay that is the broker's; longer ones wait in the database. */
  readonly maxDelayMs: number;
  /** What the router knows. */
  readonly snapshot: Snapshot;
  /** Hears of every decision, for the counts that people see. */
  readonly decided?: (route: Route) => void;
}

/**
 * What one transaction will write about one instance: events are folded in one after the other, and what they changed
 * is gathered. Nothing leaves it before the commit.
 */
export class Draft {
  private instance: Instance;
  private changed = false;
  private ended: Extract<Effect, { type: 'instance.ended' }> | null = null;
  private readonly rows: NodeRows;
  /** What was last dispatched of a row, by its place, and the places in the order in which each was first. */
  private readonly dispatches: (Dispatch | undefined)[] = [];
  private readonly dispatched: number[] = [];
  private readonly outputs: Output[] = [];
  private readonly vars: Record<string, Json> = {};
  private readonly attempts: AttemptRecord[] = [];
  private readonly raised: IncidentRecord[] = [];
  private readonly resolved: (NodeRef & { by: string })[] = [];
  /** Made when there is something beside the instance; most steps have nothing. */
  private beside: BeyondDraft | null = null;

  constructor(
    private readonly definition: Definition,
    instance: Instance,
    nodes: readonly NodeInstance[],
    private readonly outlook: Outlook,
  ) {
    this.instance = instance;
    this.rows = new NodeRows(nodes);
  }

  /** Folds one event in; answers why it did not apply, or `null`. */
  apply(event: FlowEvent): Rejection | null {
    const world = { instance: this.instance, nodes: this.rows.all, snapshot: this.outlook.snapshot };
    const outcome = advance(this.definition, world, event);
    if (!outcome.ok) return outcome.error;
    this.take(outcome.value, event.at);
    return null;
  }

  private take(transition: Transition, at: number): void {
    this.instance = transition.instance;
    this.changed ||= transition.instanceChanged;
    // Before the rows change: an attempt is kept with the polls that came before it, and the lane it ran on.
    for (const effect of transition.effects) if (effect.type === 'attempt.ended') this.keepAttempt(effect, at);
    for (const node of transition.nodes) this.write(node);
    this.outputs.push(...transition.outputs);
    Object.assign(this.vars, transition.vars);
    for (const effect of transition.effects) this.carryOut(effect, at);
  }

  private write(node: NodeInstance): void {
    this.rows.write(node);
    if (node.status !== 'cancelled') return;
    this.beside ??= new BeyondDraft(this.definition);
    this.beside.withdrew(node, this.instance.id);
  }

  private carryOut(effect: Effect, at: number): void {
    switch (effect.type) {
      case 'dispatch':
        this.dispatch(effect, at);
        return;
      case 'attempt.ended':
        return;
      case 'incident.raised':
        this.raised.push({ node: effect.node, visit: effect.visit, code: effect.code, message: effect.message, at });
        return;
      case 'incident.resolved':
        this.resolved.push({ node: effect.node, visit: effect.visit, by: effect.by });
        return;
      case 'instance.ended':
        this.ended = effect;
        break;
    }
    this.beside ??= new BeyondDraft(this.definition);
    this.beside.take(effect, this.instance, at);
  }

  private keepAttempt(effect: Extract<Effect, { type: 'attempt.ended' }>, at: number): void {
    const { node, visit, attempt, how, error, decision } = effect;
    const { polls = 0, lane = null } = this.rows.find(effect) ?? {};
    this.attempts.push({ node, visit, attempt, poll: polls, how, error, decision, lane, at });
  }

  /** Asks the router, and writes its answer into the node's row: the row is the outbox. */
  private dispatch(effect: Dispatch, at: number): void {
    const row = this.rows.find(effect);
    if (!row) throw new Error(`Expected a row for the dispatch of '${effect.node}', but the transition has none.`);
    const { snapshot, maxDelayMs } = this.outlook;
    const message = this.routable(effect, row);
    const decided = route(message, snapshot, at);
    this.outlook.decided?.(decided);
    const held = decided.action === 'hold';
    const delayMs = held ? Math.max(effect.delayMs, Math.min(decided.delayMs, HOLD_MS)) : decided.delayMs;
    const parked = held || delayMs > maxDelayMs;
    const { subject, handler } = message;
    const own =
      subject === null || handler === null ? null : receiptOf(decided, subject, partnerOf(handler, message), snapshot);
    const queue = parked ? DATABASE_TIMER : numberOf(decided.lane, snapshot.lanes);
    const sent = ownCopy(row);
    sent.lane = decided.lane;
    sent.queue = this.instance.status === 'paused' ? null : queue;
    sent.wakeAt = at + delayMs;
    sent.reason = decided.reason;
    sent.dispatch = row.dispatch + 1;
    if (own !== null || row.receipt !== undefined) sent.receipt = asking(own, row.receipt?.asked);
    this.write(sent);
    const place = this.rows.placeOf(row);
    if (this.dispatches[place] === undefined) this.dispatched.push(place);
    this.dispatches[place] = effect;
  }

  private routable(effect: Dispatch, row: NodeInstance): Routable {
    const { handler, dimension, kind, cause, node, attempt, delayMs, exceeds } = effect;
    const { id, flow } = this.instance;
    const known = dimension === undefined ? (row.receipt?.subject ?? undefined) : undefined;
    const of = this.definition.nodes.get(row.node);
    // Member by member: a spread copies through the runtime, for every step.
    const message: Routable = {
      kind,
      cause,
      node,
      handler,
      attempt,
      delayMs,
      id: nodeInstanceId(id, row.node, row.visit),
      flow,
      tags: of?.tags ?? [],
      polls: row.polls,
      subject: handler === null ? null : (known ?? subjectOf(partnerOf(handler, { flow, node }), dimension ?? null)),
    };
    const own = degrades(of, row.visit);
    const asks = this.outlook.snapshot.groups && asksOf(of, row.visit);
    if (!exceeds && !own && !asks) return message;
    return { ...message, ...(exceeds && { exceeds }), ...(own && { degrades: true }), ...(asks && { handlers: asks }) };
  }

  changes(): Changes {
    return {
      instance: this.instance,
      instanceChanged: this.changed,
      nodes: this.rows.writtenRows(),
      outputs: this.outputs,
      vars: this.vars,
      attempts: this.attempts,
      raised: this.raised,
      resolved: this.resolved,
      ended: this.ended !== null,
      beyond: this.beside?.changes() ?? null,
    };
  }

  /** The messages to send after the commit: of rows that are still active and not on the database timer. */
  outgoing(now: number): readonly OutgoingDispatch[] {
    const sent: OutgoingDispatch[] = [];
    for (const place of this.dispatched) {
      const row = this.rows.all[place] as NodeInstance;
      if (!isActive(row.status) || row.queue === null || row.queue === DATABASE_TIMER) continue;
      const message = messageOf(this.instance, row, this.dispatches[place] as Dispatch);
      if (message) sent.push(outgoingOf(message, now));
    }
    return sent;
  }

  /** Tells the outside that the instance was started. */
  startedNews(): News {
    const { id, flow, version, key } = this.instance;
    return { id: `${id}:started`, routingKey: `instance.started.${flow}`, body: { instance: id, flow, version, key } };
  }

  /** What the outside is told: at most one end, and incidents. */
  news(): readonly News[] {
    if (this.ended === null && this.raised.length === 0) return [];
    const { id, flow, version, key, status, outcome } = this.instance;
    const about = { instance: id, flow, version, key };
    const news: News[] = this.raised.map(({ node, visit, code, message, at }) => ({
      id: `${id}:${node}.${visit}:${code}:${at}`,
      routingKey: `incident.raised.${flow}`,
      body: { ...about, node, visit, code, message },
    }));
    if (this.ended)
      news.push({
        id: `${id}:${status}`,
        routingKey: `instance.${this.ended.status}.${flow}`,
        body: { ...about, status, outcome },
      });
    return news;
  }
}

/** A message on its way at a database time: one that has to wait says so. */
export function outgoingOf(message: DispatchMessage, now: number): OutgoingDispatch {
  const delayMs = Math.max(0, message.wakeAt - now);
  return { message: delayMs > 0 ? { ...message, delayed: true } : message, delayMs };
}

/** The message of a dispatched row; `null` when the row is not dispatched to a lane. */
export function messageOf(
  instance: { readonly id: string; readonly flow: string; readonly version: number },
  row: NodeInstance,
  what: Pick<Dispatch, 'kind' | 'handler'>,
): DispatchMessage | null {
  if (row.lane === null || row.wakeAt === null) return null;
  const message: DispatchMessage = {
    instance: instance.id,
    flow: instance.flow,
    version: instance.version,
    node: row.node,
    visit: row.visit,
    attempt: row.attempt,
    dispatch: row.dispatch,
    kind: what.kind,
    handler: what.handler,
    lane: row.lane,
    wakeAt: row.wakeAt,
  };
  return row.receipt?.subject == null ? message : { ...message, subject: row.receipt.subject };
}
