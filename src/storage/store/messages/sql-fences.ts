import { type FenceState, type FenceVerdict, passFence } from '../../../core/flow/tries/tcc/fence.js';
import type { Phase } from '../../../core/flow/tries/tcc/rule.js';
import { type FenceKey, FenceStore } from '../../../engine/health/limits/fence-store.js';
import type { Sql } from '../../sql/session.js';
import { TCC_FENCE } from '../tables.js';

/** A row that was laid to be locked, and says nothing yet. */
const NEW = 'new';

/** Fences in SQL: the row of a participant is laid and locked before it is read, so that nobody else decides beside. */
export class SqlFences extends FenceStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  override pass({ instance, node, visit, participant }: FenceKey, phase: Phase): Promise<FenceVerdict> {
    return this.sql.transaction(async (session) => {
      const key = [instance, node, visit, participant];
      const now = await session.now();
      await session.lay(TCC_FENCE, [[...key, NEW, now]]);
      const [row] = await session.find({ columns: 't.state', table: TCC_FENCE.name, key: TCC_FENCE.key }, [key]);
      const known = row?.['state'] ?? NEW;
      const { state, verdict } = passFence(known === NEW ? null : (known as FenceState), phase);
      if (state !== null && state !== known) {
        const change = { table: TCC_FENCE.name, set: 'state = ?, changed_at = ?', values: [state, now] };
        await session.change({ ...change, key: TCC_FENCE.key }, [key]);
      }
      return verdict;
    });
  }
}
