import type { FlowNode, NodeKind, TaskNode } from '../../definition/definition.js';
import { itemVisit } from '../../definition/work/each.js';
import type { Dimension } from '../../routing/subject.js';
import type { NodeInstance } from '../instance.js';
import { beginTcc } from '../tries/tcc/phases.js';
import { isTcc } from '../tries/tcc/progress.js';
import { dimensionOf, noted } from './choosing/ask-circuit.js';
import type { Draft } from './draft.js';
import type { Carried } from './facts.js';
import { assign, mergeBranches } from './kinds/assign.js';
import { beginCall } from './kinds/call.js';
import { cancelRest } from './kinds/cancel.js';
import { beginCompensate } from './kinds/compensate.js';
import { openEach } from './kinds/each/each.js';
import { holdBack, standsBefore } from './kinds/gate.js';
import { beginGuard, openGuards } from './kinds/guard.js';
import { beginManual } from './kinds/manual.js';
import { enterSplit } from './kinds/split.js';
import { delayOf, waitOf } from './kinds/timer.js';
import { beginWait } from './kinds/wait.js';
import { keepCarried, leave, raise } from './leave.js';
import { isProblem, Problem } from './problem.js';
import { joinRace } from './race.js';
import { stopInstance } from './settle.js';
import { type Entry, ownCopy, visitTo } from './world.js';

/** Most nodes entered in one transition: an endless cycle of gateways must not hold the lock of its instance. */
const STEP_BOUND = 5_000;

/** Makes the next visit to a node, and does what entering it does. */
export function enter(draft: Draft, entry: Entry, step: number): void {
  const { node: id, carried } = entry;
  const node = draft.node(id);
  if (entry.item) {
    enterItem(draft, entry, entry.item, node);
    return;
  }
  const row = draft.newVisit(entry);
  if (entry.race) joinRace(draft, row, entry.race);
  if (draft.graph.losing.has(id)) cancelRest(draft, row);
  const bound =
    step > STEP_BOUND ? `${STEP_BOUND} nodes in one step` : row.visit > node.visits ? `${node.visits} visits` : null;
  if (bound === null) {
    if (standsBefore(draft, entry)) holdBack(draft, row, node, carried);
    else begin(draft, row, node, carried);
    return;
  }
  const message = `Expected at most ${bound}, but '${id}' is entered once more. Check the condition of its loop, or retry to go on.`;
  raise(draft, { ...row, attempt: 0 }, new Problem('TOO_MANY_VISITS', message), null);
  keepCarried(draft, row, carried);
}

/** Does what entering does, for a new node instance or one whose entering failed before. */
export function begin(draft: Draft, row: NodeInstance, node: FlowNode, carried: Carried | null): void {
  const merge = 'merge' in node ? node.merge : undefined;
  const unmerged = merge && draft.wholly(() => mergeBranches(draft, row, merge));
  if (isProblem(unmerged)) {
    raise(draft, { ...row, attempt: 0 }, unmerged, null);
    return;
  }
  const entering = ENTERING[node.kind] as Entering<NodeKind>;
  const entered = ownCopy(row);
  entered.attempt = 1;
  entered.error = null;
  entering(draft, entered, node, carried);
  if (draft.graph.guards.has(node.id) && draft.row(row)?.status !== 'incident') openGuards(draft, row, carried);
}

/** Begins one item of a node. It is a node instance of its own, with attempts and an idempotency key of its own. */
function enterItem(draft: Draft, { cause }: Entry, { of, item, partner }: EntryItem, node: FlowNode): void {
  const row = visitTo({ node: node.id, visit: itemVisit(of, item) }, [], cause && (draft.root ?? cause), draft.at);
  if (node.kind === 'call') beginCall(draft, row);
  if (node.kind !== 'task') return;
  const { circuit } = node;
  if (!circuit) beginTask(draft, row, node, {});
  else if (partner === undefined) beginTask(draft, row, node, { dimension: dimensionOf(draft, circuit, null) });
  else beginTask(draft, row, node, { dimension: partner === null ? null : { name: circuit.name, value: partner } });
}

function beginTask(
  draft: Draft,
  row: NodeInstance,
  { handler }: TaskNode,
  dimension: { readonly dimension?: Dimension | null },
  delayMs = 0,
): void {
  const { node, visit, attempt } = row;
  const cause = delayMs > 0 ? 'delayed' : 'entered';
  const first = { kind: 'task', handler, attempt, cause, delayMs, ...dimension } as const;
  const ready = ownCopy(row);
  ready.status = 'ready';
  draft.put(ready);
  draft.effects.push({ type: 'dispatch', node, visit, ...first });
}

type EntryItem = NonNullable<Entry['item']>;

type Entering<K extends NodeKind> = (
  draft: Draft,
  row: NodeInstance,
  node: Extract<FlowNode, { kind: K }>,
  carried: Carried | null,
) => void;

/** What entering a node does, by its kind. */
const ENTERING: { readonly [K in NodeKind]: Entering<K> } = {
  start: leave,
  gateway(draft, row, node, carried) {
    if (node.split) enterSplit(draft, row, node, node.split, carried);
    else leave(draft, row, node, carried);
  },
  join: leave,

  set: (draft, row, node, carried) => leave(draft, row, node, carried, () => assign(draft, node.set, carried)),

  task(draft, row, task, carried) {
    const { circuit } = task;
    if (isTcc(task)) {
      beginTcc(draft, row, task);
      return;
    }
    if (task.each) {
      openEach(draft, row);
      return;
    }
    const delayMs = task.delay ? delayOf(draft, row.node, task.delay, carried) : 0;
    if (isProblem(delayMs)) {
      raise(draft, { ...noted(draft, row), attempt: 0 }, delayMs, null);
      keepCarried(draft, row, carried);
      return;
    }
    beginTask(
      draft,
      noted(draft, row),
      task,
      circuit ? { dimension: dimensionOf(draft, circuit, carried) } : {},
      delayMs,
    );
  },

  timer(draft, row, timer, carried) {
    const { node, visit, attempt } = row;
    const delayMs = waitOf(draft, timer, carried);
    if (isProblem(delayMs)) {
      raise(draft, { ...row, attempt: 0 }, delayMs, null);
      keepCarried(draft, row, carried);
      return;
    }
    draft.put({ ...row, status: 'waiting' });
    draft.effects.push({
      type: 'dispatch',
      node,
      visit,
      kind: 'timer',
      handler: null,
      attempt,
      cause: 'timer',
      delayMs,
    });
  },

  wait: beginWait,

  manual: beginManual,

  call(draft, row, call) {
    if (call.each) openEach(draft, row);
    else beginCall(draft, row);
  },

  compensate: beginCompensate,

  guard: beginGuard,

  end(draft, row, { mode, outcome }) {
    draft.close(row, 'done', null);
    draft.outcome = outcome;
    if (mode !== 'finish') stopInstance(draft, mode === 'fail' ? 'failed' : 'completed', `the end '${row.node}'`);
  },
};
