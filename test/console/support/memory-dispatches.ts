import {
  DispatchViews,
  type SeenDispatch,
  type WaitingFilter,
} from '../../../src/engine/operate/delays/dispatch-views.js';
import type { StoredDispatch } from '../../../src/engine/ports/store.js';
import type { Page } from '../../../src/engine/ports/views.js';

/** Dispatches in a list, as they were put. */
export class MemoryDispatches extends DispatchViews {
  readonly rows: SeenDispatch[] = [];

  override async waiting({ flow, lane, cursor, limit }: WaitingFilter): Promise<Page<SeenDispatch>> {
    const found = this.rows
      .filter((row) => (flow === undefined || row.flow === flow) && (lane === undefined || row.node.lane === lane))
      .slice(Number(cursor ?? 0));
    return { items: found.slice(0, limit), next: found.length > limit ? String(Number(cursor ?? 0) + limit) : null };
  }

  override async latest(limit: number): Promise<readonly StoredDispatch[]> {
    return this.rows.slice(0, limit);
  }
}
