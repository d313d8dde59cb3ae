import { JSON_LIMITS } from '../../core/read-json.js';
import type { QuarantineRecord } from '../operate/quarantine/kept-message.js';
import type { DeadDelivery, Delivery, DispatchMessage, ReplyDelivery, StartDelivery } from '../ports/broker.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Store } from '../ports/store.js';
import type { Tally } from '../tally.js';
import { whileAway } from '../while-away.js';

/** Bytes that are kept of a body that is larger than any message can usefully be. */
const KEPT = 4_096;
/** Bytes turned into characters at once; a call takes only so many arguments. */
const PIECE = 8_192;

/** How a body is fingerprinted; the engine has no crypto of its own. */
export type Sha256 = (bytes: Uint8Array) => string;

/** A start message, or what is left of one. */
type StartMessage = Omit<StartDelivery, 'flow' | 'redelivered' | 'release'>;

/** Puts unusable messages where people can read them, and only then takes them off the broker. Nothing is dropped. */
export class Refuse {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly sha256: Sha256,
    private readonly log: Log,
    private readonly tally: Tally,
  ) {}

  dispatch(delivery: Pick<Delivery, 'message' | 'ack'>, code: string, reason: string): Promise<void> {
    const { message } = delivery;
    const about = { code, reason, exchange: '', routingKey: message.lane, headers: {} };
    return this.keep(delivery, { source: 'dispatch', ...about, ...this.bodyOf(bytesOf(message)) });
  }

  start(delivery: StartMessage, code: string, reason: string, source: 'start' | 'message' = 'start'): Promise<void> {
    const { exchange, routingKey, headers, messageId, contentType, contentEncoding } = delivery;
    const told = {
      ...headers,
      ...(messageId && { messageId }),
      ...(contentType && { contentType }),
      ...(contentEncoding && { contentEncoding }),
    };
    const about = { code, reason, exchange, routingKey, headers: told };
    return this.keep(delivery, { source, ...about, ...this.bodyOf(delivery.body) });
  }

  reply(delivery: ReplyDelivery, code: string, reason: string): Promise<void> {
    const { exchange, routingKey, headers, correlationId } = delivery;
    const about = { code, reason, exchange, routingKey, headers: { ...headers, correlationId } };
    return this.keep(delivery, { source: 'reply', ...about, ...this.bodyOf(delivery.body) });
  }

  /** What it was decides where it can be replayed to. */
  dead(delivery: DeadDelivery): Promise<void> {
    const { code, reason, exchange, routingKey, headers, dispatch, start } = delivery;
    if (start) return this.start({ ...delivery, ...start, ack: () => delivery.ack() }, code, reason);
    const about = { code, reason, exchange, routingKey, headers };
    const [source, body] = dispatch
      ? (['dispatch', bytesOf(dispatch)] as const)
      : (['message', delivery.body] as const);
    return this.keep(delivery, { source, ...about, ...this.bodyOf(body) });
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
    const whole = bytes.length <= JSON_LIMITS.bytes;
    const kept = whole ? bytes : bytes.subarray(0, KEPT);
    const known = { size: bytes.length, sha256: this.sha256(bytes) };
    try {
      const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
      // A cut in the middle of a character is no reason to call the text binary: `stream` keeps it back.
      return { ...known, body: decoder.decode(kept, { stream: !whole }), encoding: 'utf8' };
    } catch {
      return { ...known, body: base64Of(kept), encoding: 'base64' };
    }
  }
}

const bytesOf = (message: DispatchMessage): Uint8Array => new TextEncoder().encode(JSON.stringify(message));

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(text);
}
