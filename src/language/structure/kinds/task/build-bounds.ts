import type { TaskNode } from '../../../../core/definition/definition.js';
import type { CircuitRule } from '../../../../core/definition/work/bound.js';
import type { Report } from '../../../report/report.js';
import { entryOf, type MapTree, plain } from '../../../yaml/tree.js';
import { milliseconds } from '../task-defaults.js';

type Written = { readonly max: number; readonly per?: string };

/**
 * `limit` and `rate` of a task.
 * @param by what stands under `by` of a key.
 */
export function buildBounds(
  tree: MapTree,
  by: (key: string) => CircuitRule | null,
  report: Report,
): Pick<TaskNode, 'limit' | 'rate'> | null {
  const bounds: { -readonly [key in 'limit' | 'rate']?: NonNullable<TaskNode[key]> } = {};
  const remote = entryOf(tree, 'remote')?.value;
  for (const key of ['limit', 'rate'] as const) {
    const entry = entryOf(tree, key);
    if (!entry) continue;
    // Their answers may come to any engine, so whoever handed a task over does not hear when its place is free.
    if (key === 'limit' && remote && plain(remote) === true) {
      const message = 'Expected no `limit` beside `remote: true`, but there is one.';
      const hint = 'What workers outside run at once is their prefetch; `rate` bounds how many are handed to them.';
      report.add('MODIFIER_NOT_HERE', entry.keyAt, message, hint);
      return null;
    }
    const { max, per } = plain(entry.value) as Written;
    bounds[key] = { max, perMs: per === undefined ? null : milliseconds(per), by: by(key) };
  }
  return bounds;
}
