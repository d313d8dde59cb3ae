import type { Line, TaskNode } from '../definition/definition.js';
import { outgoingOf } from '../definition/graph.js';
import { isUndo } from '../definition/work/each.js';
import { memoOf } from '../definition/work/memo.js';
import type { Exceeded } from '../routing/opinion.js';
import { asking } from '../routing/receipt.js';
import type { FlowEvent } from './event.js';
import { type Failure, type NodeInstance, nodeInstanceId, resultFlag } from './instance.js';
import { acquit } from './tries/claim.js';
import { recover } from './tries/recover.js';
import { endPart } from './tries/tcc/phases.js';
import type { Draft } from './walk/draft.js';
import type { Carried } from './walk/facts.js';
import { assign } from './walk/kinds/assign.js';
import { remember, undone } from './walk/kinds/compensate.js';
import { endItem, failItem, isEach, isItem } from './walk/kinds/each/each.js';
import { leave, named, raise, take } from './walk/leave.js';
import { finish } from './walk/race.js';

type Word<T extends FlowEvent['type']> = Extract<FlowEvent, { type: T }>;

/** Most polls of one node instance, so that a handler that never finishes is seen by someone. */
const POLL_LIMIT = 1_000;
/** Longest that the router may keep a node instance from running, so that a partner that is gone is seen by someone. */
const DEFER_LIMIT_MS = 24 * 3_600_000;

/**
 * The handler gave an output. It is stored even if no line can then be chosen, for people to look at; but not when the
 * instance has no room for it.
 */
export function complete(
  draft: Draft,
  before: NodeInstance,
  task: TaskNode,
  { output, written, degraded }: Word<'task.completed'>,
): void {
  const row = degraded
    ? { ...before, reason: degraded.reason, receipt: asking(degraded.receipt, before.receipt?.asked) }
    : before;
  const { node, visit } = row;
  if (task.part) {
    endPart(draft, row, task.part, { output });
    return;
  }
  if (isUndo(visit)) {
    undone(draft, row, output);
    return;
  }
  const unfit = task.returns?.fault(output) ?? null;
  if (unfit !== null) {
    const message = `Expected ${named(row)} to be answered with what its \`returns\` allows, but ${unfit}. Mend the handler, or what the flow expects of it.`;
    const error: Failure = { code: 'RESULT_UNFIT', message, permanent: true };
    fail(draft, row, task, { type: 'task.failed', at: draft.at, node, visit, attempt: row.attempt, error });
    return;
  }
  if (isEach(task) && isItem(row)) {
    endItem(draft, row, task, { result: output, flag: resultFlag(output) }, null);
    return;
  }
  const tooLarge = draft.measure(node, output, written?.bytes);
  if (tooLarge) {
    const { code, message } = tooLarge;
    acquit(draft, row);
    ended(draft, row, 'failed', { code, message, permanent: true }, `became the incident ${code}`);
    raise(draft, row, tooLarge, null);
    return;
  }
  const carried: Carried = { result: output, flag: resultFlag(output) };
  draft.outputs.push(written ? { node, visit, output, written } : { node, visit, output });
  leave(draft, row, task, carried, () => {
    draft.learn(node, output);
    return task.out ? assign(draft, task.out, carried) : undefined;
  });
  // Nothing was done that could be undone.
  if (task.undo && !degraded && draft.row(row)?.status === 'done') remember(draft, row, task);
}

/** The handler failed: another attempt, a line for failures, or an incident. */
export function fail(draft: Draft, row: NodeInstance, task: TaskNode, { error, memo }: Word<'task.failed'>): void {
  if (memo) draft.outputs.push({ node: row.node, visit: row.visit, output: memoOf(memo) });
  const spent = Number(draft.kept(row)['spent'] ?? 0);
  // Undoing has no lines: a failure of it is for a person.
  const boundary = isUndo(row.visit) || task.part ? [] : outgoingOf(draft.graph, row.node).boundary;
  const seed = nodeInstanceId(draft.instanceId, row.node, row.visit);
  const recovery = recover({ policy: task.retry, boundary, tries: row.attempt - spent, error, seed });
  acquit(draft, row);
  if (task.part?.phase === 'try' && recovery.type !== 'retry') {
    ended(draft, row, 'failed', error, 'cancels what was tried');
    endPart(draft, row, task.part, { error });
    return;
  }
  if (isEach(task) && isItem(row) && recovery.type !== 'retry') {
    const line = recovery.type === 'line' ? recovery.line : null;
    const how = failItem(draft, row, task, line, error);
    if (how) {
      ended(draft, row, 'failed', error, how === 'line' && line ? wentBy(line) : 'counted as failed');
      return;
    }
  }
  switch (recovery.type) {
    case 'retry': {
      const { delayMs } = recovery;
      ended(draft, row, 'failed', error, `retried in ${shownMs(delayMs)}`);
      ranAgain(draft, row);
      draft.put({ ...row, status: 'ready', attempt: row.attempt + 1, error });
      dispatch(draft, row, task, row.attempt + 1, 'retry', delayMs);
      return;
    }
    case 'line':
      ended(draft, row, 'failed', error, wentBy(recovery.line));
      goBy(draft, row, recovery.line, error);
      return;
    case 'incident': {
      ended(draft, row, 'failed', error, `became the incident ${recovery.code}`);
      const why =
        recovery.code === 'EXHAUSTED' ? `attempt ${row.attempt} failed and was the last` : 'it failed for good';
      const message = `Expected ${who(row, task)} to succeed, but ${why}: ${error.code}: ${error.message}`;
      raise(draft, row, { code: recovery.code, message }, error);
      return;
    }
  }
}

/** The work has ended without an output: `result` and the node's own name read as null, `_result` as false. */
function goBy(draft: Draft, row: NodeInstance, line: Line, error: Failure): void {
  draft.learn(row.node, null);
  finish(draft, row, error);
  take(draft, row, [line], { result: null, flag: false });
}

/** The handler wants to be asked again. */
export function poll(draft: Draft, row: NodeInstance, task: TaskNode, { delayMs }: Word<'task.polled'>): void {
  if (row.polls >= POLL_LIMIT) {
    ended(draft, row, 'polled', null, 'became the incident EXHAUSTED');
    const message = `Expected ${who(row, task)} to finish within ${POLL_LIMIT} polls, but it asks for another. Retry to go on.`;
    raise(draft, row, { code: 'EXHAUSTED', message }, null);
    return;
  }
  acquit(draft, row);
  ended(draft, row, 'polled', null, `asked again in ${shownMs(delayMs)}`);
  ranAgain(draft, row);
  draft.put({ ...row, status: 'ready', polls: row.polls + 1 });
  dispatch(draft, row, task, row.attempt, 'poll', delayMs);
}

/** The router let it not run. The same attempt is dispatched anew, and routed by what is known then. */
export function defer(
  draft: Draft,
  row: NodeInstance,
  task: TaskNode,
  { delayMs, exceeds }: Word<'task.deferred'>,
): void {
  if (delayMs !== undefined) {
    // The engine that had it is full, or as many run as may: nothing is wrong that somebody would have to see.
    draft.put(row);
    dispatch(draft, row, task, row.attempt, 'deferred', delayMs, exceeds);
    return;
  }
  const kept = draft.kept(row);
  const since = Number(kept['deferredAt'] ?? draft.at);
  if (draft.at - since >= DEFER_LIMIT_MS) {
    const message = `Expected ${who(row, task)} to be let through within 24 hours, but it still may not run: ${row.reason}. Retry to go on.`;
    raise(draft, row, { code: 'EXHAUSTED', message }, null);
    return;
  }
  if (kept['deferredAt'] === undefined) draft.keep(row, { ...kept, deferredAt: since });
  draft.put(row);
  dispatch(draft, row, task, row.attempt, 'deferred', 0);
}

/** It has run: how long it was kept from running counts anew. */
function ranAgain(draft: Draft, row: NodeInstance): void {
  const { deferredAt, ...kept } = draft.kept(row);
  if (deferredAt === undefined) return;
  draft.drop(row);
  if (Object.keys(kept).length > 0) draft.keep(row, kept);
}

/** No engine has the handler, or the one that was to ask it has not what it needs. */
export function unhandled(
  draft: Draft,
  row: NodeInstance,
  task: TaskNode,
  { handler, secrets }: Word<'task.unhandled'>,
): void {
  if (secrets) {
    const [first, ...others] = secrets;
    const names = `'${first}'${others.map((name) => ` and '${name}'`).join('')}`;
    const text = `Expected the engine that runs ${who(row, task)} to have the secret ${names} of at least 4 characters, but it has none. Give it to every engine that has the handler; it goes on by itself then.`;
    raise(draft, row, { code: 'NO_SECRET', message: text }, null);
    return;
  }
  const message = task.remote
    ? `Expected a broker that reaches the remote workers of '${handler}', but this engine runs embedded and has none. Run it on servers (SLUICE_DATABASE_URL and SLUICE_BROKER_URL), or give it a handler of that name; ${who(row, task)} then goes on.`
    : `Expected an engine that has the handler '${handler}', but none that is up has it. Start one; ${who(row, task)} then goes on.`;
  raise(draft, row, { code: 'NO_HANDLER', message }, null);
}

/** A round of attempts begins anew; attempts are counted on, so that late words of old ones are still told apart. */
export function dispatchAgain(draft: Draft, row: NodeInstance, task: TaskNode): void {
  // Whose undoing it is stays known.
  const { for: whose } = draft.kept(row);
  draft.keep(row, { spent: row.attempt, ...(whose !== undefined && { for: whose }) });
  draft.put({ ...row, status: 'ready', attempt: row.attempt + 1, polls: 0 });
  dispatch(draft, row, task, row.attempt + 1, 'operator', 0);
}

/** Once more without delay, for no fault of the handler's. */
export const dispatchOnce = (draft: Draft, row: NodeInstance, task: TaskNode, attempt: number): void =>
  dispatch(draft, row, task, attempt, 'deferred', 0);

function dispatch(
  draft: Draft,
  { node, visit }: NodeInstance,
  { handler }: TaskNode,
  attempt: number,
  cause: 'retry' | 'poll' | 'operator' | 'deferred',
  delayMs: number,
  exceeds?: Exceeded,
): void {
  const why = exceeds && { exceeds };
  draft.effects.push({ type: 'dispatch', node, visit, kind: 'task', handler, attempt, cause, delayMs, ...why });
}

function ended(
  draft: Draft,
  row: NodeInstance,
  how: 'failed' | 'polled',
  error: Failure | null,
  decision: string,
): void {
  const { node, visit, attempt } = row;
  draft.effects.push({ type: 'attempt.ended', node, visit, attempt, how, error, decision });
}

const shownMs = (ms: number): string => (ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`);
const wentBy = (line: Line): string => `went to ${shownTargets(line)} by ${shownWhen(line)}`;
const shownTargets = ({ to }: Line): string => to.map((node) => `'${node}'`).join(' and ');
const shownWhen = ({ when }: Line): string => (when.type === 'error' ? `on error ${when.pattern}` : `on ${when.type}`);

/** How a node instance of a task is named in messages. */
const who = (row: NodeInstance, { part }: TaskNode): string =>
  part ? `'${part.name}' of '${row.node}' (${part.phase})` : named(row);
