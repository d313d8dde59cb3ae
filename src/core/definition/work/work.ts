import type { Expression } from '../../expression.js';
import { partsOf, type RuleNode } from './rules/rule-tree.js';
import type { SequenceStep } from './sequence/run-sequence.js';

/** A task whose work is a tree of rules. */
export interface RulesWork {
  readonly type: 'rules';
  readonly root: RuleNode;
  /** The time that windows are compared with; `null`: that of the first attempt. */
  readonly at: Expression | null;
}

/** A task whose work is a sequence of steps. */
export interface SequenceWork {
  readonly type: 'sequence';
  readonly steps: readonly SequenceStep[];
  /** Most jumps in one run. */
  readonly jumps: number;
}

/** What a task does that is more than asking one handler. All of it happens in one delivery. */
export type Work = RulesWork | SequenceWork;

/** The handlers that the work may ask, each once. */
export function handlersOfWork(work: Work): readonly string[] {
  if (work.type === 'sequence') return [...new Set(work.steps.flatMap(handlersOfStep))];
  const parts = [...partsOf(work.root)];
  return [
    ...new Set(parts.flatMap(({ rule }) => (!('children' in rule) && rule.type === 'call' ? [rule.handler] : []))),
  ];
}

function handlersOfStep({ handlers, parallel }: SequenceStep): readonly string[] {
  if (!parallel) return handlers;
  const { branches, merge } = parallel;
  const own = branches.flatMap(({ factory, handlers: some }) => (factory === null ? some : [factory, ...some]));
  return 'handler' in merge ? [...own, merge.handler] : own;
}

/** The expressions that are evaluated when the work is done. In those of a sequence `result` is its context. */
export function* expressionsOfWork(work: Work): Generator<Expression> {
  if (work.type === 'sequence') {
    for (const { goto } of work.steps) for (const { when } of goto) yield when;
    return;
  }
  if (work.at) yield work.at;
  for (const { rule } of partsOf(work.root)) {
    if (!('children' in rule) && rule.type === 'when') yield rule.condition;
  }
}
