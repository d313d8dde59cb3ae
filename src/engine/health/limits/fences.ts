import { visitOf } from '../../../core/definition/work/each.js';
import type { TccPart } from '../../../core/flow/tries/tcc/rule.js';
import { type Checkpoint, NO_CHECKPOINT } from '../../ports/checkpoint.js';
import type { Clock } from '../../ports/clock.js';
import { PermanentError, type TaskHandler } from '../../ports/handlers.js';
import type { NodeKey } from '../../ports/store.js';
import type { Tally } from '../../tally.js';
import { whileAway } from '../../while-away.js';
import type { FenceKey, FenceStore } from './fence-store.js';

/** Stands before the handlers of participants. However late, doubled or out of order they are asked, the database decides. */
export class Fences {
  constructor(
    private readonly store: FenceStore,
    private readonly clock: Clock,
    private readonly tally: Tally,
    private readonly checkpoint: Checkpoint = NO_CHECKPOINT,
  ) {}

  before(handler: TaskHandler, { instance, node, visit }: NodeKey, { name, phase }: TccPart): TaskHandler {
    const key: FenceKey = { instance, node, visit: visitOf(visit), participant: name };
    return async (input, context) => {
      const verdict = await whileAway(this.clock, () => this.store.pass(key, phase));
      this.checkpoint.reach('fenced');
      // It may have taken long: what was given up meanwhile is not begun any more.
      context.signal.throwIfAborted();
      if (verdict === 'empty') {
        this.tally.count('tcc.empty');
        return null;
      }
      if (verdict === 'refused') {
        this.tally.count('tcc.refused');
        const message = `Expected '${name}' to ${phase} before it was settled, but it comes too late. Nothing was asked.`;
        throw new PermanentError('TCC_FENCED', message);
      }
      return handler(input, context);
    };
  }
}

/** Equal for the try, the confirm and the cancel of one participant, over attempts and restarts. */
export const transactionOf = ({ instance, node, visit }: NodeKey, { name }: TccPart): string =>
  `${instance}.${node}.${visitOf(visit)}.${name}`;
