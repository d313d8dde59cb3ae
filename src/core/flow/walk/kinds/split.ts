import type { GatewayNode } from '../../../definition/definition.js';
import { armOf, type SplitRule } from '../../../definition/work/split.js';
import type { NodeInstance } from '../../instance.js';
import type { Draft } from '../draft.js';
import type { Carried } from '../facts.js';
import { keepCarried, leave, raise } from '../leave.js';
import { isProblem, Problem } from '../problem.js';

/** Chooses the arm, which is then the node's output and `result`; `_result` is false for those who are held out. */
export function enterSplit(
  draft: Draft,
  row: NodeInstance,
  node: GatewayNode,
  split: SplitRule,
  carried: Carried | null,
): void {
  const by = toldApartBy(draft, split, node.id, carried);
  if (isProblem(by)) {
    raise(draft, { ...row, attempt: 0 }, by, null);
    keepCarried(draft, row, carried);
    return;
  }
  const arm = armOf(split, by);
  const output = { arm, by };
  leave(draft, row, node, { result: output, flag: arm !== null }, () => {
    draft.outputs.push({ node: row.node, visit: row.visit, output });
    draft.learn(node.id, output);
    return undefined;
  });
}

/** Nobody is put into an arm by a value that is missing: all of them would be in one. */
function toldApartBy(draft: Draft, { by }: SplitRule, id: string, carried: Carried | null): string | Problem {
  const value = draft.evaluate(carried, (scope) => by.value(scope));
  if (isProblem(value)) return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && value !== '') return value;
  const message = `Expected '${by.text}' of split '${id}' to give a text or a number, but it gave ${JSON.stringify(value).slice(0, 80)}.`;
  return new Problem('EXPRESSION_TYPES', message);
}
