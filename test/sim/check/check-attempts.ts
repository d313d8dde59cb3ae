import { isUndo, itemOf } from '../../../src/core/definition/work/each.js';
import type { Failure } from '../../../src/core/flow/instance.js';
import { type Block, type EachBlock, MOST_RETRIES } from '../flow/block.js';
import { isForAPerson, listsIn } from '../flow/items/each-block.js';
import { OVERDUE } from '../world/claim-guard.js';
import { DOWN, SAID_OF } from '../world/partner.js';
import type { World } from '../world/world.js';
import { isDone, type Seen, unitOf } from './check-instances.js';

/** Attempts for want of a handler, or held after too many deliveries, come on top of the plan. */
const isExact = ({ scenario }: World): boolean => scenario.missing.length === 0 && !scenario.counting;

/** I12: a task has made as many attempts as its partner's plan asks for. */
export function everyAttemptIsDue(world: World, seen: readonly Seen[]): string[] {
  const exact = isExact(world);
  const wrong: string[] = [];
  for (const { view, told } of seen)
    for (const row of view.nodes) {
      const { node, status, attempt } = row;
      const unit = unitOf(row);
      const fails = told.fails[unit];
      if (fails === undefined || !isDone(status)) continue;
      const should = node.endsWith('_try') ? 1 : fails + 1;
      const also = downs(view, told, unit);
      if (exact ? attempt !== should + also : attempt < should)
        wrong.push(`${view.instance.id} ${unit} took ${attempt} attempts, not ${should} and ${also}`);
    }
  return wrong;
}

/** I2: as many incidents were raised as the partner's plan and the retry policy explain. */
export function everyIncidentIsExplained(world: World, seen: readonly Seen[]): string[] {
  if (!isExact(world)) return [];
  const wrong: string[] = [];
  for (const { view, cancelled } of seen) {
    const { id, flow } = view.instance;
    const raised: Record<string, number> = {};
    for (const one of world.history.courses.get(id)?.raised ?? []) raised[unitOf(one)] = (raised[unitOf(one)] ?? 0) + 1;
    for (const row of view.nodes) {
      const { node, visit, status, attempt } = row;
      const count = raised[unitOf(row)] ?? 0;
      const kind = world.definitions.get(flow)?.nodes.get(node)?.kind;
      const task = kind === 'task' ? world.partner.plan(flow, node, itemOf(visit)) : null;
      if ((task?.never && !isUndo(visit)) || node.endsWith('@more')) continue;
      const list = listAt(world, flow, node);
      // What fails for good in a list may be counted as failed, or be that of its node.
      if (list && !isUndo(visit) && (itemOf(visit) === null || !isForAPerson(list) || row.error !== null)) {
        const most = itemOf(visit) !== null && list && isForAPerson(list) ? attempt : 0;
        if (count > most) wrong.push(`${id} ${unitOf(row)} raised ${count} incidents, not ${most}`);
        continue;
      }
      const isAsked = kind === 'wait' || kind === 'call' || kind === 'manual';
      const own = view.attempts.filter((one) => one.node === node && one.visit === visit);
      // Each retry of one that nobody answered, or whose call came to nothing, is an attempt.
      const should = isAsked ? attempt - Number(isDone(status) || status === 'waiting') : personsCalled(own);
      if (cancelled || status === 'cancelled' || (!isDone(status) && !isAsked) ? count > should : count !== should)
        wrong.push(`${id} ${unitOf(row)} raised ${count} incidents, not ${should}`);
    }
  }
  return wrong;
}

const listAt = ({ scenario: { flows } }: World, flow: string, node: string): EachBlock | undefined =>
  listsIn(flows[flow] as Block).find(({ id }) => id === node);

/** I14: the rows of attempts have no gap and no repetition. */
export function everyAttemptIsKept(world: World, seen: readonly Seen[]): string[] {
  const exact = isExact(world);
  const wrong: string[] = [];
  for (const { view, told, cancelled } of seen) {
    const { id } = view.instance;
    const failed = failedOf(view.attempts);
    for (const [unit, numbers] of failed)
      if (new Set(numbers).size !== numbers.length) wrong.push(`${id} ${unit} keeps an attempt twice: ${numbers}`);
    for (const one of view.attempts) {
      const { attempt, error } = one;
      const said = error?.message.startsWith(SAID_OF) ? Number(error.message.slice(SAID_OF.length)) : attempt;
      if (said !== attempt) wrong.push(`${id} ${unitOf(one)} keeps for attempt ${attempt} what was said of ${said}`);
    }
    const polls = new Map<string, number[]>();
    for (const { node, visit, attempt, poll, how } of view.attempts)
      if (how === 'polled')
        polls.set(`${node}.${visit}.${attempt}`, [...(polls.get(`${node}.${visit}.${attempt}`) ?? []), poll]);
    for (const [unit, numbers] of polls) {
      const sorted = [...numbers].sort((a, b) => a - b);
      const first = sorted[0] ?? 0;
      if (sorted.some((number, at) => number !== first + at)) wrong.push(`${id} ${unit} keeps the polls ${sorted}`);
    }
    if (cancelled || !exact) continue;
    for (const [unit, fails] of Object.entries(told.fails)) {
      const kept = (failed.get(unit) ?? []).length;
      const also = downs(view, told, unit);
      if (kept !== fails + also) wrong.push(`${id} ${unit} keeps ${kept} failed attempts, not ${fails} and ${also}`);
    }
  }
  return wrong;
}

/** The partner was down, or whoever was to ask it was gone, or nobody could be reached. */
const isNotPlanned = (error: Failure | null): boolean =>
  error !== null && (UNPLANNED.includes(error.code) || error.message.startsWith(OVERDUE));
const UNPLANNED: readonly string[] = [DOWN, 'LEASE_EXPIRED', 'CRASH_LOOP', 'TASK_REFUSED'];

/** Failed attempts that the plan knows nothing of. */
const downs = ({ attempts }: Seen['view'], { fails }: Seen['told'], unit: string): number =>
  attempts.filter(
    (one) =>
      unitOf(one) === unit &&
      isNotPlanned(one.error) &&
      (one.node.endsWith('_try') || one.attempt > (fails[unit] ?? 0)),
  ).length;

/** A person is called when it failed for good, or too often in a round of attempts. A line for errors calls nobody. */
export function personsCalled(attempts: Seen['view']['attempts']): number {
  let count = 0;
  let round = 0;
  for (const { node, how, error } of attempts.toSorted((a, b) => a.attempt - b.attempt)) {
    // What is sure to fail has a line for that.
    const isTaken = node.endsWith('_try') && !AGAIN.includes(error?.code ?? '');
    if (how !== 'failed' || isTaken || SAYS_NOTHING.includes(error?.code ?? '')) continue;
    round = AGAIN.includes(error?.code ?? '') ? (round + 1) % (MOST_RETRIES + 1) : 0;
    if (round === 0) count++;
  }
  return count;
}

const AGAIN: readonly string[] = ['FLAKY', 'TIMEOUT', 'TASK_REFUSED', DOWN];
const SAYS_NOTHING: readonly string[] = ['REFUSED_HERE', 'LEASE_EXPIRED'];

function failedOf(attempts: Seen['view']['attempts']): Map<string, number[]> {
  const failed = new Map<string, number[]>();
  for (const one of attempts)
    if (one.how === 'failed') failed.set(unitOf(one), [...(failed.get(unitOf(one)) ?? []), one.attempt]);
  return failed;
}
