/** Reads a URL of one of the schemes; the fault never repeats it, since it holds a password. */
export function readUrl(
  name: string,
  text: string,
  schemes: readonly string[],
  example: string,
): { readonly url: URL | null; readonly fault: string | null } {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.hostname && schemes.includes(url.protocol) && isDecodable(url)) return { url, fault: null };
  const why =
    url && !schemes.includes(url.protocol) ? `it begins with ${url.protocol}//` : 'it cannot be read as a URL';
  const encode = url && isDecodable(url) ? '' : ' Characters such as @ : / # % in a password must be percent-encoded.';
  return { url: null, fault: `Expected ${name} to look like ${example}, but ${why}.${encode}` };
}

/** A percent sign that encodes nothing would end the process when it is connected. */
function isDecodable({ username, password, pathname }: URL): boolean {
  try {
    for (const part of [username, password, pathname]) decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

/** A URL for people: its password is hidden. */
export function redactUrl(text: string): string {
  if (!URL.canParse(text)) return '(hidden)';
  const url = new URL(text);
  if (url.password) url.password = '***';
  url.search = url.search ? '?***' : '';
  return url.href;
}
