import { nodeInstanceId } from '../../../../core/flow/instance.js';
import type { Beyond } from '../../../commit/messages/message-store.js';
import type { NodeKey } from '../../../ports/store.js';
import type { Tally } from '../../../tally.js';
import { type OwnStop, OwnStops } from './own-stops.js';

/** An attempt under way whose node instance may be withdrawn. */
export interface Watched {
  /** Aborts when the engine stops, and when the node instance is withdrawn. */
  readonly stop: AbortSignal;
  readonly isWithdrawn: boolean;
  end(): void;
}

/**
 * Tells handlers to stop whose node instances are withdrawn by a transition that this process has committed. What
 * another process runs hears of it with its answer, or with the next renewal of its lease.
 */
export class Withdrawals {
  private readonly running = new Map<string, OwnStop>();
  private readonly stops = new OwnStops();

  constructor(private readonly tally: Tally) {}

  watch({ instance, node, visit }: NodeKey, stop: AbortSignal): Watched {
    const id = nodeInstanceId(instance, node, visit);
    const own = this.stops.begin(stop);
    this.running.set(id, own);
    return {
      stop: own.signal,
      get isWithdrawn() {
        return own.isTold;
      },
      end: () => {
        own.end();
        if (this.running.get(id) === own) this.running.delete(id);
      },
    };
  }

  /** What withdrew them is committed. */
  after(beyonds: readonly Beyond[]): void {
    if (this.running.size === 0) return;
    for (const { withdrawn = [] } of beyonds) {
      for (const { instance, node, visit } of withdrawn) {
        const own = this.running.get(nodeInstanceId(instance, node, visit));
        if (!own) continue;
        this.tally.count('handler.withdrawn');
        own.tell(new Error(`Expected '${node}' to be wanted, but it was withdrawn.`));
      }
    }
  }
}
