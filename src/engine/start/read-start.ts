import type { JsonObject } from '../../core/json.js';
import { readJson } from '../../core/read-json.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StartDelivery } from '../ports/broker.js';
import type { StartCommand } from './start-instance.js';

export type StartMessage = Pick<StartDelivery, 'flow' | 'body' | 'contentType' | 'contentEncoding' | 'headers'>;

/** The JSON object in a message that somebody sent, if it says of itself that it is one. */
export function readBody({
  contentType,
  contentEncoding,
  body,
}: Pick<StartMessage, 'body' | 'contentType' | 'contentEncoding'>): Result<
  JsonObject,
  { code: string; message: string }
> {
  if (contentEncoding)
    return refuse('CONTENT_ENCODING', `no content encoding, but it is '${contentEncoding}'. Send plain JSON.`);
  if (contentType && !/^application\/json\b/i.test(contentType))
    return refuse('CONTENT_TYPE', `the content type application/json, but it is '${contentType}'.`);
  const input = readJson(body);
  return input.ok ? ok(input.value) : err(input.error);
}

/** Reads a start message strictly, from the broker or from the quarantine; its receipt is for the caller to say. */
export function readStart(message: StartMessage): Result<StartCommand, { code: string; message: string }> {
  const { flow, headers } = message;
  const input = readBody(message);
  if (!input.ok) return input;
  const key = headers['sluice-key'];
  if (key !== undefined && typeof key !== 'string')
    return refuse('INVALID_KEY', 'the header sluice-key to be a text, but it is not.');
  const play = headers['sluice-play'];
  if (play !== undefined && typeof play !== 'string')
    return refuse('UNKNOWN_PLAY', 'the header sluice-play to be a text, but it is not.');
  const version = headers['sluice-version'];
  // Taken for the newest, a start could run what its sender has ruled out.
  if (version !== undefined && !Number.isSafeInteger(version))
    return refuse('UNKNOWN_FLOW', 'the header sluice-version to be a whole number, but it is not.');
  return ok({
    flow,
    input: input.value,
    ...(key !== undefined && { key }),
    ...(play !== undefined && { play }),
    ...(typeof version === 'number' && { version }),
  });
}

const refuse = (code: string, text: string): Result<never, { code: string; message: string }> =>
  err({ code, message: `Expected ${text}` });
