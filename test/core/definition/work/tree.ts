import {
  evaluateRules,
  type LeafAnswer,
  type RuleVerdict,
} from '../../../../src/core/definition/work/rules/evaluate-rules.js';
import type {
  RelationType,
  RuleLeaf,
  RuleNode,
  RuleState,
} from '../../../../src/core/definition/work/rules/rule-tree.js';
import type { Expression } from '../../../../src/core/expression.js';

export type Written =
  | 'T'
  | 'F'
  | 'N'
  | 'boom'
  | { leaf: RuleLeaf; more?: Partial<RuleNode> }
  | { rel: RelationType; of: readonly Written[]; more?: Partial<RuleNode> };

const STATES: Readonly<Record<string, RuleState>> = { T: 'true', F: 'false', N: 'none' };

/** A tree whose leaves say what they are called. */
export function tree(written: Written, path = 'r'): RuleNode {
  const plain = { path, name: path, window: null, forward: null, inverse: false, onError: 'stop' as const };
  if (typeof written === 'string') {
    return { ...plain, name: written, rule: { type: 'call', role: 'flow', handler: written, with: null } };
  }
  if ('leaf' in written) return { ...plain, rule: written.leaf, ...written.more };
  const children = written.of.map((child, at) => tree(child, `${path}.${at}`));
  return { ...plain, rule: { type: written.rel, children }, ...written.more };
}

export interface Ran {
  readonly verdict: RuleVerdict;
  /** Names of the leaves that were asked, in order. */
  readonly asked: readonly string[];
}

/** Runs a tree; `answers` are kept over runs. */
export async function run(
  root: RuleNode,
  { at = 1_000, answers = new Map<string, LeafAnswer>(), isStopped = (): boolean => false } = {},
): Promise<Ran> {
  const asked: string[] = [];
  const verdict = await evaluateRules(root, {
    at,
    answers,
    now: () => 0,
    isStopped,
    test: (condition: Expression) => condition.text === 'yes',
    async call({ handler }, part, now) {
      asked.push(handler === 'time' ? `${handler}@${now}` : handler);
      if (handler === 'boom') throw new Error(`${part.path} is down`);
      return { state: STATES[handler] ?? 'none', output: handler };
    },
  });
  return { verdict, asked };
}
