import type { MergeName } from '../../../../core/definition/control/merge.js';
import type { Branch, Branches } from '../../../../core/definition/work/sequence/branches.js';
import type { SequenceStep } from '../../../../core/definition/work/sequence/run-sequence.js';
import type { Report } from '../../../report/report.js';
import { entryOf, plain, type Tree } from '../../../yaml/tree.js';
import type { CustomKinds } from './custom/custom-kinds.js';
import { askedIn } from './custom/inline-kind.js';

const MAX_BRANCHES = 20;

/** Whom a step asks: `do` in their order, or `parallel` in branches; `null` when it says neither, or both. */
export function askedBy(
  step: Tree,
  kinds: CustomKinds,
  report: Report,
): Pick<SequenceStep, 'handlers' | 'parallel' | 'with'> | null {
  const [handlers, parallel, merge] = ['do', 'parallel', 'merge'].map((key) => entryOf(step, key));
  if (handlers && parallel) {
    const message = 'Expected one of `do` and `parallel`, but both are there.';
    report.add('MODIFIER_NOT_HERE', parallel.keyAt, message, 'Make two steps of it.');
    return null;
  }
  if (merge && !parallel) {
    const message = 'Expected `merge` beside `parallel`, but there are no branches.';
    report.add('MODIFIER_NOT_HERE', merge.keyAt, message, 'Only branches can change the same.');
    return null;
  }
  if (handlers) return askedIn(handlers.value, entryOf(step, 'with'), kinds, report);
  if (parallel?.value.type !== 'map') {
    const first = (step.type === 'map' && step.entries[0]?.keyAt) || step;
    report.add('MISSING_KEY', first, 'Expected the key `do`, or `parallel`, but both are missing.');
    return null;
  }
  const { entries } = parallel.value;
  if (entries.length < 2 || entries.length > MAX_BRANCHES) {
    const message = `Expected 2 to ${MAX_BRANCHES} branches, but there are ${entries.length}.`;
    report.add('OUT_OF_RANGE', parallel.value, message);
    return null;
  }
  if (entryOf(step, 'with')) {
    const place = entryOf(step, 'with')?.keyAt ?? step;
    report.add(
      'MODIFIER_NOT_HERE',
      place,
      'Expected no `with` beside `parallel`, but there is one.',
      'Give it to the branches.',
    );
    return null;
  }
  const branches = entries.flatMap(({ key, value }) => branchOf(key, value, kinds, report) ?? []);
  if (branches.length < entries.length) return null;
  return { handlers: [], with: null, parallel: { branches, merge: mergeOf(merge && plain(merge.value)) } };
}

function branchOf(name: string, written: Tree, kinds: CustomKinds, report: Report): Branch | null {
  const asked = askedIn(entryOf(written, 'do')?.value ?? written, entryOf(written, 'with'), kinds, report);
  const factory = entryOf(written, 'context')?.value;
  return asked && { name, ...asked, factory: factory ? String(plain(factory)) : null };
}

function mergeOf(written: unknown): Branches['merge'] {
  if (typeof written === 'string') return { handler: written };
  return { members: new Map(Object.entries((written ?? {}) as Record<string, MergeName>)) };
}
