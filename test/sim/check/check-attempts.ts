import { MOST_RETRIES } from '../flow/block.js';
import type { World } from '../world/world.js';
import type { Seen } from './check-instances.js';

/** Attempts for want of a handler, or held after too many deliveries, come on top of the plan. */
const isExact = ({ scenario }: World): boolean => scenario.missing.length === 0 && !scenario.counting;

/** I12: a task has made as many attempts as its partner's plan asks for, and no more between two people's retries than its policy allows. */
export function everyAttemptIsDue(world: World, seen: readonly Seen[]): string[] {
  const exact = isExact(world);
  const wrong: string[] = [];
  for (const { view, told } of seen) {
    for (const { node, visit, status, attempt } of view.nodes) {
      const fails = told.fails[`${node}.${visit}`];
      if (fails === undefined || status !== 'done') continue;
      const should = node.endsWith('_try') ? 1 : fails + 1;
      if (exact ? attempt !== should : attempt < should)
        wrong.push(`${view.instance.id} ${node}.${visit} took ${attempt} attempts, not ${should}`);
    }
    for (const [unit, failed] of failedOf(view.attempts))
      if (longestRow(failed, view.instance.id, unit, world) > MOST_RETRIES + 1)
        wrong.push(`${view.instance.id} ${unit} was tried more often than its policy allows: ${failed}`);
  }
  return wrong;
}

/** Longest run of attempts without an incident between them. */
function longestRow(failed: readonly number[], instance: string, unit: string, world: World): number {
  const raised = world.history.courses.get(instance)?.raised.filter((one) => `${one.node}.${one.visit}` === unit) ?? [];
  return failed.length - raised.length * (MOST_RETRIES + 1) > MOST_RETRIES + 1 ? failed.length : 0;
}

/** I14: the rows of attempts have no gap and no repetition. */
export function everyAttemptIsKept(world: World, seen: readonly Seen[]): string[] {
  const exact = isExact(world);
  const wrong: string[] = [];
  for (const { view, told, cancelled } of seen) {
    const { id } = view.instance;
    const failed = failedOf(view.attempts);
    for (const [unit, numbers] of failed)
      if (new Set(numbers).size !== numbers.length) wrong.push(`${id} ${unit} keeps an attempt twice: ${numbers}`);
    const polls = new Map<string, number[]>();
    for (const { node, visit, attempt, poll, how } of view.attempts)
      if (how === 'polled')
        polls.set(`${node}.${visit}.${attempt}`, [...(polls.get(`${node}.${visit}.${attempt}`) ?? []), poll]);
    for (const [unit, numbers] of polls) {
      const sorted = [...numbers].sort((a, b) => a - b);
      if (sorted.some((number, at) => number !== at)) wrong.push(`${id} ${unit} keeps the polls ${sorted}`);
    }
    if (cancelled || !exact) continue;
    for (const [unit, fails] of Object.entries(told.fails)) {
      const kept = (failed.get(unit) ?? []).length;
      if (kept !== fails) wrong.push(`${id} ${unit} keeps ${kept} failed attempts, not ${fails}`);
    }
  }
  return wrong;
}

function failedOf(attempts: Seen['view']['attempts']): Map<string, number[]> {
  const failed = new Map<string, number[]>();
  for (const { node, visit, attempt, how } of attempts)
    if (how === 'failed') failed.set(`${node}.${visit}`, [...(failed.get(`${node}.${visit}`) ?? []), attempt]);
  return failed;
}
