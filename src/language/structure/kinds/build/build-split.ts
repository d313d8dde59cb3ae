import type { SplitRule } from '../../../../core/definition/work/split.js';
import type { Expression } from '../../../../core/expression.js';
import type { Report } from '../../../report/report.js';
import { entryOf, type MapTree, plain, type Tree } from '../../../yaml/tree.js';

/** The rule of a split; `null` when something in it is faulty. */
export function buildSplit(id: string, tree: MapTree, by: Expression | null, report: Report): SplitRule | null {
  const written = entryOf(tree, 'split');
  const get = (key: string): unknown => {
    const value: Tree | undefined = entryOf(tree, key)?.value;
    return value && plain(value);
  };
  const weights = (get('split') ?? {}) as Record<string, number>;
  const arms = Object.entries(weights).map(([name, weight]) => ({ name, weight }));
  const force = entryOf(tree, 'force')?.value;
  const forced = force?.type === 'map' ? force.entries : [];
  let sound = by !== null;
  if (!entryOf(tree, 'by') && written) {
    report.add('MISSING_KEY', written.keyAt, 'Expected the key `by`, but it is missing.', 'For example by: input.uid.');
  }
  if (arms.length === 0 && written) {
    report.add('OUT_OF_RANGE', written.value, 'Expected at least one arm, but there is none.');
    sound = false;
  }
  for (const { value } of forced) {
    const arm = String(plain(value));
    if (Object.hasOwn(weights, arm)) continue;
    const message = `Expected an arm of the split, but it has no \`${arm}\`.`;
    report.add('UNKNOWN_ARM', value, message, `It has ${Object.keys(weights).join(', ')}.`);
    sound = false;
  }
  if (!sound || !by) return null;
  return {
    by,
    salt: String(get('salt') ?? id),
    arms,
    holdout: Number(get('holdout') ?? 0) / 100,
    force: new Map(forced.map(({ key, value }) => [key, String(plain(value))])),
  };
}
