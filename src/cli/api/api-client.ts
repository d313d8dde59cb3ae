import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ACCESS_FILE } from '../../config/access-file.js';
import { Refused, type Terminal, visible } from '../terminal.js';

const DEFAULT_URL = 'http://127.0.0.1:3000';
const PATIENCE_MS = 30_000;
/** What a header can carry; anything else `fetch` refuses before it asks anybody. */
const VISIBLE = /^[\x21-\x7e]+$/;

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly violations?: readonly { readonly pointer: string; readonly message: string }[];
  readonly problems?: unknown;
}

/** The API refused; `code` is the stable one of the answer. */
export class ApiRefusal extends Refused {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    const detail = problem.detail ?? `The server answered ${status}.`;
    const violations = Array.isArray(problem.violations) ? problem.violations : [];
    const untold = violations.filter(({ message }) => !detail.includes(message));
    const lines = untold.map(({ pointer, message }) => `${pointer || '/'}: ${message}`);
    super(visible(detail) + lines.map((line) => `\n  ${visible(line)}`).join(''));
  }
}

/** Talks to a running server with SLUICE_URL and SLUICE_TOKEN, or to the one that left its access in the data folder. */
export class ApiClient {
  readonly #url: string;
  readonly #token: string;

  constructor(terminal: Pick<Terminal, 'env' | 'cwd'>) {
    const { env, cwd } = terminal;
    const left = leftAccess(resolve(cwd, env['SLUICE_DATA'] || '.sluice'));
    this.#url = (env['SLUICE_URL'] || left?.url || DEFAULT_URL).replace(/\/+$/, '');
    // The token that was left belongs to the server that left it, and goes nowhere else.
    const token = env['SLUICE_TOKEN'] || (left?.url === this.#url ? left.token : undefined);
    if (!/^https?:\/\/[^/]/.test(this.#url) || !URL.canParse(this.#url)) {
      throw new Refused('Expected SLUICE_URL to look like http://127.0.0.1:3000, but it does not.', 2);
    }
    if (!token)
      throw new Refused('Expected SLUICE_TOKEN to be set, but it is not. Set it to the token of the server.', 2);
    if (!VISIBLE.test(token))
      throw new Refused('Expected SLUICE_TOKEN to be visible ASCII characters, but it has others. Copy it anew.', 2);
    this.#token = token;
  }

  async get<T>(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<T> {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
    return this.#call<T>(path, search, {});
  }

  /** @param identity of what is asked for: sent again, it is done once. */
  async post<T>(path: string, body: unknown, identity?: string): Promise<T> {
    if (identity !== undefined && !(VISIBLE.test(identity) && identity.length <= 190)) {
      const sentence = `Expected an identity of 1 to 190 visible ASCII characters, but it is '${visible(identity.slice(0, 200))}'.`;
      throw new Refused(sentence, 2);
    }
    const init = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...(identity !== undefined && { 'idempotency-key': identity }) },
    };
    return this.#call<T>(path, '', init);
  }

  async #call<T>(path: string, search: string, init: RequestInit): Promise<T> {
    // A URL would swallow these, and something else would be asked than was meant.
    if (
      path
        .split('/')
        .slice(1)
        .some((part) => part === '' || part === '.' || part === '..')
    )
      throw new Refused('Expected an id or a name, but it is empty or dots. Name what is meant.', 2);
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${this.#token}` };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(`${this.#url}/api${path}${search}`, {
      ...init,
      headers,
      signal,
      redirect: 'manual',
    }).catch(() => null);
    const next = init.method === 'POST' ? 'What was asked may be done: look before asking again.' : 'Ask again.';
    const silent = `Expected ${this.#url} to answer within ${PATIENCE_MS / 1_000} s, but it did not. ${next}`;
    if (!answer) throw new Refused(signal.aborted ? silent : absent(this.#url));
    const text = await answer.text().catch(() => null);
    if (text === null)
      throw new Refused(signal.aborted ? silent : `Expected an answer from ${this.#url}, but it broke off. ${next}`);
    const read = jsonOf(text);
    if (answer.ok && read !== undefined) return read as T;
    if (answer.status >= 400) throw new ApiRefusal(answer.status, (read ?? {}) as Problem);
    const sentence = `Expected Sluice at ${this.#url}, but something else answers there (${answer.status}). Set SLUICE_URL.`;
    throw new Refused(sentence);
  }
}

const absent = (url: string): string =>
  `Expected a server at ${url}, but none answers. Start one with 'npm start', or set SLUICE_URL.`;

/** `undefined`: it is no object and no list, as all that Sluice answers. */
function jsonOf(text: string): object | undefined {
  try {
    const read = JSON.parse(text) as unknown;
    return typeof read === 'object' && read !== null ? read : undefined;
  } catch {
    return undefined;
  }
}

function leftAccess(data: string): { url: string; token: string } | null {
  try {
    const left = JSON.parse(readFileSync(join(data, ACCESS_FILE), 'utf8')) as { url?: unknown; token?: unknown };
    return typeof left.url === 'string' && typeof left.token === 'string' ? { url: left.url, token: left.token } : null;
  } catch {
    return null;
  }
}
