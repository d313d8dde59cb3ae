import { keyOfWait, keysOfMessage } from '../../engine/commit/messages/matching.js';
import {
  type ClaimedMessage,
  type MessageCounts,
  type MessageRecord,
  MessageStore,
  type Outstanding,
  type SignalRecord,
  type WaitRecord,
} from '../../engine/commit/messages/message-store.js';
import type { NodeKey } from '../../engine/ports/store.js';
import { copy, type KeptMessage, type MemoryRows, order, waitName } from '../memory-store-rows.js';

/** Messages and waits in maps. */
export class MemoryMessages extends MessageStore {
  constructor(private readonly rows: MemoryRows) {
    super();
  }

  async keep(message: Pick<MessageRecord, 'id' | 'name' | 'payload'>, ttlMs: number): Promise<MessageRecord | null> {
    if (this.rows.messages.has(message.id)) return null;
    const now = this.rows.clock.now();
    const kept = copy({ ...message, receivedAt: now, expiresAt: now + ttlMs });
    this.rows.messages.set(message.id, { ...kept, state: 'open', by: null, claimedAt: 0 });
    return copy(kept);
  }

  async waitsFor(messages: readonly Pick<MessageRecord, 'name' | 'payload'>[]): Promise<readonly WaitRecord[]> {
    const keys = new Set(messages.flatMap(keysOfMessage));
    return this.waits().filter((wait) => keys.has(keyOfWait(wait)));
  }

  async messagesFor(waits: readonly Pick<WaitRecord, 'name' | 'match'>[]): Promise<readonly MessageRecord[]> {
    const keys = new Set(waits.map(keyOfWait));
    return this.open().filter((message) => keysOfMessage(message).some((key) => keys.has(key)));
  }

  async claim(message: string, wait: WaitRecord): Promise<boolean> {
    const kept = this.rows.messages.get(message);
    if (kept?.state !== 'open') return false;
    Object.assign(kept, { state: 'claimed', by: copy(wait), claimedAt: this.rows.clock.now() });
    return true;
  }

  async release(message: string, wait: NodeKey): Promise<boolean> {
    const kept = this.rows.messages.get(message);
    if (kept?.state !== 'claimed' || kept.by === null || waitName(kept.by) !== waitName(wait)) return false;
    Object.assign(kept, { state: 'open', by: null });
    return true;
  }

  async forget(wait: WaitRecord): Promise<void> {
    if (this.rows.waits.get(waitName(wait))?.openedAt === wait.openedAt) this.rows.waits.delete(waitName(wait));
  }

  async outstanding(): Promise<Outstanding> {
    const all = [...this.rows.messages.values()];
    const claimed = all.filter(({ state }) => state === 'claimed').map(({ claimedAt }) => claimedAt);
    const written = [
      ...all.filter(({ state }) => state === 'open').map(({ receivedAt }) => receivedAt),
      ...this.waits().map(({ openedAt }) => openedAt),
    ];
    return {
      now: this.rows.clock.now(),
      claimedAt: claimed.length === 0 ? null : Math.min(...claimed),
      writtenAt: written.length === 0 ? null : Math.max(...written),
      expiresAt: all.length === 0 ? null : Math.min(...all.map(({ expiresAt }) => expiresAt)),
    };
  }

  async recent(
    from: number,
    limit: number,
  ): Promise<{ messages: readonly MessageRecord[]; waits: readonly WaitRecord[] }> {
    return {
      messages: this.open()
        .filter(({ receivedAt }) => receivedAt >= from)
        .slice(0, limit),
      waits: this.waits()
        .filter(({ openedAt }) => openedAt >= from)
        .slice(0, limit),
    };
  }

  async claimedFor(ms: number, limit: number): Promise<readonly ClaimedMessage[]> {
    const before = this.rows.clock.now() - ms;
    return [...this.rows.messages.values()]
      .filter(({ state, claimedAt }) => state === 'claimed' && claimedAt <= before)
      .slice(0, limit)
      .flatMap((kept) => (kept.by ? [{ ...recordOf(kept), by: copy(kept.by) }] : []));
  }

  async expired(limit: number): Promise<readonly MessageRecord[]> {
    const now = this.rows.clock.now();
    const over = [...this.rows.messages.values()].filter(({ expiresAt }) => expiresAt <= now).slice(0, limit);
    for (const { id, state } of over) if (state === 'taken') this.rows.messages.delete(id);
    return over.filter(({ state }) => state === 'open').map(recordOf);
  }

  async remove(messages: readonly string[]): Promise<void> {
    for (const id of messages) this.rows.messages.delete(id);
  }

  async signals(limit: number, leaseMs: number): Promise<readonly SignalRecord[]> {
    const now = this.rows.clock.now();
    const due = [...this.rows.signals.values()].filter(({ wakeAt }) => wakeAt <= now).slice(0, limit);
    const taken = due.map((signal) => copy({ ...signal, wakeAt: now + leaseMs }));
    for (const signal of taken) this.rows.signals.set(signal.id, copy(signal));
    return taken;
  }

  async heard(signals: readonly string[]): Promise<void> {
    for (const id of signals) this.rows.signals.delete(id);
  }

  async counts(): Promise<MessageCounts> {
    const claimed = [...this.rows.messages.values()].filter(({ state }) => state === 'claimed').length;
    return { open: this.open().length, claimed, waits: this.rows.waits.size };
  }

  private open(): MessageRecord[] {
    return [...this.rows.messages.values()]
      .filter(({ state }) => state === 'open')
      .map(recordOf)
      .sort((a, b) => a.receivedAt - b.receivedAt || order(a.id, b.id));
  }

  private waits(): WaitRecord[] {
    return [...this.rows.waits.values()]
      .map(copy)
      .sort((a, b) => a.openedAt - b.openedAt || order(a.instance, b.instance));
  }
}

const recordOf = ({ id, name, payload, receivedAt, expiresAt }: KeptMessage): MessageRecord =>
  copy({ id, name, payload, receivedAt, expiresAt });
