import type { FlowEvent, Rejection } from '../../core/flow/event.js';
import { err, ok, type Result } from '../../core/result.js';
import type { CommitEvents } from '../commit/commit-events.js';
import type { Views } from '../ports/views.js';

export type Refusal = Rejection | { readonly reason: 'unknown-instance'; readonly message: string };

/** Offers an operator's event to an instance and says what became of it. */
export async function operate(
  { commits, views }: { commits: CommitEvents; views: Views },
  instance: string,
  event: FlowEvent,
): Promise<Result<null, Refusal>> {
  const state = (await views.states([instance])).items[0];
  if (!state) return err(unknownInstance(instance));
  const { flow, version } = state.instance;
  const outcome = await commits.execute({ instance, flow, version, event });
  if (outcome.type === 'applied') return ok(null);
  return err(outcome.type === 'rejected' ? outcome.rejection : unknownInstance(instance));
}

const unknownInstance = (id: string): Refusal => ({
  reason: 'unknown-instance',
  message: `Expected an instance ${id}, but there is none.`,
});
