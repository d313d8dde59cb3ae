import type { GuardNode } from '../../../../definition/control/border.js';
import type { Json } from '../../../../json.js';
import type { FlowEvent, Rejection } from '../../../event.js';
import { type NodeInstance, resultFlag } from '../../../instance.js';
import type { Draft } from '../../draft.js';
import type { Carried } from '../../facts.js';
import { named, raise } from '../../leave.js';
import { isProblem, type Problem } from '../../problem.js';
import { hostOf, openAgain, openingOf } from '../guard.js';
import { isEach, judge } from './each.js';
import { type EachNode, keepItems, withItems } from './list.js';
import { closed, closedBy, isOpen, type Progress, progressOf } from './progress.js';

/** Wishes of people that are known again: each is offered again at once, or never. */
const MOST_WORDS = 8;

type Added = Extract<FlowEvent, { type: 'each.added' }>;

/**
 * A message has come that brings items. It is used up, and stored with whoever waited for it. What cannot be read out of it
 * is an incident, which adds nothing; a retry waits for the next one.
 */
export function hearMore(draft: Draft, row: NodeInstance, guard: GuardNode, message: string, payload: Json): void {
  const host = hostOf(draft, row, guard);
  draft.effects.push({ type: 'message.taken', message });
  draft.outputs.push({ node: row.node, visit: row.visit, output: payload });
  // The guard has seen that it is active, and then so is its host, which has its first items.
  if (!host) return draft.close(row, 'done', null);
  const node = draft.node(host.node) as EachNode;
  const before = progressOf(draft, host) as Progress;
  const carried: Carried = { result: payload, flag: resultFlag(payload) };
  const items = itemsIn(draft, node, carried);
  const all = isProblem(items) ? items : withItems(draft, node, before, items, node.each.more?.items?.text);
  const progress = isProblem(all) ? all : closedBy(draft, node.each, all, carried);
  if (isProblem(progress) || isProblem(items)) {
    raise(draft, { ...row, attempt: 0 }, progress as Problem, null);
    return;
  }
  const opening = openingOf(draft, row);
  draft.close(row, 'done', null);
  keepItems(draft, host, before.total, items);
  judge(draft, host, node, progress, null);
  const after = progressOf(draft, host);
  if (after && isOpen(after)) openAgain(draft, guard, host, opening);
}

function itemsIn(draft: Draft, { each: { more } }: EachNode, carried: Carried): Json | Problem {
  if (!more?.items) return [carried.result];
  const { items } = more;
  return draft.evaluate(carried, (scope) => items.value(scope));
}

/** A person adds items, or says that there are all; `null` when it did, else why not. */
export function addMore(draft: Draft, row: NodeInstance, { items, closes, seen, word }: Added): Rejection | null {
  const node = draft.node(row.node);
  const before = progressOf(draft, row);
  if (word !== undefined && before?.words?.includes(word)) return null;
  if (!('each' in node) || !isEach(node) || !node.each.more || !before || !isOpen(before)) {
    const why =
      !('each' in node) || !node.each?.more
        ? 'it has no `more`'
        : before
          ? 'it takes no more'
          : 'its list has not been read yet';
    return { reason: 'not-waiting', message: `Expected ${named(row)} to take more items, but ${why}.` };
  }
  if (seen !== null && seen !== before.total) {
    const message = `Expected ${named(row)} to have ${seen} items, as whoever adds has seen, but it has ${before.total}. Look again: some were added since.`;
    return { reason: 'stale-attempt', message };
  }
  const all = withItems(draft, node, before, items);
  const progress = isProblem(all) || !closes ? all : closed(all);
  if (isProblem(progress)) return { reason: 'not-waiting', message: progress.message };
  keepItems(draft, row, before.total, items);
  const words = word !== undefined && { words: [...(before.words ?? []), word].slice(-MOST_WORDS) };
  judge(draft, row, node, { ...progress, ...words }, null);
  return null;
}
