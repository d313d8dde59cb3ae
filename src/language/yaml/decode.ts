export const MAX_FILE_BYTES = 256 * 1024;

export type Decoded =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      readonly code: 'FILE_TOO_LARGE' | 'NOT_UTF8';
      readonly message: string;
      readonly hint: string;
    };

/** Text out of bytes: UTF-8 only, with or without a byte order mark, and never more than {@link MAX_FILE_BYTES}. */
export function decode(input: string | Uint8Array): Decoded {
  const size = typeof input === 'string' ? sizeOf(input) : input.byteLength;
  if (size > MAX_FILE_BYTES) {
    const message = `Expected a file of at most ${MAX_FILE_BYTES / 1024} KiB, but it has ${Math.ceil(size / 1024)} KiB.`;
    return { ok: false, code: 'FILE_TOO_LARGE', message, hint: 'Split it into several flows.' };
  }
  if (typeof input === 'string') {
    const lone = input.search(/\p{Surrogate}/u);
    return lone < 0 ? { ok: true, text: withoutMark(input) } : notUtf8(`character ${lone} is half of a surrogate pair`);
  }
  if ((input[0] === 0xff && input[1] === 0xfe) || (input[0] === 0xfe && input[1] === 0xff)) {
    return notUtf8('it is UTF-16');
  }
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    return { ok: true, text: decoder.decode(input) };
  } catch {
    return notUtf8(`byte ${faultyByte(input)} breaks it`);
  }
}

function notUtf8(why: string): Decoded {
  return { ok: false, code: 'NOT_UTF8', message: `Expected UTF-8, but ${why}.`, hint: 'Save the file as UTF-8.' };
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function sizeOf(text: string): number {
  return text.length > MAX_FILE_BYTES ? text.length : new TextEncoder().encode(text).byteLength;
}

/** The first byte that no longer decodes: the longest good beginning is found by halving. */
function faultyByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.byteLength;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (decodes(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function decodes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
