import { HttpException } from '@nestjs/common';
import { StoreUnavailable } from '../../engine/ports/store.js';
import { UnknownCursor } from '../../engine/ports/views.js';
import { Problem, storeAway } from './problem.js';

/** What the HTTP server itself refuses, said our way. */
const REFUSALS: Readonly<Record<number, readonly [string, string]>> = {
  400: ['BAD_REQUEST', 'Expected a well-formed request, but its path or its length cannot be read.'],
  404: ['NOT_FOUND', 'Expected a path of the API, but there is none like this. GET /api/openapi.json lists them.'],
  413: ['TOO_LARGE', 'Expected a body of at most 1 MiB, but it is larger. Send a reference to the data instead.'],
  414: ['URL_TOO_LONG', 'Expected a short id in the path, but it is too long.'],
  415: ['MEDIA_TYPE', 'Expected a body of type application/json, but it has another type. Set Content-Type.'],
};

/** What the client is told of an error; `null`: it is ours, and the client learns nothing but that. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof StoreUnavailable) return storeAway();
  if (error instanceof UnknownCursor) return new Problem(400, 'UNKNOWN_CURSOR', error.message);
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
  const refusal = REFUSALS[status];
  if (refusal) return new Problem(status, ...refusal);
  if (status < 400 || status >= 500) return null;
  return new Problem(status, 'BAD_REQUEST', 'Expected a request that can be answered, but this cannot.');
}

/** The status that Fastify gave its own error; 500 for everything else. */
const statusOf = (error: unknown): number => {
  const { statusCode, code } = (error ?? {}) as { statusCode?: unknown; code?: unknown };
  return typeof statusCode === 'number' && String(code).startsWith('FST_') ? statusCode : 500;
};
