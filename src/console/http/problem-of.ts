import { HttpException } from '@nestjs/common';
import { StoreUnavailable } from '../../engine/ports/store.js';
import { Problem, storeAway } from './problem.js';

/** Fastify's own refusals, said our way. */
const FASTIFY: Readonly<Record<string, readonly [number, string, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'TOO_LARGE', 'Expected a body of at most 1 MiB, but it is larger. Send a reference to the data.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'MEDIA_TYPE', 'Expected a body of type application/json, but it has another type. Set Content-Type.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'BAD_REQUEST', 'Expected as many bytes as Content-Length says, but there were others.'],
  FST_ERR_BAD_URL: [400, 'BAD_URL', 'Expected a well-formed path, but it cannot be decoded.'],
  FST_ERR_MAX_PARAM_LENGTH: [414, 'URL_TOO_LONG', 'Expected a short id in the path, but it is too long.'],
};

/** What the client is told of an error; `null`: it is ours, and the client learns nothing but that. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  const code = codeOf(error);
  const known = FASTIFY[code];
  if (known) return new Problem(...known);
  if (error instanceof HttpException) return ofNest(error);
  if (error instanceof StoreUnavailable) return storeAway();
  return null;
}

function ofNest(error: HttpException): Problem | null {
  const status = error.getStatus();
  if (status === 404) return new Problem(404, 'NOT_FOUND', 'Expected a path of the API, but there is none like this.');
  return status < 500 ? new Problem(status, 'BAD_REQUEST', 'Expected a request that can be read, but it cannot.') : null;
}

const codeOf = (error: unknown): string => {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
};
