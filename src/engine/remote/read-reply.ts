import type { Json, JsonObject } from '../../core/json.js';
import { JSON_LIMITS, readJson } from '../../core/read-json.js';
import { err, ok, type Result } from '../../core/result.js';
import { safeMessage } from '../../core/safe/safe-message.js';
import type { ReplyDelivery } from '../ports/broker.js';
import type { AttemptOutcome } from '../ports/handlers.js';

/** What a remote worker answered, understood. The contract for those who write one is contracts/reply.schema.json. */
export interface Reply {
  /** As the worker had it in its task. */
  readonly idempotencyKey: string;
  /** `null`: it is still at work. */
  readonly outcome: AttemptOutcome | null;
  /** How long the work itself took, if the worker says so; in milliseconds. */
  readonly tookMs: number | null;
}

type Refusal = { readonly code: string; readonly message: string };

/** 365 days. */
const MAX_POLL_MS = 31_536_000_000;
const MAX_OUTPUT_BYTES = 64 * 1024;
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;
const TYPES = ['ok', 'no', 'error', 'poll', 'heartbeat'] as const;

/** Reads an answer strictly; members that the contract does not name are passed over. */
export function readReply(
  message: Pick<ReplyDelivery, 'body' | 'contentType' | 'contentEncoding'>,
): Result<Reply, Refusal> {
  const { body, contentType, contentEncoding } = message;
  if (contentEncoding)
    return refuse('CONTENT_ENCODING', `no content encoding, but it is '${contentEncoding}'. Send plain JSON.`);
  if (contentType && !/^application\/json\b/i.test(contentType))
    return refuse('CONTENT_TYPE', `the content type application/json, but it is '${contentType}'.`);
  const read = readJson(body, { ...JSON_LIMITS, depth: JSON_LIMITS.depth + 1 });
  if (!read.ok) return err(read.error);
  const { idempotencyKey, tookMs } = read.value;
  if (typeof idempotencyKey !== 'string')
    return wrong('idempotencyKey', 'the idempotency key of the task', idempotencyKey);
  if (tookMs !== undefined && !isWhole(tookMs, 0, MAX_POLL_MS))
    return wrong('tookMs', 'whole milliseconds from 0', tookMs);
  const outcome = outcomeOf(read.value);
  if (!outcome.ok) return outcome;
  return ok({ idempotencyKey, outcome: outcome.value, tookMs: (tookMs as number | undefined) ?? null });
}

function outcomeOf(reply: JsonObject): Result<AttemptOutcome | null, Refusal> {
  const { type, output, code, message, permanent = false, delayMs } = reply;
  switch (type) {
    case 'ok':
      return ok(completed(output ?? null));
    case 'no':
      if (output === undefined || output === null) return ok(completed(false));
      if (typeof output !== 'object' || Array.isArray(output)) return wrong('output', 'an object with a no', output);
      return ok(completed({ ...output, _result: false }));
    case 'error':
      if (typeof code !== 'string' || !CODE.test(code)) return wrong('code', 'a code like ACCOUNT_CLOSED', code);
      if (message !== undefined && typeof message !== 'string') return wrong('message', 'a text', message);
      if (typeof permanent !== 'boolean') return wrong('permanent', 'true or false', permanent);
      return ok({ type: 'failed', code, message: safeMessage(message ?? code), permanent });
    case 'poll':
      if (!isWhole(delayMs, 1, MAX_POLL_MS)) return wrong('delayMs', 'whole milliseconds, 1 to 365 days', delayMs);
      return ok({ type: 'polled', delayMs: delayMs as number });
    case 'heartbeat':
      return ok(null);
    default:
      return wrong('type', `one of ${TYPES.join(', ')}`, type);
  }
}

function completed(output: Json): AttemptOutcome {
  const bytes = new TextEncoder().encode(JSON.stringify(output)).length;
  if (bytes <= MAX_OUTPUT_BYTES) return { type: 'completed', output };
  const message = `Expected an output of at most ${MAX_OUTPUT_BYTES} bytes as JSON, but it has ${bytes}. Store it elsewhere and return a reference.`;
  return { type: 'failed', code: 'RESULT_TOO_LARGE', message, permanent: true };
}

const isWhole = (value: Json | undefined, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

const refuse = (code: string, text: string): Result<never, Refusal> => err({ code, message: `Expected ${text}` });

const wrong = (member: string, expected: string, got: Json | undefined): Result<never, Refusal> =>
  refuse('BAD_REPLY', `${expected} in '${member}', but got ${(JSON.stringify(got) ?? 'nothing').slice(0, 80)}.`);
