import type { NodeInstance } from '../../../core/flow/instance.js';
import { JSON_LIMITS } from '../../../core/read-json.js';
import { err, ok, type Result } from '../../../core/result.js';
import { isCurrent } from '../../intake/verdict.js';
import type { DispatchMessage } from '../../ports/broker.js';
import type { Store } from '../../ports/store.js';
import type { QuarantineView, Views } from '../../ports/views.js';
import type { Republish } from '../../repair/republish.js';
import { readStart } from '../../start/read-start.js';
import type { StartInstance } from '../../start/start-instance.js';
import type { Tally } from '../../tally.js';
import { openOne, type QuarantineRefusal, settled } from './discard-quarantined.js';

/** Why a replay failed; `code` is new on the kept message when it was refused for another reason than before. */
type Failed = QuarantineRefusal & { readonly code?: string };

export interface Replayed {
  /** The instance that stands for it now. */
  readonly instance: string;
}

export interface ReplayQuarantinedParts {
  readonly store: Store;
  readonly views: Views;
  readonly start: StartInstance;
  readonly republish: Republish;
  readonly tally: Tally;
}

/**
 * Does again what a kept message asked for: a start goes the way of every start, a dispatch is published again from its
 * row if the row still waits for it. Acts first and marks then: done twice, both lead to the same instance.
 */
export class ReplayQuarantined {
  constructor(private readonly parts: ReplayQuarantinedParts) {}

  /** @throws {StoreUnavailable} when the database is away; the same may be asked again. */
  async execute({ id, by }: { id: string; by: string }): Promise<Result<Replayed, QuarantineRefusal>> {
    const { store, views, tally } = this.parts;
    const found = await openOne(views, id);
    if (!found.ok) return found;
    const answer = await this.replay(found.value);
    if (answer.ok) {
      if (!(await store.settleQuarantined(id, { state: 'replayed', by, refusal: null }))) return err(settled(id));
      tally.count('quarantine.replayed');
      return answer;
    }
    const { code, reason, message } = answer.error;
    if (reason === 'busy') return answer;
    const refusal = code === undefined ? null : { code, reason: message };
    await store.settleQuarantined(id, { state: 'open', by, refusal });
    tally.count('quarantine.refused');
    return answer;
  }

  private replay(kept: QuarantineView): Promise<Result<Replayed, Failed>> {
    if (kept.size > JSON_LIMITS.bytes) {
      const size = `it has ${kept.size}, and only its beginning was kept`;
      return refuse('not-replayable', `a body of at most ${JSON_LIMITS.bytes} bytes, but ${size}.`);
    }
    if (kept.source === 'start') return this.begin(kept);
    if (kept.source === 'dispatch') return this.send(kept);
    return refuse('not-replayable', `a start or a dispatch, but nobody knows what this message was for.`);
  }

  private async begin(kept: QuarantineView): Promise<Result<Replayed, Failed>> {
    const { headers, routingKey: flow } = kept;
    const [messageId, contentType, contentEncoding] = ['messageId', 'contentType', 'contentEncoding'].map((name) => {
      const value = headers[name];
      return typeof value === 'string' ? value : null;
    });
    const read = readStart({
      flow,
      headers,
      body: bytesOf(kept),
      contentType: contentType ?? null,
      contentEncoding: contentEncoding ?? null,
    });
    if (!read.ok) return err({ reason: 'still-refused', ...read.error });
    // Without an identity of its own it gets this one: replayed twice, it is one instance.
    const receipt = messageId ?? `quarantine:${kept.id}`;
    const answer = await this.parts.start.execute({ ...read.value, receipt });
    if (answer.ok) return ok({ instance: answer.value.id });
    const { code, message } = answer.error;
    return code === 'BUSY' ? err({ reason: 'busy', message }) : err({ reason: 'still-refused', code, message });
  }

  private async send(kept: QuarantineView): Promise<Result<Replayed, Failed>> {
    const message = JSON.parse(kept.body) as DispatchMessage;
    const state = (await this.parts.views.states([message.instance])).items[0];
    const row = state?.nodes.find(({ node, visit }) => node === message.node && visit === message.visit);
    if (!state || !row) return refuse('stale-dispatch', `its node instance to be there, but it is not. Discard it.`);
    const { id: instance, flow, version } = state.instance;
    const sent = isCurrent(message, row) ? await this.parts.republish.due([{ instance, flow, version, node: row }]) : 0;
    if (sent > 0) return ok({ instance });
    return refuse('stale-dispatch', `its node instance to wait for it, but it ${whyStale(message, row)}. Discard it.`);
  }
}

function whyStale(message: DispatchMessage, row: NodeInstance): string {
  if (row.status !== 'ready' && row.status !== 'waiting') return `is ${row.status}`;
  if (row.attempt !== message.attempt || row.dispatch !== message.dispatch) {
    return `waits for dispatch ${row.dispatch} of attempt ${row.attempt}, and this is ${message.dispatch} of ${message.attempt}`;
  }
  return 'is kept by the database timer, or its definition has no such node';
}

const refuse = (reason: QuarantineRefusal['reason'], text: string): Promise<Result<never, Failed>> =>
  Promise.resolve(err({ reason, message: `Expected ${text}` }));

const bytesOf = ({ body, encoding }: QuarantineView): Uint8Array =>
  encoding === 'utf8'
    ? new TextEncoder().encode(body)
    : Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
