import type { Expression } from '../../expression.js';
import { partsOf, type RuleNode } from './rule-tree.js';

/** A task whose work is a tree of rules. */
export interface RulesWork {
  readonly type: 'rules';
  readonly root: RuleNode;
  /** The time that windows are compared with; `null`: that of the first attempt. */
  readonly at: Expression | null;
}

/** What a task does that is more than asking one handler. All of it happens in one delivery. */
export type Work = RulesWork;

/** The handlers that the work may ask, each once. */
export function handlersOfWork(work: Work): readonly string[] {
  const parts = [...partsOf(work.root)];
  return [
    ...new Set(parts.flatMap(({ rule }) => (!('children' in rule) && rule.type === 'call' ? [rule.handler] : []))),
  ];
}

/** The expressions that are evaluated when the work is done. */
export function* expressionsOfWork(work: Work): Generator<Expression> {
  if (work.at) yield work.at;
  for (const { rule } of partsOf(work.root)) {
    if (!('children' in rule) && rule.type === 'when') yield rule.condition;
  }
}
