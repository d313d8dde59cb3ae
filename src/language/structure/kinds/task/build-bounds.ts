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
    if (remote && plain(remote) === true) {
      const message = `Expected no \`${key}\` beside \`remote: true\`, but there is one.`;
      report.add('MODIFIER_NOT_HERE', entry.keyAt, message, 'What workers outside run at once is their prefetch.');
      return null;
    }
    const { max, per } = plain(entry.value) as Written;
    bounds[key] = { max, perMs: per === undefined ? null : milliseconds(per), by: by(key) };
  }
  return bounds;
}
