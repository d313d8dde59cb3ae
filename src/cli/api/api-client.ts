import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ACCESS_FILE } from '../../config/access-file.js';
import { Refused, type Terminal, visible } from '../terminal.js';

const DEFAULT_URL = 'http://127.0.0.1:3000';
const PATIENCE_MS = 30_000;

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
    const lines = (problem.violations ?? []).map(({ pointer, message }) => `${pointer || '/'}: ${message}`);
    super(
      visible(problem.detail ?? `The server answered ${status}.`) +
        lines.map((line) => `\n  ${visible(line)}`).join(''),
    );
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
    if (!/^https?:\/\/[^/]/.test(this.#url)) {
      throw new Refused('Expected SLUICE_URL to look like http://127.0.0.1:3000, but it does not.', 2);
    }
    if (!token)
      throw new Refused('Expected SLUICE_TOKEN to be set, but it is not. Set it to the token of the server.', 2);
    this.#token = token;
  }

  async get<T>(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<T> {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
    return (await (await this.#call(path + search, {})).json()) as T;
  }

  async post<T>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    const init = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    };
    return (await (await this.#call(path, init)).json()) as T;
  }

  async #call(path: string, init: RequestInit): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${this.#token}` };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(`${this.#url}/api${path}`, { ...init, headers, signal, redirect: 'error' }).catch(
      () => null,
    );
    if (!answer) {
      throw new Refused(
        `Expected a server at ${this.#url}, but none answers. Start one with 'npm start', or set SLUICE_URL.`,
      );
    }
    if (answer.ok) return answer;
    throw new ApiRefusal(answer.status, ((await answer.json().catch(() => ({}))) ?? {}) as Problem);
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
