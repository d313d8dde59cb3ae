import type { NodeRef } from '../../../core/flow/event.js';
import type { Caller, Failure } from '../../../core/flow/instance.js';
import type { Json, JsonObject } from '../../../core/json.js';

/** A node instance anywhere. */
interface NodeKey extends NodeRef {
  readonly instance: string;
}

/** A node instance that waits for a message, as it is found by messages. Written and removed with its node row. */
export interface WaitRecord extends NodeKey {
  readonly flow: string;
  readonly version: number;
  /** The name of the message. */
  readonly name: string;
  /** Members of the payload, and what each must be equal to. */
  readonly match: Readonly<Record<string, string | number | boolean>>;
  /** How old a message may be that came before, in milliseconds; `null`: as old as they are kept. */
  readonly keepMs: number | null;
  /** Database time. */
  readonly openedAt: number;
}

/** A message from outside, from when it came until somebody has taken it or its time is over. */
export interface MessageRecord {
  readonly id: string;
  readonly name: string;
  readonly payload: Json;
  /** Database time. */
  readonly receivedAt: number;
  readonly expiresAt: number;
}

export interface ClaimedMessage extends MessageRecord {
  readonly by: WaitRecord;
}

/** What a transition writes beside its own instance. */
export interface Beyond {
  readonly opened: readonly WaitRecord[];
  readonly closed: readonly NodeKey[];
  /** Ids of the messages that are used up. */
  readonly taken: readonly string[];
  readonly signals: readonly SignalRecord[];
  /** Tasks that were cancelled: told to handlers that run here, and not written. */
  readonly withdrawn?: readonly NodeKey[];
  /** What people are asked to do, and what no more; absent when there is neither. */
  readonly manual?: { readonly opened: readonly ManualRecord[]; readonly closed: readonly NodeKey[] };
}

/** A person is asked to do something: written and removed with its node row. */
export interface ManualRecord extends NodeKey {
  readonly flow: string;
  readonly version: number;
  /** Whose it is; `null`: anybody's. At most 190 characters. */
  readonly assignee: string | null;
  readonly shown: JsonObject | null;
  /** Database times. */
  readonly openedAt: number;
  readonly dueAt: number | null;
  readonly expiresAt: number | null;
}

/** Word of one instance to another, from the transition that it comes from until the other has heard it. */
export interface SignalRecord {
  readonly id: string;
  /** When somebody else than who wrote it delivers it; database time. */
  readonly wakeAt: number;
  readonly body:
    | {
        readonly type: 'call.ended';
        readonly caller: Caller;
        readonly result: Json;
        readonly error: Failure | null;
      }
    /** `flow` is the called one. */
    | { readonly type: 'call.abandoned'; readonly caller: Caller; readonly flow: string };
}

/** How many messages are kept, and how many wait for one. */
export interface MessageCounts {
  readonly open: number;
  readonly claimed: number;
  readonly waits: number;
}

/** What there is for a round of the loop to do. Database times; `null`: there is none. */
export interface Outstanding {
  readonly now: number;
  /** When the oldest claim was made. */
  readonly claimedAt: number | null;
  /** When the youngest open message came, and when the youngest wait was opened: the later of both. */
  readonly writtenAt: number | null;
  /** When the first message ends, claimed or taken ones too. */
  readonly expiresAt: number | null;
}

/**
 * Messages and the waits that they may be for. Both sides insert, commit and only then look for the other, so that
 * they cannot miss each other. Each method is one transaction or one statement.
 */
export abstract class MessageStore {
  /** Keeps a message for `ttlMs`; answers it as it is kept, or `null` when it was there before. */
  abstract keep(message: Pick<MessageRecord, 'id' | 'name' | 'payload'>, ttlMs: number): Promise<MessageRecord | null>;

  /** Waits that these messages may be for, by one of their keys; the oldest first. What they match decides. */
  abstract waitsFor(messages: readonly Pick<MessageRecord, 'name' | 'payload'>[]): Promise<readonly WaitRecord[]>;

  /** Messages, not claimed, that these waits may be for; the oldest first. */
  abstract messagesFor(waits: readonly Pick<WaitRecord, 'name' | 'match'>[]): Promise<readonly MessageRecord[]>;

  /** Sets an open message aside for one wait; false when somebody else has. */
  abstract claim(message: string, wait: WaitRecord): Promise<boolean>;

  /** Gives a claimed message back, if the wait still has it; answers whether it had. */
  abstract release(message: string, wait: NodeKey): Promise<boolean>;

  /** Takes back a wait whose node instance does not wait any more. */
  abstract forget(wait: WaitRecord): Promise<void>;

  /** Asked by an idle engine again and again: one statement, of the ends of indexes. */
  abstract outstanding(): Promise<Outstanding>;

  /** Open messages received, and waits opened, at that time or later; the oldest first, at most `limit` of each. */
  abstract recent(
    from: number,
    limit: number,
  ): Promise<{ readonly messages: readonly MessageRecord[]; readonly waits: readonly WaitRecord[] }>;

  /** Messages that have been claimed for longer than that, and by whom. */
  abstract claimedFor(ms: number, limit: number): Promise<readonly ClaimedMessage[]>;

  /** Messages whose time is over and that nobody has taken; those that are taken are removed on the way. */
  abstract expired(limit: number): Promise<readonly MessageRecord[]>;

  abstract remove(messages: readonly string[]): Promise<void>;

  /** Signals that are due, the oldest first; they are due again after `leaseMs`, if they are still there. */
  abstract signals(limit: number, leaseMs: number): Promise<readonly SignalRecord[]>;

  /** Removes signals that were delivered. */
  abstract heard(signals: readonly string[]): Promise<void>;

  abstract counts(): Promise<MessageCounts>;
}
