import type { TaskNode } from '../../../core/definition/definition.js';
import { type Memo, readMemo } from '../../../core/definition/work/memo.js';
import type { Work } from '../../../core/definition/work/work.js';
import type { TaskHandler } from '../../ports/handlers.js';
import type { DeliveryFacts } from '../../ports/store.js';
import { scopeOf } from '../build-input.js';
import { workOnRules } from './rules.js';
import { workOnSequence } from './sequence.js';
import type { WorkPlace } from './work-place.js';

/** Work under way: a handler made of others, and what it has done so far. */
export interface Working {
  readonly handler: TaskHandler;
  /** For the next attempt; `undefined` when nothing was done that must not be done again. */
  memo(): Memo | undefined;
}

/** Takes up the work of a task where the attempt before has left it. All of its handlers are here. */
export function workingOn(
  task: TaskNode,
  work: Work,
  visit: number,
  facts: Pick<DeliveryFacts, 'input' | 'vars' | 'outputs'>,
  { handlers, clock }: Pick<WorkPlace, 'handlers' | 'clock'>,
): Working {
  const memo = readMemo(facts.outputs[task.id]);
  const place = { handlers, clock, scope: scopeOf(facts), kept: memo?.visit === visit ? memo.kept : {} };
  const { handler, kept } = work.type === 'rules' ? workOnRules(work, place) : workOnSequence(work, place);
  return {
    handler,
    memo: () => {
      const done = kept();
      return done && { visit, kept: done };
    },
  };
}
