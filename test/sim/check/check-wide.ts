import { allOf, type Block } from '../flow/block.js';
import { FORCED } from '../flow/wide/arms/arms.js';
import type { World } from '../world/world.js';
import { isDone, type Seen, unitOf } from './check-instances.js';

/** I31: whoever has an arm of an experiment has it wherever its salt is; who is held out, or is forced, has what was said. */
export function everyArmIsKept({ scenario: { flows } }: World, seen: readonly Seen[]): string[] {
  const wrong: string[] = [];
  const known = new Map<string, string | null>();
  for (const { view } of seen)
    for (const one of allOf(flows[view.instance.flow] as Block)) {
      if (one.kind !== 'wide' || one.does.kind !== 'arms') continue;
      const { salt, arms, holdout, forced } = one.does;
      for (const row of view.nodes) {
        if (row.node !== `${one.id}_split` || !isDone(row.status)) continue;
        const { arm, by } = row.output as { arm: string | null; by: string };
        const name = `${view.instance.id} ${unitOf(row)}`;
        if (forced !== null && by === FORCED) {
          if (arm !== forced) wrong.push(`${name} gave the arm ${arm}, which was to be ${forced}`);
          continue;
        }
        const weight = arms.find((each) => each.name === arm)?.weight ?? 0;
        if (arm === null ? holdout === 0 : holdout === 1 || weight === 0)
          wrong.push(`${name} gave the arm ${arm}, of which nobody may be`);
        const about = `${by} of ${salt} but ${holdout}`;
        if (known.has(about) && known.get(about) !== arm)
          wrong.push(`${name} gave the arm ${arm}, and before ${known.get(about)}`);
        known.set(about, arm);
      }
    }
  return wrong;
}

/** Failures before which no circuit opens. */
const FEW = 5;

/** I32: a task gives something else only where its partner has failed, and then nothing of it is kept back. */
export function everyFallbackHasAReason(world: World, seen: readonly Seen[]): string[] {
  const wrong: string[] = [];
  for (const { view } of seen)
    for (const one of allOf(world.scenario.flows[view.instance.flow] as Block)) {
      if (one.kind !== 'task' || !one.plan.more?.fallback) continue;
      for (const row of view.nodes) {
        if (row.node !== one.id) continue;
        const name = `${view.instance.id} ${unitOf(row)}`;
        const failures = world.partner.failuresOf(row.node);
        if (row.receipt?.degraded && failures < FEW)
          wrong.push(`${name} gave its fallback, and its partner has failed ${failures} times`);
        const course = world.history.courses.get(view.instance.id);
        const polls = view.attempts.filter(
          ({ node, visit, how }) => how === 'polled' && unitOf({ node, visit }) === unitOf(row),
        );
        const keptBack = (course?.putOff.get(`${row.node}.${row.visit}`) ?? 0) - polls.length;
        if (keptBack > 0) wrong.push(`${name} was kept back ${keptBack} times, and has a fallback`);
      }
    }
  return wrong;
}
