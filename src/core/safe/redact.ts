import type { Json } from '../json.js';

const SECRET_KEY = /pass|secret|token|authorization|api[-_]?key|cookie/i;
const HIDDEN = '***';

// Every repetition is bounded or cannot overlap with what follows it: the text comes from partners, and a message
// made to backtrack must not hold up the event loop.
const CREDENTIALS_IN_URL = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]{1,512}@/gi;
const BEARER = /\b(bearer\s{1,4})[^\s"',;]{1,4096}/gi;
const BASIC = /\b(basic\s{1,4})[A-Za-z0-9+/=_-]{8,4096}/gi;
const HEADER_LINE =
  /((?:authorization|cookie)["']?\s{0,4}[:=]\s{0,4})("[^"\r\n]{0,4096}"?|'[^'\r\n]{0,4096}'?|[^\r\n]{1,4096})/gi;
const KEY_AND_VALUE =
  /((?:pass|secret|token|api[-_]?key)[\w-]{0,64}["']?\s{0,4}[:=]\s{0,4})("[^"\r\n]{0,4096}"?|'[^'\r\n]{0,4096}'?|[^\s,;&}\])]{1,4096})/gi;

/** Does this name look like one of a secret? */
export const isSecretKey = (key: string): boolean => SECRET_KEY.test(key);

/** Hides what stands behind names of secrets, and credentials in URLs. */
export function redactText(text: string): string {
  return text
    .replace(CREDENTIALS_IN_URL, `$1${HIDDEN}@`)
    .replace(BEARER, `$1${HIDDEN}`)
    .replace(BASIC, `$1${HIDDEN}`)
    .replace(HEADER_LINE, `$1${HIDDEN}`)
    .replace(KEY_AND_VALUE, `$1${HIDDEN}`);
}

/** A copy whose secret-looking members are hidden. */
export function redactJson(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(redactJson);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, isSecretKey(key) ? HIDDEN : redactJson(member)]),
  );
}
