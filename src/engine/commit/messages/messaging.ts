import type { Identity } from '../../ports/identity.js';
import type { FireTriggers } from '../../start/triggers/fire-triggers.js';
import { Correlate, type CorrelateParts } from './correlate.js';
import type { Beyond } from './message-store.js';
import { SendMessage } from './send-message.js';

/** Everything that has to do with messages: taking them in, and bringing them to who waits for them. */
export class Messaging {
  readonly correlate: Correlate;
  readonly send: SendMessage;

  constructor(parts: Omit<CorrelateParts, 'messages'> & { readonly identity: Identity; readonly fire: FireTriggers }) {
    const { store, identity, tally, checkpoint, fire } = parts;
    const { messages } = store;
    this.correlate = new Correlate({ ...parts, messages });
    this.send = new SendMessage({ messages, correlate: this.correlate, identity, tally, checkpoint, fire });
  }

  /** What transitions did beside their instances is committed. */
  afterCommit(beyonds: readonly Beyond[]): void {
    this.correlate.after(beyonds);
  }

  idle(): Promise<void> {
    return this.correlate.idle();
  }
}
