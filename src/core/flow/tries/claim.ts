import type { FlowEvent } from '../event.js';
import type { NodeInstance } from '../instance.js';
import type { Draft } from '../walk/draft.js';
import { named, raise } from '../walk/leave.js';

type Claimed = Extract<FlowEvent, { type: 'task.claimed' }>;

/** How often an attempt is begun after it was counted as suspect, before it is held for a person. */
export const CLAIM_LIMIT = 4;
/** From this delivery on it runs with no other suspect beside it. */
export const ALONE_FROM = 5;
/**
 * Most counts of runs beside others. Each copy of a message is counted by the broker from one, so that with a few copies
 * all counts could be of runs in a crowd, and a whole crowd would be held for the deaths of others.
 */
const CROWDED_LIMIT = 2;

/**
 * An attempt that never answers is begun only so often: a handler that kills its process would otherwise kill one
 * engine after the other for ever. Any answer of the handler, a failure too, ends the suspicion.
 */
export function claim(draft: Draft, row: NodeInstance, { attempt, delivery }: Claimed): void {
  const kept = draft.kept(row);
  if (kept['claimed'] === delivery) return;
  const before = Number(kept['claims'] ?? 0);
  const claims = delivery < ALONE_FROM ? Math.max(before, Math.min(before + 1, CROWDED_LIMIT)) : before + 1;
  if (claims <= CLAIM_LIMIT) {
    draft.keep(row, { ...kept, claims, claimed: delivery });
    return;
  }
  const { node, visit } = row;
  const message = `Expected ${named(row)} to answer, but every process that ran attempt ${attempt} ended before it did, ${CLAIM_LIMIT} times on account. Look for why they ended, then retry.`;
  const error = { code: 'CRASH_LOOP', message, permanent: true };
  const decision = 'became the incident CRASH_LOOP';
  draft.effects.push({ type: 'attempt.ended', node, visit, attempt, how: 'failed', error, decision });
  raise(draft, row, { code: 'CRASH_LOOP', message }, null);
}

/** The handler has answered, so it kills no process. */
export function acquit(draft: Draft, row: NodeInstance): void {
  const { claims, claimed, ...rest } = draft.kept(row);
  if (claims === undefined && claimed === undefined) return;
  draft.drop(row);
  if (Object.keys(rest).length > 0) draft.keep(row, rest);
}
