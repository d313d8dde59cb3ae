/**
 * Takes the token out of a link's fragment (`#token=…`). `rest` is the fragment without it, `''` when nothing is left,
 * so that the token stays neither in the address bar nor in the history.
 */
export function tokenFromFragment(fragment: string): { readonly token: string | null; readonly rest: string } {
  const parts = fragment.replace(/^#/, '').split('&');
  const found = parts.find((part) => part.startsWith('token='));
  const rest = parts.filter((part) => !part.startsWith('token=') && part !== '').join('&');
  return { token: found ? decode(found.slice('token='.length)).trim() || null : null, rest: rest && `#${rest}` };
}

/**
 * What a person pasted: the bare token, or the whole link that the server printed.
 */
export function tokenFromPaste(text: string): string | null {
  const hash = text.indexOf('#');
  if (hash >= 0) return tokenFromFragment(text.slice(hash)).token;
  return text.trim() || null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
