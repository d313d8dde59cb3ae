import { readJson } from '../../core/read-json.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StartDelivery } from '../ports/broker.js';
import type { StartCommand } from './start-instance.js';

export type StartMessage = Pick<StartDelivery, 'flow' | 'body' | 'contentType' | 'contentEncoding' | 'headers'>;

/** Reads a start message strictly, from the broker or from the quarantine; its receipt is for the caller to say. */
export function readStart(message: StartMessage): Result<StartCommand, { code: string; message: string }> {
  const { contentType, contentEncoding, flow, headers } = message;
  if (contentEncoding)
    return refuse('CONTENT_ENCODING', `no content encoding, but it is '${contentEncoding}'. Send plain JSON.`);
  if (contentType && !/^application\/json\b/i.test(contentType))
    return refuse('CONTENT_TYPE', `the content type application/json, but it is '${contentType}'.`);
  const input = readJson(message.body);
  if (!input.ok) return err(input.error);
  const key = headers['sluice-key'];
  if (key !== undefined && typeof key !== 'string')
    return refuse('INVALID_KEY', 'the header sluice-key to be a text, but it is not.');
  const version = headers['sluice-version'];
  return ok({
    flow,
    input: input.value,
    ...(key !== undefined && { key }),
    ...(typeof version === 'number' && { version }),
  });
}

const refuse = (code: string, text: string): Result<never, { code: string; message: string }> =>
  err({ code, message: `Expected ${text}` });
