import type { JsonObject } from '../../../core/json.js';
import { PermanentError, type TaskContext } from '../../../engine/ports/handlers.js';
import { traceparent } from '../../traceparent.js';
import { fillJson, fillText, fillUrl } from './fill.js';

/** A request that is ready to be sent. Header names are in lower case. */
export interface HttpRequest {
  readonly url: URL;
  readonly method: Method;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Headers that were filled from the input: they are for this partner alone. */
  readonly filled: readonly string[];
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

const WITH_BODY: readonly Method[] = ['POST', 'PUT', 'PATCH'];
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
// Line ends would begin a header of their own; undici refuses them as well, but in words of its own.
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Said by the connection, not by the author. */
const OURS = [
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
];

/** Makes a request of the node's `with` and the task's input. @throws {PermanentError} when it cannot be one. */
export function requestOf(input: JsonObject, context: TaskContext): HttpRequest {
  const { with: literals, idempotencyKey } = context;
  const method = String(literals['method'] ?? 'GET').toUpperCase() as Method;
  if (!METHODS.includes(method))
    throw bad(`"method" to be one of ${METHODS.join(', ')}`, JSON.stringify(literals['method']));
  if (typeof literals['url'] !== 'string')
    throw bad('"with.url" to be a text', JSON.stringify(literals['url'] ?? null));
  const url = parseUrl(fillUrl(literals['url'], input));

  const headers: Record<string, string> = {
    accept: 'application/json, text/*;q=0.9',
    'user-agent': 'sluice',
    'idempotency-key': idempotencyKey,
    traceparent: traceparent(context),
    ...headersOf(literals['headers'] ?? {}, input),
    'accept-encoding': 'gzip, br',
  };
  const body = bodyOf(literals, input, method);
  if (body !== null)
    headers['content-type'] ??= typeof literals['body'] === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  return { url, method, headers, body, filled: filledIn(literals['headers'] ?? {}) };
}

const filledIn = (template: unknown): string[] =>
  Object.entries(template as object).flatMap(([name, text]) =>
    String(text).includes('${') ? [name.toLowerCase()] : [],
  );

/** @throws {PermanentError} when it is no URL that a task may ask for. */
export function parseUrl(text: string, from?: URL): URL {
  // A URL parser drops line ends and tabs in silence.
  if (/[\0-\x20\x7f]/.test(text)) throw bad('a URL without spaces and line ends', JSON.stringify(text.slice(0, 200)));
  if (!URL.canParse(text, from?.href)) throw bad('a URL', JSON.stringify(text.slice(0, 200)));
  const url = new URL(text, from);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw bad('http or https', `the scheme is ${url.protocol}`);
  if (url.username || url.password) throw bad('no credentials in the URL', 'there are some; send them as a header');
  return url;
}

function headersOf(template: unknown, input: JsonObject): Record<string, string> {
  if (typeof template !== 'object' || template === null || Array.isArray(template))
    throw bad('"headers" to be a map', 'it is none');
  const headers: Record<string, string> = {};
  for (const [written, text] of Object.entries(template)) {
    const name = written.toLowerCase();
    if (!TOKEN.test(name) || OURS.includes(name)) throw bad('a header that an author may set', JSON.stringify(written));
    const value = fillText(String(text), input);
    if (!HEADER_VALUE.test(value)) throw bad(`the header ${name} to be one line of Latin text`, 'it is not');
    headers[name] = value;
  }
  return headers;
}

/** Without a `body`, methods that have one send the input. */
function bodyOf(literals: JsonObject, input: JsonObject, method: Method): string | null {
  const template = literals['body'];
  if (template === undefined) return WITH_BODY.includes(method) ? JSON.stringify(input) : null;
  if (method === 'GET' || method === 'HEAD') throw bad(`no "body" with ${method}`, 'there is one');
  return typeof template === 'string' ? fillText(template, input) : JSON.stringify(fillJson(template, input));
}

const bad = (expected: string, but: string): PermanentError =>
  new PermanentError(
    'HTTP_BAD_REQUEST',
    `Expected ${expected}, but ${but.startsWith('"') || but === 'null' ? `got ${but}` : but}.`,
  );
