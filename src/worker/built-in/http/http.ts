import { type Dispatcher, request } from 'undici';
import type { JsonObject } from '../../../core/json.js';
import { isSecretKey } from '../../../core/safe/redact.js';
import { PermanentError, type TaskHandler } from '../../../engine/ports/handlers.js';
import { AllowList } from './address.js';
import { guardedAgent, type Resolve } from './guarded-agent.js';
import { type HttpRequest, parseUrl, requestOf } from './request.js';
import { parseBody, readBody } from './response.js';

const MAX_HOPS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];
/** Of a client's errors, the three that may be gone next time. */
const WORTH_RETRYING = [408, 425, 429];
const KEPT_HEADERS = [
  'content-type',
  'date',
  'etag',
  'last-modified',
  'link',
  'location',
  'retry-after',
  'x-request-id',
];

export interface HttpOptions {
  /** `host` or `host:port` that may be reached although private. */
  readonly allow: readonly string[];
  /** All addresses of a name; the system's resolver unless given. */
  readonly resolve?: Resolve;
}

/** The built-in task `http`, and what closes its connections. */
export interface HttpTask {
  readonly handler: TaskHandler;
  close(): Promise<void>;
}

/**
 * `http`: sends one request and answers `{ status, headers, body }` for a 2xx. Anything else fails with the code
 * `HTTP_<status>`: for good with most of 4xx, to be tried again with the rest. Reaches public addresses only.
 */
export function httpTask({ allow, resolve }: HttpOptions): HttpTask {
  const agent = guardedAgent(new AllowList(allow), resolve);
  const handler: TaskHandler = async (input, context) => {
    let next = requestOf(input, context);
    for (let hops = 0; ; hops++) {
      const answer = await send(next, agent, context.signal);
      if (!REDIRECTS.includes(answer.status) || answer.location === null) return resultOf(answer);
      if (hops === MAX_HOPS)
        throw new PermanentError('HTTP_REDIRECTS', `Expected at most ${MAX_HOPS} redirects, but there were more.`);
      next = redirected(next, answer.status, answer.location);
    }
  };
  return { handler, close: () => agent.destroy() };
}

interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly bytes: Buffer;
}

async function send(
  { url, method, headers, body }: HttpRequest,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<Answer> {
  const response = await request(url, { method, headers, body, dispatcher, signal });
  const location = response.headers['location'];
  const encoding = method === 'HEAD' ? '' : String(response.headers['content-encoding'] ?? '');
  try {
    return {
      status: response.statusCode,
      location: typeof location === 'string' ? location : null,
      headers: response.headers,
      bytes: await readBody(response.body, encoding, signal),
    };
  } catch (error) {
    // A body that is left unread would keep its connection.
    response.body.on('error', () => {}).destroy();
    throw error;
  }
}

/** What a browser would ask next, but never with less protection, nor with one partner's secrets for another. */
function redirected(
  { url, method, headers, body, filled }: HttpRequest,
  status: number,
  location: string,
): HttpRequest {
  const next = parseUrl(location, url);
  if (url.protocol === 'https:' && next.protocol === 'http:') {
    throw new PermanentError(
      'HTTP_REDIRECTS',
      `Expected a redirect to stay with https, but it leads to http at ${next.host}.`,
    );
  }
  const kept = Object.entries(headers).filter(
    ([name]) => next.origin === url.origin || !(isSecretKey(name) || filled.includes(name)),
  );
  const becomesGet = (status === 303 && method !== 'HEAD') || ((status === 301 || status === 302) && method === 'POST');
  if (!becomesGet) return { url: next, method, headers: Object.fromEntries(kept), body, filled };
  return {
    url: next,
    method: 'GET',
    headers: Object.fromEntries(kept.filter(([name]) => name !== 'content-type')),
    body: null,
    filled,
  };
}

function resultOf({ status, headers, bytes }: Answer): JsonObject {
  if (status < 200 || status > 299) throw failureOf(status, bytes);
  const kept = KEPT_HEADERS.flatMap((name) =>
    headers[name] === undefined ? [] : [[name, String(headers[name])] as const],
  );
  return { status, headers: Object.fromEntries(kept), body: parseBody(bytes, headers) };
}

function failureOf(status: number, bytes: Buffer): Error {
  const said = bytes.toString('utf8').slice(0, 300).trim();
  const message = `Expected a 2xx, but the answer is ${status}${said ? `: ${said}` : '.'}`;
  const permanent = status < 500 && !WORTH_RETRYING.includes(status);
  const code = `HTTP_${status}`;
  return permanent ? new PermanentError(code, message) : Object.assign(new Error(message), { code });
}
