import type { SequenceStep } from '../../../../core/definition/work/sequence/run-sequence.js';
import { compilePlaced, isCondition, type PlacedExpression } from '../../../expression/compile/compile-values.js';
import { didYouMean } from '../../../report/nearest.js';
import type { Report } from '../../../report/report.js';
import { warnConstant } from '../../../report/warn-constant.js';
import { entryOf, plain, type Tree } from '../../../yaml/tree.js';
import { askedBy } from '../task/build-branches.js';
import { CustomKinds } from '../task/custom/custom-kinds.js';

export interface BuiltSequence {
  readonly steps: readonly SequenceStep[];
  readonly conditions: readonly PlacedExpression[];
}

/** Steps out of what their schema has accepted. `null` when one is faulty. */
export function buildSequence(tree: Tree, report: Report, kinds = CustomKinds.none): BuiltSequence | null {
  const items = tree.type === 'list' ? tree.items : [];
  const names = items.map((item) => String(plain(entryOf(item, 'name')?.value as Tree)));
  const conditions: PlacedExpression[] = [];
  let faulty = false;
  const steps = items.map((item, at): SequenceStep => {
    const name = names[at] as string;
    const nameAt = entryOf(item, 'name')?.value as Tree;
    if (names.indexOf(name) < at) {
      const message = `Expected steps of different names, but two are \`${name}\`.`;
      report.add('DUPLICATE_KEY', nameAt, message, 'Rename one of them.');
      faulty = true;
    }
    const asked = askedBy(item, kinds, report);
    if (!asked) faulty = true;
    const gotos = gotosOf(item);
    const goto = gotos.flatMap((one, place) => {
      const built = gotoOf(one, names, report);
      // The last of several may be taken when none of the others is.
      const isElse = place > 0 && place === gotos.length - 1;
      const hint = 'Leave the goto out, or let its condition read `result`.';
      if (!isElse) warnConstant(built?.placed, entryOf(one, 'when')?.value, report, hint);
      if (!built) faulty = true;
      else conditions.push(built.placed);
      return built ? [{ to: built.to, when: built.placed.compiled.expression }] : [];
    });
    return {
      name,
      handlers: [],
      with: null,
      ...asked,
      goto,
      checkpoint: entryOf(item, 'checkpoint') !== undefined,
    };
  });
  return faulty ? null : { steps, conditions };
}

function gotosOf(step: Tree): readonly Tree[] {
  const written = entryOf(step, 'goto')?.value;
  if (!written) return [];
  return written.type === 'list' ? written.items : [written];
}

function gotoOf(tree: Tree, names: readonly string[], report: Report): { to: string; placed: PlacedExpression } | null {
  const [target, when] = [entryOf(tree, 'to')?.value, entryOf(tree, 'when')?.value];
  const to = String(target && plain(target));
  const isKnown = names.includes(to);
  if (!isKnown && target) {
    const message = `Expected the name of a step, but there is none named \`${to}\`.`;
    report.add('UNKNOWN_STEP', target, message, didYouMean(to, names) ?? `There are ${names.join(', ')}.`);
  }
  const placed = when?.type === 'scalar' ? compilePlaced(when, report) : null;
  const isSound = placed && when && isCondition(placed, when, report);
  return isSound && isKnown ? { to, placed } : null;
}
