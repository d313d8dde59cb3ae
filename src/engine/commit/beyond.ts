import type { Instance } from '../../core/flow/instance.js';
import type { Effect } from '../../core/flow/transition.js';
import type { NodeKey } from '../ports/store.js';
import type { Beyond, WaitRecord } from './messages/message-store.js';

/** Gathers what the transitions of one instance do beside it. */
export class BeyondDraft {
  private readonly opened = new Map<string, WaitRecord>();
  private readonly closed = new Map<string, NodeKey>();
  private readonly taken: string[] = [];

  take(effect: Effect, { id, flow, version }: Instance, at: number): void {
    switch (effect.type) {
      case 'wait.opened': {
        const { node, visit, name, match, keepMs } = effect;
        const wait = { instance: id, flow, version, node, visit, name, match, keepMs, openedAt: at };
        this.opened.set(`${node}.${visit}`, wait);
        return;
      }
      case 'wait.closed': {
        const { node, visit } = effect;
        this.opened.delete(`${node}.${visit}`);
        this.closed.set(`${node}.${visit}`, { instance: id, node, visit });
        return;
      }
      case 'message.taken':
        this.taken.push(effect.message);
    }
  }

  /** `null` when there is nothing. What was closed and is open again counts as open. */
  changes(): Beyond | null {
    const { opened, closed, taken } = this;
    if (opened.size === 0 && closed.size === 0 && taken.length === 0) return null;
    const over = [...closed].filter(([key]) => !opened.has(key)).map(([, wait]) => wait);
    return { opened: [...opened.values()], closed: over, taken };
  }
}
