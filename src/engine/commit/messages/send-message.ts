import type { Json, JsonObject } from '../../../core/json.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { Checkpoint } from '../../ports/checkpoint.js';
import type { Identity } from '../../ports/identity.js';
import { StoreUnavailable } from '../../ports/store.js';
import type { Fired, FireTriggers } from '../../start/triggers/fire-triggers.js';
import type { Tally } from '../../tally.js';
import type { Correlate } from './correlate.js';
import { MOST_MEMBERS, members } from './matching.js';
import type { MessageRecord, MessageStore, WaitRecord } from './message-store.js';

/** How long a message is kept for somebody to wait for it, and at most: one day, 30 days. */
const KEPT_MS = 24 * 3_600_000;
const LONGEST_MS = 30 * 24 * 3_600_000;
/** Characters of its JSON. */
const MOST = 65_536;
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}(\.[A-Za-z0-9_-]{1,64}){0,7}$/;

export interface MessageCommand {
  readonly name: string;
  readonly payload: Json;
  /** The sender's id: sent again with the same one, it is the same message. */
  readonly id?: string;
  /** How long it is kept for somebody to wait for it, 1 ms to 30 days; default one day. */
  readonly ttlMs?: number;
}

export interface Sent {
  readonly id: string;
  readonly duplicate: boolean;
  /** Who has taken it already; `null`: it is kept for who will wait for it. */
  readonly takenBy: Pick<WaitRecord, 'instance' | 'node' | 'visit'> | null;
  /** What triggers have started because of it. */
  readonly started: readonly Fired[];
}

export interface MessageRefusal {
  readonly code: 'INVALID_NAME' | 'INVALID_PAYLOAD' | 'INVALID_TTL' | 'BUSY';
  readonly message: string;
}

export interface SendMessageParts {
  readonly messages: MessageStore;
  readonly correlate: Correlate;
  readonly fire: Pick<FireTriggers, 'execute'>;
  readonly identity: Identity;
  readonly tally: Tally;
  readonly checkpoint: Checkpoint;
}

/** Starts what a message starts, keeps it, then looks for who waits for it. All of it is stored before it answers. */
export class SendMessage {
  constructor(private readonly parts: SendMessageParts) {}

  /** @throws {StoreUnavailable} when it could not be stored; the same may be sent again, with an id it is the same. */
  async execute(command: MessageCommand): Promise<Result<Sent, MessageRefusal>> {
    const { name, payload, ttlMs = KEPT_MS } = command;
    const refusal = refusalOf(command, ttlMs);
    if (refusal) return err(refusal);
    const { messages, tally, checkpoint, fire } = this.parts;
    const id = this.idOf(command);
    // Before it is kept: should this process die, the sender has no answer, and the same starts come again with it.
    const fired = await fire.execute({ id, name, payload: payload as JsonObject });
    if (!fired.ok) return err(BUSY);
    const started = fired.value;
    const kept = await messages.keep({ id, name, payload }, ttlMs);
    tally.count(kept ? 'message.kept' : 'message.duplicate');
    if (!kept) return ok({ id, duplicate: true, takenBy: null, started });
    checkpoint.reach('message.kept');
    const wait = await this.offered(kept);
    const takenBy = wait && { instance: wait.instance, node: wait.node, visit: wait.visit };
    return ok({ id, duplicate: false, takenBy, started });
  }

  /** It is kept, which is what the sender is promised: should the database be away now, the loop offers it. */
  private async offered(kept: MessageRecord): Promise<WaitRecord | null> {
    try {
      return await this.parts.correlate.offer(kept);
    } catch (fault) {
      if (fault instanceof StoreUnavailable) return null;
      throw fault;
    }
  }

  private idOf({ id, name }: MessageCommand): string {
    const { identity } = this.parts;
    return id === undefined ? identity.next() : identity.sha256(new TextEncoder().encode(`${name}\n${id}`));
  }
}

const BUSY: MessageRefusal = {
  code: 'BUSY',
  message: 'Expected room for what the message starts, but too much work lies in the lanes. Send it again later.',
};

function refusalOf({ name, payload }: MessageCommand, ttlMs: number): MessageRefusal | null {
  const refuse = (code: MessageRefusal['code'], expected: string, but: string): MessageRefusal => ({
    code,
    message: `Expected ${expected}, but ${but}.`,
  });
  if (!NAME.test(name)) {
    return refuse(
      'INVALID_NAME',
      'a name of ASCII letters, digits, "_" and "-", in parts joined by dots',
      `it is '${name.slice(0, 80)}'`,
    );
  }
  const size = JSON.stringify(payload).length;
  if (size > MOST) return refuse('INVALID_PAYLOAD', `a payload of at most ${MOST} characters`, `it has ${size}`);
  const count = members(payload).length;
  if (count > MOST_MEMBERS) {
    const expected = `at most ${MOST_MEMBERS} texts, numbers and booleans in the payload`;
    return refuse('INVALID_PAYLOAD', expected, `there are ${count}; put those that nobody matches into an object`);
  }
  if (Number.isInteger(ttlMs) && ttlMs >= 1 && ttlMs <= LONGEST_MS) return null;
  return refuse('INVALID_TTL', 'to keep it between 1 ms and 30 days', `it is ${ttlMs} ms`);
}
