import { err, ok, type Result } from '../../../core/result.js';
import type { Store } from '../../ports/store.js';
import type { QuarantineView, Views } from '../../ports/views.js';
import type { Tally } from '../../tally.js';

/** Why nothing was done to a kept message. */
export interface QuarantineRefusal {
  readonly reason:
    | 'unknown-quarantined'
    | 'quarantine-settled'
    | 'not-replayable'
    | 'stale-dispatch'
    | 'still-refused'
    | 'busy';
  readonly message: string;
}

/** A person has looked at it and wants nothing of it. It is marked, and stays to be read. */
export class DiscardQuarantined {
  constructor(
    private readonly store: Store,
    private readonly views: Views,
    private readonly tally: Tally,
  ) {}

  async execute({ id, by }: { id: string; by: string }): Promise<Result<null, QuarantineRefusal>> {
    const found = await openOne(this.views, id);
    if (!found.ok) return found;
    if (!(await this.store.settleQuarantined(id, { state: 'discarded', by, refusal: null }))) return err(settled(id));
    this.tally.count('quarantine.discarded');
    return ok(null);
  }
}

/** A kept message that nobody has replayed or discarded. */
export async function openOne(views: Views, id: string): Promise<Result<QuarantineView, QuarantineRefusal>> {
  const found = await views.quarantinedOne(id);
  if (!found) {
    const message = `Expected a message ${id} in the quarantine, but there is none.`;
    return err({ reason: 'unknown-quarantined', message });
  }
  return found.state === 'open' ? ok(found) : err(settled(id, ` by ${found.handledBy}: it is ${found.state}`));
}

export const settled = (id: string, how = ''): QuarantineRefusal => ({
  reason: 'quarantine-settled',
  message: `Expected the message ${id} to be open, but it was handled${how}.`,
});
