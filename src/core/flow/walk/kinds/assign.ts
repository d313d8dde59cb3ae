import { type Merge, mergeValues, whyUnfit } from '../../../definition/control/merge.js';
import { whyNotWritten } from '../../../definition/starting/variables.js';
import type { Expression } from '../../../expression.js';
import type { Json } from '../../../json.js';
import type { NodeInstance } from '../../instance.js';
import type { Draft } from '../draft.js';
import { type Carried, isObject } from '../facts.js';
import { isProblem, Problem } from '../problem.js';

/** Writes variables in file order; a later one sees the earlier ones. */
export function assign(
  draft: Draft,
  values: ReadonlyMap<string, Expression>,
  carried: Carried | null,
): Problem | undefined {
  for (const [name, expression] of values) {
    const value = draft.evaluate(carried, (scope) => expression.value(scope));
    const problem = isProblem(value) ? value : write(draft, name, value);
    if (problem) return problem;
  }
  return undefined;
}

function write(draft: Draft, name: string, value: Json): Problem | undefined {
  const unfit = whyNotWritten(draft.definition, name, value);
  if (unfit !== null) return new Problem('VARIABLE_UNFIT', unfitVariable(name, unfit));
  const tooLarge = draft.measure(`vars.${name}`, value);
  if (tooLarge) return tooLarge;
  draft.write(name, value);
  return undefined;
}

/**
 * Of what branches have written apart becomes one value for each variable, and their own is forgotten. Only those count
 * with which the join has gone on; in which order they came makes no difference.
 */
export function mergeBranches(draft: Draft, { via }: NodeInstance, merges: readonly Merge[]): Problem | undefined {
  for (const { name, rule, into, branches } of merges) {
    const values: Json[] = [];
    for (const { edges, slot } of branches) {
      const kept = ownOf(draft, slot);
      if (!kept) continue;
      if (edges.some((edge) => via.includes(edge))) values.push(...kept);
      write(draft, slot, null);
    }
    if (values.length === 0) continue;
    const unfit = whyUnfit(rule, values);
    if (unfit) return new Problem('MERGE_UNFIT', unfitMessage(name, unfit));
    const value = draft.evaluate(null, (scope) => mergeValues(rule, values, scope));
    const problem = isProblem(value) ? value : write(draft, into, into === name ? value : [value]);
    if (problem) return problem;
  }
  return undefined;
}

const unfitVariable = (name: string, unfit: string): string =>
  `Expected 'vars.${name}' to be written with what \`vars\` of the flow allows, but ${unfit}. Let what writes it give that, or declare it otherwise, in a new version; then move the instance there and retry.`;

const unfitMessage = (name: string, unfit: string): string =>
  `Of 'vars.${name}': ${unfit} Let the branches write what fits, or merge it by another rule, in a new version; then move the instance there and retry.`;

/** What a branch has written, as a list of that one value; `null`: nothing. */
function ownOf({ facts }: Draft, slot: string): readonly Json[] | null {
  const vars = facts['vars'];
  const kept = isObject(vars) ? vars[slot] : undefined;
  return Array.isArray(kept) ? kept : null;
}
