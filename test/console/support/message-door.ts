import { err, ok } from '../../../src/core/result.js';
import type { MessageCommand } from '../../../src/engine/commit/messages/send-message.js';

/** Takes messages by the rules of the port: the same id is the same message, and somebody waits for `paid`. */
export class MessageDoor {
  readonly sent: MessageCommand[] = [];

  /** @param instance who waits. */
  constructor(private readonly instance: string) {}

  async execute(command: MessageCommand) {
    if (command.name.includes(' ')) return err({ code: 'INVALID_NAME', message: 'Expected a name, but it is none.' });
    const duplicate = this.sent.some(({ id }) => id !== undefined && id === command.id);
    this.sent.push(command);
    const takenBy = command.name === 'paid' ? { instance: this.instance, node: 'charge', visit: 1 } : null;
    return ok({ id: 'm-1', duplicate, takenBy, started: [] });
  }
}

/** The two ways to hold an instance, as one operation each. */
export const pauseDoor = <T>(operate: (what: string, command: unknown) => T) => ({
  pause: (command: unknown) => operate('pause', command),
  resume: (command: unknown) => operate('resume', command),
});
