import type { RuleLeaf, RuleNode } from '../../../../../src/core/definition/work/rules/rule-tree.js';
import type { RulesWork } from '../../../../../src/core/definition/work/work.js';
import { expr, path } from '../../../../support/build-definition.js';
import { momentAt, pathTo, type RulePart, type RulesDoes, UNIT_MS } from './rules-block.js';

/** The work of the node. */
export const rulesOf = (id: string, { root, at }: RulesDoes, handler: string): RulesWork => ({
  type: 'rules',
  root: ruleOf(root, 'r', handler),
  at: at === null ? null : path(`input.${id}`),
});

function ruleOf(part: RulePart, place: string, handler: string): RuleNode {
  const { window, forward, inverse = false, onError = 'stop', parts } = part;
  const isRelation = RELATIONS.has(part.rule);
  return {
    path: place,
    name: place,
    window: window ? { fromMs: momentAt(window.from), toMs: momentAt(window.to) } : null,
    forward: forward ? ruleOf(forward, pathTo(place, 'f'), handler) : null,
    inverse,
    onError,
    rule: isRelation
      ? {
          type: part.rule as 'and' | 'any' | 'all' | 'none' | 'always',
          children: parts.map((child, i) => ruleOf(child, pathTo(place, i), handler)),
        }
      : leafOf(part, place, handler),
  };
}

const RELATIONS: ReadonlySet<string> = new Set(['and', 'any', 'all', 'none', 'always']);

function leafOf({ rule, says, shift }: RulePart, part: string, handler: string): RuleLeaf {
  if (rule === 'when') return { type: 'when', condition: expr(`says ${says}`, ['input.salt'], () => says) };
  if (shift)
    return 'by' in shift ? { type: 'shift', by: shift.by * UNIT_MS } : { type: 'shift', to: momentAt(shift.to) };
  return { type: 'call', role: rule as 'flow' | 'result' | 'quiet', handler, with: { part } };
}
