import type { Line } from '../../../../definition/definition.js';
import { type EachRule, itemOf, visitOf } from '../../../../definition/work/each.js';
import type { Json, JsonObject } from '../../../../json.js';
import type { FlowEvent, ItemResult } from '../../../event.js';
import { type Failure, isActive, type NodeInstance } from '../../../instance.js';
import type { Draft } from '../../draft.js';
import type { Carried } from '../../facts.js';
import { leave, raise, take } from '../../leave.js';
import { isProblem, type Problem } from '../../problem.js';
import { cancelRow, finish, itemsUnder } from '../../race.js';
import { assign } from '../assign.js';
import { remember } from '../compensate.js';
import { openMore } from '../guard.js';
import { type EachNode, keepItems, withItems } from './list.js';
import { areOver, closedBy, isEnough, isOpen, keep, noneYet, type Progress, progressOf } from './progress.js';

type Word<T extends FlowEvent['type']> = Extract<FlowEvent, { type: T }>;
export const isEach = (node: { readonly each?: EachRule | undefined }): node is EachNode => node.each !== undefined;
/** Whether a node instance is one item of its node. */
export const isItem = ({ visit }: { readonly visit: number }): boolean => itemOf(visit) !== null;

/** A message is sent for the node itself first: whoever gets it reads the list. */
export function openEach(draft: Draft, row: NodeInstance): void {
  send(draft, { ...row, status: 'ready' }, 'entered');
}

function send(draft: Draft, row: NodeInstance, cause: 'entered' | 'operator'): void {
  const { node, visit, attempt } = row;
  draft.put(row);
  draft.effects.push({ type: 'dispatch', node, visit, kind: 'task', handler: null, attempt, cause, delayMs: 0 });
}

/** The list is there. It is kept with the node as it is now, and its items begin. */
export function listed(draft: Draft, row: NodeInstance, node: EachNode, { list, error }: Word<'each.listed'>): void {
  if (error) {
    raise(draft, row, { code: error.code as Problem['code'], message: error.message }, null);
    return;
  }
  const all = withItems(draft, node, noneYet(node.each), list);
  const progress = isProblem(all) ? all : closedBy(draft, node.each, all, null);
  if (isProblem(progress)) {
    raise(draft, row, progress, null);
    return;
  }
  const waiting: NodeInstance = { ...row, status: 'waiting', queue: null, wakeAt: null };
  draft.put(waiting);
  keepItems(draft, row, 0, list);
  keep(draft, row, progress);
  if (areOver(node.each, progress)) close(draft, waiting, node, { ...progress, ended: 'all' });
  else if (isOpen(progress)) openMore(draft, row);
}

/** Lets as many items begin as may be under way. What is an incident is not under way, and holds up no other. */
export function beginItems(draft: Draft): void {
  for (const row of draft.activeRows()) {
    const node = draft.node(row.node);
    const progress = progressOf(draft, row);
    if (!('each' in node) || !isEach(node) || !progress || progress.ended) continue;
    const running = itemsUnder(draft, row).filter(({ status }) => status !== 'incident').length;
    const free = Math.min(node.each.parallel - running, progress.total - progress.next);
    if (free <= 0) continue;
    const cause = { node: row.node, visit: row.visit };
    for (let item = progress.next; item < progress.next + free; item++) {
      const partner = progress.by ? { partner: progress.by[item - progress.next] ?? null } : {};
      draft.entries.push({ node: row.node, via: [], cause, carried: null, item: { of: row.visit, item, ...partner } });
    }
    const { by } = progress;
    keep(draft, row, { ...progress, next: progress.next + free, ...(by && { by: by.slice(free) }) });
  }
}

/** An item has given something, or nothing will come of it. When it was the last one that counts, the node goes on. */
export function endItem(
  draft: Draft,
  row: NodeInstance,
  node: EachNode,
  carried: Carried | null,
  error: Failure | null,
): void {
  if (carried) draft.outputs.push({ node: row.node, visit: row.visit, output: carried.result });
  draft.close(row, 'done', error);
  if (carried && !row.receipt?.degraded) remember(draft, row, node);
  const whole = wholeOf(draft, row);
  const before = whole && progressOf(draft, whole);
  if (!whole || !before) return;
  const more = carried
    ? { done: before.done + 1, yes: before.yes + Number(carried.flag) }
    : { failed: before.failed + 1 };
  judge(draft, whole, node, { ...before, ...more }, carried ?? { result: null, flag: false });
}

/** Whether a node that waits for items is to go on, after its counts have changed. `carried` is what an item gave. */
export function judge(
  draft: Draft,
  whole: NodeInstance,
  node: EachNode,
  counted: Progress,
  carried: Carried | null,
): void {
  const progress = closedBy(draft, node.each, counted, null);
  keep(draft, whole, isProblem(progress) ? counted : progress);
  if (whole.status === 'incident') return;
  const enough = isProblem(progress) ? progress : isEnough(draft, node.each, progress, carried);
  if (isProblem(progress) || isProblem(enough)) raise(draft, whole, enough as Problem, null);
  else if (enough) close(draft, whole, node, { ...progress, ended: 'enough' });
  else if (areOver(node.each, progress)) close(draft, whole, node, { ...progress, ended: 'all' });
}

/**
 * An item has failed for good: it counts as failed, or the node goes by the line for it. `null`: neither, so that it is
 * to be an incident.
 */
export function failItem(
  draft: Draft,
  row: NodeInstance,
  node: EachNode,
  line: Line | null,
  error: Failure,
): 'counted' | 'line' | null {
  const whole = wholeOf(draft, row);
  if (!whole || node.each.onError === 'continue') {
    endItem(draft, row, node, null, error);
    return 'counted';
  }
  if (!line) return null;
  draft.close(row, 'done', error);
  for (const other of itemsUnder(draft, whole)) cancelRow(draft, other, `'${row.node}', of which one item failed`);
  if (whole.status === 'incident') {
    const { node: id, visit } = whole;
    draft.effects.push({ type: 'incident.resolved', node: id, visit, by: `'${id}', of which one item failed` });
  }
  draft.learn(row.node, null);
  finish(draft, whole, error);
  take(draft, whole, [line], { result: null, flag: false });
  return 'line';
}

/** What the items gave is there: it is the output of the node. */
export function gathered(draft: Draft, row: NodeInstance, node: EachNode, { items }: Word<'each.gathered'>): void {
  if (items) conclude(draft, row, node, items);
  else {
    const message = `Expected what the items of '${row.node}' gave to fit into the context together, but it does not. Say \`collect: false\` to keep counts alone, or let the handler answer with less.`;
    raise(draft, row, { code: 'CONTEXT_TOO_LARGE', message }, null);
  }
}

/** Another chance for the node itself: its list is read again, or what its items gave, or it goes on waiting for them. */
export function reopenEach(draft: Draft, row: NodeInstance, node: EachNode): void {
  const again = { ...row, attempt: row.attempt + 1, error: null };
  const progress = progressOf(draft, row);
  if (!progress) send(draft, { ...again, status: 'ready', polls: 0 }, 'operator');
  else if (progress.ended || areOver(node.each, progress)) close(draft, again, node, { ended: 'all', ...progress });
  else draft.put({ ...again, status: 'waiting' });
}

function close(draft: Draft, row: NodeInstance, { each, ...node }: EachNode, progress: Progress): void {
  keep(draft, row, progress);
  for (const item of itemsUnder(draft, row)) {
    if (each.rest === 'cancel' || item.status === 'incident') cancelRow(draft, item, `'${row.node}', which has enough`);
  }
  // Whoever takes the message tells by the count that the list has been read.
  if (each.collect) send(draft, { ...row, status: 'ready', polls: 1 }, 'entered');
  else conclude(draft, row, { ...node, each } as EachNode, []);
}

function conclude(draft: Draft, row: NodeInstance, node: EachNode, items: readonly ItemResult[]): void {
  const progress = progressOf(draft, row);
  if (!progress) return;
  const result = outputOf(node.each, progress, items);
  const tooLarge = draft.measure(node.id, result);
  if (tooLarge) {
    raise(draft, row, tooLarge, null);
    return;
  }
  const carried: Carried = { result, flag: result['_result'] === true };
  draft.outputs.push({ node: row.node, visit: row.visit, output: result });
  leave(draft, row, node, carried, () => {
    draft.learn(node.id, result);
    return node.out ? assign(draft, node.out, carried) : undefined;
  });
}

function outputOf({ until, collect }: EachRule, progress: Progress, items: readonly ItemResult[]): JsonObject {
  const { total, done, yes, failed, ended } = progress;
  const counts = { _result: until === null || ended === 'enough', total, done, yes, failed };
  if (!collect) return counts;
  const results: Json[] = Array.from({ length: total }, () => null);
  for (const { item, output, error } of items) if (!error) results[item] = output;
  const errors = items.flatMap(({ item, error }) =>
    error ? [{ item, code: error.code, message: error.message }] : [],
  );
  return { ...counts, results, errors };
}

/** The node that an item belongs to, while it waits for items; `null` when it has gone on without them. */
function wholeOf(draft: Draft, { node, visit }: NodeInstance): NodeInstance | null {
  const row = draft.row({ node, visit: visitOf(visit) });
  return row && isActive(row.status) && progressOf(draft, row)?.ended === undefined ? row : null;
}
