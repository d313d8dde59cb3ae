import type { CallNode, Definition, FlowNode, TaskNode } from '../definition/definition.js';
import { graphOf } from '../definition/graph.js';
import { taskAt } from '../definition/handlers.js';
import type { ManualNode } from '../definition/nodes/waiting-nodes.js';
import { initialVars } from '../definition/starting/variables.js';
import { err, ok, type Result } from '../result.js';
import { complete, defer, fail, poll, unhandled } from './attempt.js';
import type { FlowEvent, NodeRef, Rejection } from './event.js';
import { guard } from './guard.js';
import type { Caller, Instance, NodeInstance } from './instance.js';
import { setRight } from './overhaul/audit.js';
import { pause, resume } from './pause.js';
import { retry } from './retry.js';
import type { Transition } from './transition.js';
import { claim } from './tries/claim.js';
import { lease } from './tries/lease.js';
import { beat, hand } from './tries/remote.js';
import { settleByHand } from './tries/tcc/phases.js';
import { cancelDelay } from './waiting/cancel-delay.js';
import { hasten } from './waiting/hasten.js';
import { Draft } from './walk/draft.js';
import { begin, enter } from './walk/enter.js';
import { releaseTaken } from './walk/join.js';
import { called, returned } from './walk/kinds/call.js';
import { beginItems, gathered, listed } from './walk/kinds/each/each.js';
import type { EachNode } from './walk/kinds/each/list.js';
import { addMore, hearMore } from './walk/kinds/each/more.js';
import { openGates } from './walk/kinds/gate.js';
import { alarm, dropGuards, strikeOfTime } from './walk/kinds/guard.js';
import { complete as completeManual } from './walk/kinds/manual.js';
import { receive, runOut } from './walk/kinds/wait.js';
import { leave } from './walk/leave.js';
import { cancelInstance, settle } from './walk/settle.js';
import type { World } from './walk/world.js';

export type { World } from './walk/world.js';

/** An instance before its `started` event. */
export function newInstance(
  of: Pick<Instance, 'id' | 'flow' | 'version' | 'key'> & { readonly at: number; readonly caller?: Caller | undefined },
): Instance {
  const { id, flow, version, key, at } = of;
  const state = { arrivals: {}, absorbing: {}, visits: {}, facts: {}, ...(of.caller && { caller: of.caller }) };
  const counts = { seq: 0, active: 0, incidents: 0 };
  return { id, flow, version, key, status: 'running', ...counts, outcome: null, state, startedAt: at, endedAt: null };
}

/**
 * Decides what one event does to one instance.
 *
 * No clock, no dice, no I/O: the same arguments always give the same answer, and nothing of them is changed. The shell
 * stores all of the transition in one transaction, and only then lets anyone outside see it. What does not apply (a
 * duplicate, word of an attempt that is over) is a rejection, never an error.
 */
export function advance(definition: Definition, world: World, event: FlowEvent): Result<Transition, Rejection> {
  const rejection = guard(definition, world, event);
  if (rejection) return err(rejection);
  const circuits = graphOf(definition).reads.has('circuit') ? { snapshot: world.snapshot, asked: [] } : null;
  const draft = new Draft(definition, world.instance, world.nodes, event.at, circuits);
  draft.root = rootOf(draft, event);
  const refusal = apply(draft, event);
  if (refusal) return err(refusal);
  runOn(draft);
  settle(draft);
  return ok(draft.transition());
}

/** Whose word the event is; `null` when it is about the whole instance. */
function rootOf(draft: Draft, event: FlowEvent): NodeRef | null {
  if (event.type === 'started') return { node: draft.graph.start, visit: 1 };
  if ('node' in event) return { node: event.node, visit: event.visit };
  return event.type === 'incident.retried' ? event.only : null;
}

function apply(draft: Draft, event: FlowEvent): Rejection | null {
  switch (event.type) {
    case 'started':
      draft.learn('input', event.input);
      // Whoever accepted the start has seen that there is room.
      draft.measure('input', event.input);
      if (draft.definition.vars) writeInitial(draft);
      draft.entries.push({ node: draft.graph.start, via: [], cause: null, carried: null });
      return null;
    case 'task.completed':
      complete(draft, rowOf(draft, event), taskOf(draft, event), event);
      return null;
    case 'task.failed':
      fail(draft, rowOf(draft, event), taskOf(draft, event), event);
      return null;
    case 'task.polled':
      poll(draft, rowOf(draft, event), taskOf(draft, event), event);
      return null;
    case 'task.deferred':
      defer(draft, rowOf(draft, event), taskOf(draft, event), event);
      return null;
    case 'task.unhandled':
      unhandled(draft, rowOf(draft, event), taskOf(draft, event), event);
      return null;
    case 'task.claimed':
      claim(draft, rowOf(draft, event), event);
      return null;
    case 'node.hastened':
      hasten(draft, rowOf(draft, event), event);
      return null;
    case 'delay.cancelled':
      cancelDelay(draft, rowOf(draft, event), event);
      return null;
    case 'task.handed':
      hand(draft, rowOf(draft, event), taskOf(draft, event));
      return null;
    case 'task.beat':
      beat(draft, rowOf(draft, event), taskOf(draft, event));
      return null;
    case 'lease.taken':
    case 'lease.renewed':
    case 'lease.returned':
    case 'lease.expired':
      lease(draft, rowOf(draft, event), taskOf(draft, event), event);
      return null;
    case 'timer.fired':
      fire(draft, rowOf(draft, event), draft.node(event.node));
      return null;
    case 'message.received':
      hear(draft, rowOf(draft, event), event);
      return null;
    case 'part.settled':
      settleByHand(draft, rowOf(draft, event), taskOf(draft, event), event);
      return null;
    case 'manual.completed':
      completeManual(draft, rowOf(draft, event), draft.node(event.node) as ManualNode, event);
      return null;
    case 'call.started':
      called(draft, rowOf(draft, event), draft.node(event.node) as CallNode, event);
      return null;
    case 'call.ended':
      returned(draft, rowOf(draft, event), draft.node(event.node) as CallNode, event);
      return null;
    case 'each.listed':
      listed(draft, rowOf(draft, event), draft.node(event.node) as EachNode, event);
      return null;
    case 'each.gathered':
      gathered(draft, rowOf(draft, event), draft.node(event.node) as EachNode, event);
      return null;
    case 'each.added':
      return addMore(draft, rowOf(draft, event), event);
    case 'instance.paused':
      pause(draft);
      return null;
    case 'instance.resumed':
      resume(draft);
      return null;
    case 'incident.retried':
      return retry(draft, event);
    case 'instance.cancelled':
      cancelInstance(draft, event.by);
      return null;
    case 'instance.audited':
      setRight(draft, event);
      return null;
  }
}

/** What the flow declares with a value is there before anything runs. There is room: a file is no larger than a context. */
function writeInitial(draft: Draft): void {
  for (const [name, value] of Object.entries(initialVars(draft.definition))) {
    draft.measure(`vars.${name}`, value);
    draft.write(name, value);
  }
}

/** Time is up: that is what a timer waits for, and what ends a wait for a message or a person. */
function fire(draft: Draft, row: NodeInstance, node: FlowNode): void {
  if (node.kind === 'wait' || node.kind === 'manual') runOut(draft, row, node);
  else if (node.kind === 'guard') strikeOfTime(draft, row, node);
  else leave(draft, row, node, null);
}

/** A message is for a wait, or for what watches at the border of a node. */
function hear(draft: Draft, row: NodeInstance, { message, payload }: Extract<FlowEvent, { type: 'message.received' }>) {
  const node = draft.node(row.node);
  if (node.kind === 'wait') receive(draft, row, node, message, payload);
  else if (node.kind === 'guard' && node.line === null) hearMore(draft, row, node, message, payload);
  else if (node.kind === 'guard') alarm(draft, row, node, message, payload);
}

/** Enters what is to be entered, in order, until only messages and time can bring the instance on. */
function runOn(draft: Draft): void {
  let steps = 0;
  if (draft.graph.hasEach) beginItems(draft);
  do {
    for (let entry = draft.next(); entry; entry = draft.next()) enter(draft, entry, ++steps);
    dropGuards(draft);
  } while (!draft.over && !draft.ending && (releaseTaken(draft) || openGates(draft, begin)));
}

/** The guard has seen that both are there. */
const rowOf = (draft: Draft, ref: NodeRef): NodeInstance => draft.row(ref) as NodeInstance;
const taskOf = (draft: Draft, ref: NodeRef): TaskNode => taskAt(draft.node(ref.node) as TaskNode, ref.visit);
