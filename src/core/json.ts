/** What crosses every boundary of the engine: broker, database, HTTP and handlers alike. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. Absent keys are absent, never `undefined`. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A value as it is written: whoever has written it once saves others from doing so, and from counting. */
export interface Written {
  /** JSON. */
  readonly text: string;
  /** Of the text, in UTF-8. */
  readonly bytes: number;
}

/** Whether a text is JSON by quotes alone, and has a byte for each unit. Looking takes half as long as writing. */
export const isPlainText = (text: string): boolean => !SPECIAL.test(text);

/** How many bytes a value has as JSON in UTF-8, without writing it. */
export function jsonBytes(value: Json): number {
  if (value === null) return 4;
  switch (typeof value) {
    case 'string':
      return textBytes(value);
    case 'number':
      return String(value).length;
    case 'boolean':
      return value ? 4 : 5;
  }
  if (Array.isArray(value)) {
    let bytes = 1 + Math.max(1, value.length);
    for (const item of value) bytes += jsonBytes(item);
    return bytes;
  }
  let members = 0;
  let bytes = 1;
  for (const [name, member] of Object.entries(value)) {
    members += 1;
    bytes += textBytes(name) + 1 + jsonBytes(member);
  }
  return bytes + Math.max(1, members);
}

/** With its quotes; what must be escaped costs two bytes, or six. */
function textBytes(text: string): number {
  let bytes = 2 + text.length;
  if (isPlainText(text)) return bytes;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x20 && unit < 0x80) {
      if (unit === 0x22 || unit === 0x5c) bytes += 1;
    } else if (unit < 0x20) bytes += SHORT.has(unit) ? 1 : 5;
    else if (unit < 0x800) bytes += 1;
    else if (unit < 0xd800 || unit > 0xdfff) bytes += 2;
    else if (unit < 0xdc00 && isLow(text.charCodeAt(at + 1))) {
      // Two units make one character of four bytes.
      bytes += 2;
      at += 1;
    } else bytes += 5;
  }
  return bytes;
}

/**
 * What is more than one byte. Most texts have nothing of it, and looking for one takes a fraction of looking whether all
 * are none, or of the loop above; it is asked twice at every step.
 */
const SPECIAL = /[^ !#-[\]-~]/;
/** Backspace, tab, line feed, form feed and carriage return are written with a letter. */
const SHORT: ReadonlySet<number> = new Set([8, 9, 10, 12, 13]);
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
