import { redactText } from './redact.js';

const MAX_BYTES = 4 * 1024;
const MARK = ' … (cut)';
const encoder = new TextEncoder();

/** What a stranger says of a failure, fit to be stored: secrets hidden, at most 4 KiB in UTF-8. */
export function safeMessage(message: string): string {
  // Cut first, generously: what is thrown away anyway need not be searched for secrets.
  const text = redactText(message.slice(0, 4 * MAX_BYTES));
  const bytes = encoder.encode(text);
  if (bytes.length <= MAX_BYTES) return text;
  let end = MAX_BYTES - encoder.encode(MARK).length;
  // Back to the first byte of a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return new TextDecoder().decode(bytes.subarray(0, end)) + MARK;
}
