import type { Definition, NodeKind } from '../definition/definition.js';
import { taskAt } from '../definition/handlers.js';
import { LEASED } from '../routing/lane.js';
import type { FlowEvent, NodeRef, Rejection, RejectionReason } from './event.js';
import { type Instance, isActive, isHeldBack, isOver, type NodeInstance, type NodeStatus } from './instance.js';
import { isLeaseEvent, refusalOf } from './tries/lease.js';
import { HASTEN_MARGIN_MS } from './waiting/hasten.js';
import type { World } from './walk/world.js';

/** Says why an event does not apply to the world as it is, or `null` when it does. */
export function guard(definition: Definition, { instance, nodes }: World, event: FlowEvent): Rejection | null {
  if (event.type === 'started') {
    if (instance.seq === 0) return null;
    return no('already-started', 'Expected an instance that has not started, but it has. Nothing is to be done.');
  }
  if (event.type === 'instance.audited') return auditGuard(instance, nodes);
  if (isOver(instance.status)) {
    return no('instance-over', `Expected a live instance, but it is ${instance.status}. Nothing is to be done.`);
  }
  if (event.type === 'instance.cancelled') return cancelGuard(instance);
  if (event.type === 'instance.paused' || event.type === 'instance.resumed') return pauseGuard(instance, event.type);
  if (event.type === 'incident.retried') return retryGuard(nodes, event.only, instance.incidents);

  if (event.type === 'node.hastened' || event.type === 'delay.cancelled') return waitingGuard(definition, nodes, event);

  const row = find(nodes, event);
  if (event.type === 'part.settled') return settleGuard(definition, row, event);
  const kind = definition.nodes.get(event.node)?.kind;
  if (!row || !kind || !(ABOUT[event.type] ?? TASK).includes(kind)) return unknown(event);
  if (!isActive(row.status)) return finished(row);
  if (event.type === 'timer.fired' && instance.status === 'paused') {
    return no(
      'paused',
      `Expected an instance that goes on, but it is paused. ${name(row)} falls due when it is resumed.`,
    );
  }
  if (isHeldBack(row)) return no('not-waiting', `Expected ${name(row)} to have begun, but it waits: ${row.reason}.`);
  const attempt = 'attempt' in event ? event.attempt : row.attempt;
  const dispatch = 'dispatch' in event ? event.dispatch : undefined;
  if (attempt !== row.attempt) {
    return no(
      'stale-attempt',
      `Expected word of attempt ${row.attempt} of ${name(row)}, but it is of attempt ${attempt}.`,
    );
  }
  if (DISPATCHED.includes(event.type) && dispatch !== undefined && dispatch !== row.dispatch) {
    return no('stale-attempt', `Expected word of dispatch ${row.dispatch} of ${name(row)}, but it is of ${dispatch}.`);
  }
  if (event.type === 'task.polled' && event.polls !== undefined && event.polls !== row.polls) {
    return no('stale-attempt', `Expected word of poll ${row.polls} of ${name(row)}, but it is of poll ${event.polls}.`);
  }
  if (!statusesFor(event).includes(row.status)) {
    return no(
      'stale-attempt',
      `Expected attempt ${row.attempt} of ${name(row)} to be open, but it has ended: it is an incident.`,
    );
  }
  const refusal = isLeaseEvent(event) ? refusalOf(row, event) : null;
  return refusal === null ? null : no('stale-attempt', refusal);
}

/** What is handed to a worker waits; its answer may be here before the word that it was handed. */
function statusesFor({ type }: FlowEvent): readonly NodeStatus[] {
  switch (type) {
    case 'timer.fired':
    case 'task.beat':
    case 'message.received':
    case 'manual.completed':
      return ['waiting'];
    case 'each.added':
      return ['ready', 'waiting', 'incident'];
    case 'task.completed':
    case 'task.failed':
    case 'task.polled':
    case 'call.ended':
      return ['ready', 'waiting'];
    default:
      return ['ready'];
  }
}

/** The kinds of node that an event can be about; a task if nothing is said. */
const ABOUT: Partial<Record<FlowEvent['type'], readonly NodeKind[]>> = {
  'timer.fired': ['timer', 'wait', 'manual', 'guard'],
  'message.received': ['wait', 'guard'],
  'manual.completed': ['manual'],
  'call.started': ['call'],
  'call.ended': ['call'],
  'each.listed': ['task', 'call'],
  'each.added': ['task', 'call'],
  'each.gathered': ['task', 'call'],
};
const TASK: readonly NodeKind[] = ['task'];
/**
 * Events of which the dispatch tells more than the attempt: those that change none, of which it tells a second word from
 * the first, and the failure of a worker whose time is over, which may have said meanwhile that it is still at it.
 */
const DISPATCHED: readonly FlowEvent['type'][] = [
  'task.failed',
  'task.polled',
  'task.deferred',
  'task.handed',
  'each.listed',
  'each.gathered',
];

function pauseGuard({ status }: Instance, type: 'instance.paused' | 'instance.resumed'): Rejection | null {
  const isPaused = status === 'paused';
  if (isPaused === (type === 'instance.resumed')) return null;
  if (isPaused) return no('paused', 'Expected an instance that goes on, but it is paused already.');
  return no('not-paused', `Expected a paused instance, but it is ${status}.`);
}

function retryGuard(nodes: readonly NodeInstance[], only: NodeRef | null, incidents: number): Rejection | null {
  if (!only) {
    if (incidents > 0) return null;
    return no('nothing-to-retry', 'Expected an incident to retry, but the instance has none.');
  }
  const row = find(nodes, only);
  if (!row) return unknown(only);
  if (row.status === 'incident') return null;
  return no('nothing-to-retry', `Expected ${name(row)} to be an incident, but it is ${row.status}.`);
}

/** Only what must be settled, and could not be, is a person's to declare settled. */
function settleGuard(definition: Definition, row: NodeInstance | undefined, ref: NodeRef): Rejection | null {
  if (!row) return unknown(ref);
  const node = definition.nodes.get(row.node);
  const part = node?.kind === 'task' ? taskAt(node, row.visit).part : undefined;
  if (part && part.phase !== 'try' && row.status === 'incident') return null;
  const is = part ? `is to ${part.phase} and ${row.status}` : 'has no such';
  const message = `Expected a participant that could not confirm or cancel, an incident, but ${name(row)} ${is}.`;
  return no('nothing-to-settle', message);
}

function cancelGuard({ state: { ending } }: Instance): Rejection | null {
  if (!ending) return null;
  const message = `Expected an instance that goes on, but ${ending.by} has ended it: it will be ${ending.status} when its participants are settled. Look at what they wait for.`;
  return no('ending', message);
}

/** What a person says of the time of a node instance is about one that waits for it, and as it was seen. */
function waitingGuard(
  definition: Definition,
  nodes: readonly NodeInstance[],
  event: Extract<FlowEvent, { type: 'node.hastened' | 'delay.cancelled' }>,
): Rejection | null {
  const row = find(nodes, event);
  const kind = definition.nodes.get(event.node)?.kind;
  if (!row || (kind !== 'task' && kind !== 'timer')) return unknown(event);
  if (!isActive(row.status)) return finished(row);
  // A task that waits is with a remote worker, and a leased one runs: their time is an end, which is not to be moved.
  const waits = (row.status === 'ready' && row.queue !== LEASED) || (row.status === 'waiting' && kind === 'timer');
  if (!waits || row.queue === null || row.wakeAt === null || row.wakeAt <= event.at + HASTEN_MARGIN_MS) {
    return no('not-waiting', `Expected ${name(row)} to wait for its time, but it is due, or under way, or held up.`);
  }
  if (event.dispatch === null || event.dispatch === row.dispatch) return null;
  return no(
    'stale-attempt',
    `Expected dispatch ${row.dispatch} of ${name(row)}, but ${event.dispatch} was seen. Look again: it has moved since.`,
  );
}

/** The auditor read without a lock; under it, and with all active rows at hand, most suspicions end here. */
function auditGuard({ status, active }: Instance, nodes: readonly NodeInstance[]): Rejection | null {
  const counted = nodes.filter((row) => isActive(row.status)).length;
  if (counted !== active || isOver(status) !== (counted === 0)) return null;
  return no('nothing-stuck', `Expected a wrong count or nothing to do, but all ${counted} active nodes are in order.`);
}

const no = (reason: RejectionReason, message: string): Rejection => ({ reason, message });
const name = ({ node, visit }: NodeRef): string => `'${node}' (visit ${visit})`;

const find = (nodes: readonly NodeInstance[], { node, visit }: NodeRef): NodeInstance | undefined =>
  nodes.find((row) => row.node === node && row.visit === visit);

const unknown = (ref: NodeRef): Rejection =>
  no(
    'unknown-node-instance',
    `Expected the instance to have visited ${name(ref)} as this event needs it, but it has not.`,
  );

const finished = (row: NodeInstance): Rejection =>
  no('node-instance-over', `Expected ${name(row)} to be active, but it is ${row.status}. Nothing is to be done.`);
