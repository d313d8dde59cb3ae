import { currentToken, setToken } from './session.js';

/** A refusal by the server: problem+json, or what can be said without it. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly code: string | null,
    /** All of the answer, for what only some refusals tell. */
    readonly body: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail || title);
  }
}

/** Query parameters; those that are undefined or empty are left out. */
export type Params = Readonly<Record<string, string | number | null | undefined>>;

export async function getJson<T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
  const response = await call(path + query(params), signal ? { signal } : {});
  return (await response.json()) as T;
}

export async function getText(path: string, params: Params = {}, signal?: AbortSignal): Promise<string> {
  const response = await call(path + query(params), signal ? { signal } : {});
  return response.text();
}

export async function post<T>(path: string, body: unknown = {}): Promise<T | null> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await call(path, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  return text === '' ? null : (JSON.parse(text) as T);
}

/** One call with the token. A 401 forgets the token, and the page asks for another. */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const sent = currentToken();
  const headers = new Headers(init.headers);
  if (sent) headers.set('Authorization', `Bearer ${sent}`);
  let response: Response;
  try {
    response = await fetch(`/api${path}`, { ...init, headers, credentials: 'omit' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(
      0,
      'No answer',
      'Expected an answer from Sluice, but the connection failed. Is it running?',
      null,
    );
  }
  if (response.ok) return response;
  if (response.status === 401 && sent === currentToken()) setToken(null);
  throw await problemOf(response);
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback = `${response.status} ${response.statusText}`.trim();
  try {
    const body = (await response.json()) as { title?: string; detail?: string; message?: string; code?: string };
    const title = body.title ?? fallback;
    return new Problem(response.status, title, body.detail ?? body.message ?? '', body.code ?? null, body);
  } catch {
    return new Problem(response.status, fallback, '', null);
  }
}

function query(params: Params): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text && `?${text}`;
}
