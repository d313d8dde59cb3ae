import type { MergeName } from '../../../../../src/core/definition/control/merge.js';
import type { Branches } from '../../../../../src/core/definition/work/sequence/branches.js';
import type { SequenceStep } from '../../../../../src/core/definition/work/sequence/run-sequence.js';
import type { SequenceWork } from '../../../../../src/core/definition/work/work.js';
import { expr } from '../../../../support/build-definition.js';
import { counterOf, type StepPlan, type StepsDoes } from './steps-block.js';

/** The work of the node. */
export const sequenceOf = ({ steps, jumps }: StepsDoes, handler: string): SequenceWork => ({
  type: 'sequence',
  jumps,
  steps: steps.map((step) => stepOf(step, handler)),
});

function stepOf(step: StepPlan, handler: string): SequenceStep {
  const { name, asks, branches, back, checkpoint } = step;
  const counter = `result.${counterOf(name)}`;
  return {
    name,
    handlers: asks.map(() => handler),
    with: { part: name },
    ...(branches.length > 0 && { parallel: branchesOf(step, handler) }),
    goto: back
      ? [
          {
            to: back.to,
            when: expr(`${counter} < ${back.times}`, [counter], (count) => Number(count) < back.times),
          },
        ]
      : [],
    checkpoint,
  };
}

function branchesOf({ name, branches, merge }: StepPlan, handler: string): Branches {
  return {
    branches: branches.map((branch) => ({
      name: branch.name,
      handlers: branch.asks.map(() => handler),
      with: { part: `${name}.${branch.name}` },
      factory: branch.context ? handler : null,
    })),
    merge:
      merge !== null && typeof merge === 'object'
        ? { handler }
        : { members: new Map<string, MergeName>(merge === null ? [] : [['m', merge]]) },
  };
}
