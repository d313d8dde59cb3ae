import { StoreUnavailable } from '../ports/store.js';
import { breakageOf } from './breakage.js';
import type { Pending } from './pending.js';

/** Refusals in a row, of a kind that nobody knows, after which a batch is taken apart: some 15 s of trying. */
export const MOST_REFUSALS = 10;
/** Single events whose incidents are refused as well, before it is the database that is at fault and not they. */
const MOST_STUBBORN = 3;

/** Whether the database answered with an error that may be about the batch, or about itself. */
export const isUnclassified = (fault: unknown): boolean => fault instanceof StoreUnavailable && fault.unclassified;

export interface SiftWays {
  /** Commits a batch; rejects with a `StoreUnavailable` alone. */
  readonly commit: (batch: readonly Pending[]) => Promise<void>;
  /** Told of an event whose incident was stored in its place. */
  readonly broken: (pending: Pending, fault: unknown) => void;
}

/**
 * Takes a refused batch apart, so that an event which the database refuses for a reason that nobody knows does not keep
 * its neighbours back for ever. That the event is at fault is not believed before the database has taken its incident in
 * its place: a server that is full or read-only refuses both.
 */
export class Sift {
  private stubborn = 0;
  private taken = false;

  constructor(private readonly ways: SiftWays) {}

  /** Whether the database took anything. */
  get tookSome(): boolean {
    return this.taken;
  }

  /** Answers what is left: not stored, nor its incident. */
  async execute(batch: readonly Pending[]): Promise<readonly Pending[]> {
    if (!this.taken && this.stubborn >= MOST_STUBBORN) return batch;
    const fault = await this.refused(batch);
    if (fault === null) return [];
    if (!isUnclassified(fault)) return batch;
    if (batch.length > 1) {
      const middle = batch.length >> 1;
      const left = await this.execute(batch.slice(0, middle));
      return [...left, ...(await this.execute(batch.slice(middle)))];
    }
    const pending = batch[0] as Pending;
    const incident = breakageOf(pending, fault);
    if (incident === null || (await this.refused([incident])) !== null) {
      this.stubborn++;
      return batch;
    }
    this.ways.broken(pending, fault);
    return [];
  }

  private async refused(batch: readonly Pending[]): Promise<unknown> {
    try {
      await this.ways.commit(batch);
      this.taken = true;
      return null;
    } catch (fault) {
      return fault;
    }
  }
}
