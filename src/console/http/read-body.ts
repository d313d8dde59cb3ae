import type { FastifyInstance } from 'fastify';
import { JSON_LIMITS, type JsonFaultCode, readJson } from '../../core/read-json.js';
import { Problem } from './problem.js';

const STATUS: Readonly<Partial<Record<JsonFaultCode, number>>> = { NOT_JSON: 400, TOO_LARGE: 413 };

/**
 * Bodies are JSON objects read by the same guard as start messages, or YAML text. Every other type is a 415, and
 * compressed bodies are too: nothing is inflated.
 */
export function readBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: JSON_LIMITS.bytes },
    (request, body: Buffer, done) => {
      if (request.headers['content-encoding']) return done(compressed());
      if (body.length === 0) return done(null, {});
      const answer = readJson(body);
      if (answer.ok) return done(null, answer.value);
      const { code, message, offset } = answer.error;
      done(new Problem(STATUS[code] ?? 422, code, message, { members: { offset } }));
    },
  );
  fastify.addContentTypeParser(
    ['text/yaml', 'application/yaml', 'application/x-yaml'],
    { parseAs: 'buffer', bodyLimit: JSON_LIMITS.bytes },
    (request, body: Buffer, done) => {
      if (request.headers['content-encoding']) return done(compressed());
      const text = textOf(body);
      if (text === null) return done(notUtf8());
      done(null, text);
    },
  );
}

/** `null`: it is no UTF-8, and what it would be read as is another text than the one that was sent. */
function textOf(body: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return null;
  }
}

const notUtf8 = (): Problem =>
  new Problem(400, 'NOT_UTF8', 'Expected YAML in UTF-8, but some bytes are no UTF-8. Save the file as UTF-8.');

const compressed = (): Problem =>
  new Problem(
    415,
    'CONTENT_ENCODING',
    'Expected a plain body, but it is compressed. Send it without Content-Encoding.',
  );
