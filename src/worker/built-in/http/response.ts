import type { IncomingHttpHeaders } from 'node:http';
import { PassThrough, type Readable, type Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import type { Json } from '../../../core/json.js';
import { PermanentError } from '../../../engine/ports/handlers.js';

/** Most bytes of a response, counted after decompression. */
export const MAX_RESPONSE_BYTES = 1024 * 1024;

/**
 * Reads a body to its end, its limit or the abort, whichever is first. What a few compressed bytes unfold to is
 * counted while it unfolds, so that a bomb costs no more than the limit.
 */
export async function readBody(body: Readable, encoding: string, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const gather = new Writable({
    write(chunk: Buffer, _, done) {
      size += chunk.length;
      if (size > MAX_RESPONSE_BYTES) return done(tooLarge());
      chunks.push(chunk);
      done();
    },
  });
  await pipeline(body, decoder(encoding), gather, { signal });
  return Buffer.concat(chunks);
}

const tooLarge = (): PermanentError =>
  new PermanentError(
    'HTTP_RESPONSE_TOO_LARGE',
    `Expected a response of at most ${MAX_RESPONSE_BYTES} bytes, but it has more. Ask the partner for less, or fetch it elsewhere.`,
  );

function decoder(encoding: string): Transform {
  switch (encoding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return new PassThrough();
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new PermanentError(
        'HTTP_ENCODING',
        `Expected a response in gzip, br or as it is, but its content-encoding is ${JSON.stringify(encoding.slice(0, 100))}.`,
      );
  }
}

/** JSON as a value, text as a text, nothing as null. @throws {PermanentError} for what is neither. */
export function parseBody(bytes: Buffer, headers: IncomingHttpHeaders): Json {
  if (bytes.length === 0) return null;
  const [type = '', ...parameters] = String(headers['content-type'] ?? 'text/plain')
    .toLowerCase()
    .split(';');
  const charset = parameters.map((one) => /^\s*charset\s*=\s*"?([^"\s]+)/.exec(one)?.[1]).find(Boolean) ?? 'utf-8';
  const text = (): string => decode(bytes, charset);
  if (/^\s*application\/(json|[\w.+-]+\+json)\s*$/.test(type)) return parseJson(text());
  if (/^\s*(text\/|application\/(xml|[\w.+-]+\+xml|x-www-form-urlencoded|javascript|yaml)\s*$)/.test(type))
    return text();
  throw new PermanentError(
    'HTTP_CONTENT_TYPE',
    `Expected JSON or text, but the response is ${JSON.stringify(type.slice(0, 100))}. Fetch it in a handler of your own.`,
  );
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new PermanentError(
      'HTTP_BAD_JSON',
      'Expected JSON, as the content-type of the response says, but it is none. The request was answered with success and is not sent again.',
    );
  }
}

function decode(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}
