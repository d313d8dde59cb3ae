import type { Dice } from '../../dice.js';
import { type AskPlan, SURE } from '../ask-plan.js';
import { type BranchPlan, CONFLICT, type MergeBy, type StepPlan, type StepsDoes } from './steps-block.js';
import { jumpsOf } from './tell-steps.js';

const MERGES: readonly MergeBy[] = ['sum', 'max', 'min', 'list', 'first', 'last', 'concat', 'union'];

/** A random sequence. A doomed one makes one jump too many, or its branches change the same and nothing merges it. */
export function drawSteps(dice: Dice, failures: boolean, doomed: boolean): StepsDoes {
  const plan = (): AskPlan =>
    failures && !doomed && dice.chance(0.2)
      ? { fails: dice.between(1, 3), how: dice.pick(['error', 'error', 'timeout', 'permanent']) }
      : SURE;
  const steps: StepPlan[] = [];
  for (let i = 0, count = dice.between(1, 3); i < count; i++) {
    const name = `s${i}`;
    const checkpoint = dice.chance(0.4);
    if (dice.chance(0.35)) {
      steps.push({ name, asks: [], ...parted(dice, plan), back: null, checkpoint });
      continue;
    }
    const asks = Array.from({ length: dice.between(1, 3) }, plan);
    const to = dice.chance(0.3) ? `s${dice.between(0, i)}` : null;
    steps.push({
      ...{ name, asks, branches: [], merge: null, checkpoint },
      back: to === null ? null : { to, times: dice.between(2, 3) },
    });
  }
  const needed = jumpsOf(steps);
  if (!doomed) return { kind: 'steps', steps, jumps: needed + dice.pick([0, 0, 5]) };
  if (needed > 0 && dice.chance(0.7)) return { kind: 'steps', steps, jumps: needed - 1, doomed: true };
  const both = [0, 1].map((at): BranchPlan => ({ name: `b${at}`, context: null, asks: [SURE], gives: at }));
  const conflict: StepPlan = {
    ...{ name: CONFLICT, asks: [], branches: both, merge: null, back: null, checkpoint: false },
  };
  return { kind: 'steps', steps: [...steps, conflict], jumps: needed, doomed: true };
}

function parted(dice: Dice, plan: () => AskPlan): Pick<StepPlan, 'branches' | 'merge'> {
  const isMixed = dice.chance(0.25);
  const merge = isMixed ? { asks: plan() } : dice.chance(0.75) ? dice.pick(MERGES) : null;
  let isGiven = false;
  const branches = Array.from({ length: dice.between(2, 3) }, (_, at): BranchPlan => {
    // Without a rule only one may give it.
    const gives = dice.chance(0.7) && (merge !== null || !isGiven) ? dice.between(2, 5) : null;
    isGiven ||= gives !== null;
    return {
      name: `b${at}`,
      context: dice.chance(0.3) ? plan() : null,
      asks: Array.from({ length: dice.between(1, 2) }, plan),
      gives,
    };
  });
  return { branches, merge };
}
