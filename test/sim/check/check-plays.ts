import { PLAY_MEMBER } from '../../../src/core/definition/starting/play.js';
import { canonical } from '../flow/wide/wide-block.js';
import type { World } from '../world/world.js';
import type { Seen } from './check-instances.js';

/** How a play says no, and nothing is wrong. */
export const PLAY_SAYS_NO: readonly string[] = ['PLAY_PAUSED', 'PLAY_ENDED', 'PLAY_NOT_OPEN', 'PLAY_USED_UP'];

/** I42: what an instance keeps of its play stays what it began with, and no start by play is lost or refused for nothing. */
export function everyPlayIsKept({ plays, clients }: World, seen: readonly Seen[]): string[] {
  const wrong: string[] = [];
  for (const { view } of seen) {
    const revision = plays.revisionOf(view.instance.id);
    if (!revision) continue;
    const { code, params } = revision;
    const should = canonical({ code, revision: revision.revision, params });
    const is = canonical(view.input[PLAY_MEMBER]);
    if (is !== should) wrong.push(`${view.instance.id} keeps ${is} of its play, and began with ${should}`);
  }
  const played = clients.filter(({ plan }) => plan.play !== undefined);
  const hasKeys = played.some(({ plan }) => plan.key !== null);
  for (const { plan, refusal, refusedAs } of played) {
    if (refusal !== null && !PLAY_SAYS_NO.includes(String(refusedAs))) wrong.push(`${plan.receipt}: ${refusal}`);
    const count = seen.filter(
      ({ view }) => view.input['receipt'] === plan.receipt && view.instance.state.caller === undefined,
    ).length;
    if (count > 1) wrong.push(`${plan.receipt} has ${count} instances of ${plan.play}`);
    if (count === 0 && plan.key === null && !plays.mayRefuse(plan, hasKeys))
      wrong.push(`${plan.receipt} has no instance, and nothing of ${plan.play} was against it: ${refusal}`);
  }
  return wrong;
}
