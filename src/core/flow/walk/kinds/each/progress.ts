import type { EachRule } from '../../../../definition/work/each.js';
import type { JsonObject } from '../../../../json.js';
import type { NodeRef } from '../../../event.js';
import type { NodeInstance } from '../../../instance.js';
import type { Draft } from '../../draft.js';
import type { Carried } from '../../facts.js';
import { isProblem, type Problem } from '../../problem.js';

/** How far a node with `each` has come; kept with it until it is over. */
export interface Progress {
  readonly total: number;
  /** The item that begins next. */
  readonly next: number;
  readonly done: number;
  /** Of those that are done, how many did not say no. */
  readonly yes: number;
  readonly failed: number;
  /** Of the items that have not begun, whose health counts, where the items tell. */
  readonly by?: readonly (string | null)[];
  /** The last wishes of people that were taken. */
  readonly words?: readonly string[];
  /** More items may still come. */
  readonly open?: true;
  /** No item is waited for any more, because of `until` or because all are over. */
  readonly ended?: 'enough' | 'all';
}

export const noneYet = ({ more }: EachRule): Progress => {
  return { total: 0, next: 0, done: 0, yes: 0, failed: 0, ...(more && { open: true }) };
};

/** `null`: its list is not there yet, or the node instance is over. */
export function progressOf(draft: Draft, row: NodeRef): Progress | null {
  const { each } = draft.kept(row);
  return each === undefined ? null : (each as unknown as Progress);
}

export const keep = (draft: Draft, row: NodeInstance, progress: Progress): void =>
  draft.keep(row, { ...draft.kept(row), each: progress as unknown as JsonObject });

/** Whether items may still be added. */
export const isOpen = ({ open, ended }: Progress): boolean => open === true && ended === undefined;

export function closed({ open: _, ...progress }: Progress): Progress {
  return progress;
}

/** Whether nothing more is to come of it. Without a `last` it is over with the items that it has. */
export const areOver = (each: EachRule, progress: Progress): boolean =>
  progress.done + progress.failed === progress.total && (!each.more?.last || !isOpen(progress));

/**
 * Whether there is enough, by what has just come of an item. `null`: no item has ended, but there are more, or there
 * will be none; a condition on what an item gave is not asked then.
 */
export function isEnough(draft: Draft, each: EachRule, progress: Progress, carried: Carried | null): boolean | Problem {
  const { until } = each;
  if (until === null) return false;
  if ('count' in until) return progress.done >= until.count;
  if (!carried && readsResult(until.when)) return false;
  return draft.evaluate(carried, (scope) => until.when.test(withCounts(scope, progress)));
}

/** The progress, closed if no more items are to come after this. `null`: no message has come, but counts have changed. */
export function closedBy(
  draft: Draft,
  each: EachRule,
  progress: Progress,
  carried: Carried | null,
): Progress | Problem {
  const last = each.more?.last;
  if (!last || !isOpen(progress) || (!carried && readsResult(last))) return progress;
  const isLast = draft.evaluate(carried, (scope) => last.test(withCounts(scope, progress)));
  if (isProblem(isLast)) return isLast;
  return isLast ? closed(progress) : progress;
}

function withCounts<S extends object>(scope: S, progress: Progress): S {
  const { total, done, yes, failed } = progress;
  const each = { total, done, yes, no: done - yes, failed, left: total - done - failed, closed: !isOpen(progress) };
  return Object.assign(Object.create(null), scope, { each }) as S;
}

const readsResult = ({ reads }: { readonly reads: readonly (readonly string[])[] }): boolean =>
  reads.some(([root]) => root === 'result' || root === '_result');
