import { tokenFromFragment } from '../model/access/token.js';

const KEY = 'sluice.token';

/** The token lives in this tab's session storage: it outlives a reload, and neither the tab nor a shared link carries it on. */
let token: string | null = null;
let refused = false;
const listeners = new Set<() => void>();

/** Takes the token from the link that opened the page, if it carries one, and removes it from the address. */
export function openSession(): void {
  const { token: linked, rest } = tokenFromFragment(window.location.hash);
  if (linked) {
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search + rest);
    sessionStorage.setItem(KEY, linked);
  }
  token = linked ?? sessionStorage.getItem(KEY);
}

export const currentToken = (): string | null => token;
/** Whether the last token was one that the server did not take. */
export const wasRefused = (): boolean => refused;

/** Sets the token; `null` forgets the one that the server has refused. */
export function setToken(value: string | null): void {
  if (value === token) return;
  token = value;
  refused = value === null;
  if (value === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, value);
  for (const listener of listeners) listener();
}

export function onToken(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
