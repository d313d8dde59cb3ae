import type { DeadDelivery, Delivery, StartDelivery } from '../ports/broker.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { QuarantineRecord, Store } from '../ports/store.js';
import type { Tally } from '../tally.js';
import { whileAway } from '../while-away.js';

/** Bytes of a refused body that are kept. */
const KEPT = 4_096;

/** How a body is fingerprinted; the engine has no crypto of its own. */
export type Sha256 = (bytes: Uint8Array) => string;

/** Puts unusable messages where people can read them, and only then takes them off the broker. Nothing is dropped. */
export class Refuse {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly sha256: Sha256,
    private readonly log: Log,
    private readonly tally: Tally,
  ) {}

  dispatch(delivery: Delivery, code: string, reason: string): Promise<void> {
    const body = new TextEncoder().encode(JSON.stringify(delivery.message));
    return this.keep(delivery, {
      source: 'dispatch',
      code,
      reason,
      exchange: '',
      routingKey: delivery.message.lane,
      headers: {},
      ...this.bodyOf(body),
    });
  }

  start(delivery: StartDelivery, code: string, reason: string): Promise<void> {
    const { exchange, routingKey, headers, messageId, contentType } = delivery;
    const told = { ...headers, ...(messageId && { messageId }), ...(contentType && { contentType }) };
    return this.keep(delivery, {
      source: 'start',
      code,
      reason,
      exchange,
      routingKey,
      headers: told,
      ...this.bodyOf(delivery.body),
    });
  }

  dead(delivery: DeadDelivery): Promise<void> {
    const { code, reason, exchange, routingKey, headers } = delivery;
    return this.keep(delivery, {
      source: 'message',
      code,
      reason,
      exchange,
      routingKey,
      headers,
      ...this.bodyOf(delivery.body),
    });
  }

  private async keep(delivery: { ack(): void }, record: QuarantineRecord): Promise<void> {
    this.tally.count('quarantined');
    this.log.warn('A message went to the quarantine.', {
      code: record.code,
      reason: record.reason,
      routingKey: record.routingKey,
    });
    try {
      await whileAway(this.clock, () => this.store.quarantine(record));
    } catch (fault) {
      // Not even as a record can it be stored: the log has the last of it, since going round for ever helps nobody.
      this.log.error('A message could not be stored in the quarantine.', { ...record, fault: String(fault) });
    }
    delivery.ack();
  }

  private bodyOf(bytes: Uint8Array): Pick<QuarantineRecord, 'body' | 'encoding' | 'size' | 'sha256'> {
    const head = bytes.subarray(0, KEPT);
    const known = { size: bytes.length, sha256: this.sha256(bytes) };
    try {
      // A cut in the middle of a character is no reason to call the text binary: `stream` keeps it back.
      return {
        ...known,
        body: new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true }),
        encoding: 'utf8',
      };
    } catch {
      return { ...known, body: btoa(String.fromCharCode(...head)), encoding: 'base64' };
    }
  }
}
