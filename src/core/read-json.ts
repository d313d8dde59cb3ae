import type { JsonObject } from './json.js';
import { err, ok, type Result } from './result.js';

/** Bounds of what is read from outside. */
export interface JsonLimits {
  /** Most bytes. */
  readonly bytes: number;
  /** Most objects and arrays inside one another; the outermost counts. */
  readonly depth: number;
}

export const JSON_LIMITS: JsonLimits = { bytes: 1_048_576, depth: 64 };

export type JsonFaultCode =
  | 'NOT_JSON'
  | 'TOO_LARGE'
  | 'TOO_DEEP'
  | 'RESERVED_NAME'
  | 'NUMBER_TOO_LARGE'
  | 'LONE_SURROGATE'
  | 'NOT_AN_OBJECT';

/** Why a text cannot be taken; `offset` is the byte at which it was noticed. */
export interface JsonFault {
  readonly code: JsonFaultCode;
  readonly message: string;
  readonly offset: number;
}

/** Names that change an object's prototype when the object is copied key by key. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads one JSON object that a stranger wrote. Everything `JSON.parse` takes silently and that breaks later is refused
 * here: nesting that overflows the stack when it is written again, reserved names, integers that lose digits, numbers
 * that become infinite, and text that is no valid Unicode. Of duplicate names the last one wins.
 *
 * The bytes are scanned before anything is parsed, so that a hostile text costs one pass and no memory.
 */
export function readJson(bytes: Uint8Array, limits: JsonLimits = JSON_LIMITS): Result<JsonObject, JsonFault> {
  if (bytes.length > limits.bytes) {
    const message = `Expected at most ${limits.bytes} bytes, but there are ${bytes.length}. Send a reference to the data instead.`;
    return err({ code: 'TOO_LARGE', message, offset: limits.bytes });
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return err({ code: 'NOT_JSON', message: 'Expected JSON in UTF-8, but some bytes are no UTF-8.', offset: 0 });
  }
  const scan = new Scan(bytes, limits.depth);
  try {
    const object = scan.whole();
    if (object) return ok(JSON.parse(text) as JsonObject);
    return err({ code: 'NOT_AN_OBJECT', message: 'Expected a JSON object, but it is another value.', offset: 0 });
  } catch (fault) {
    if (fault instanceof Found) return err({ code: fault.code, message: fault.message, offset: fault.offset });
    throw fault;
  }
}

class Found extends Error {
  constructor(
    readonly code: JsonFaultCode,
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const DOT = 0x2e;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** Walks the grammar of RFC 8259 over the bytes. Recursion is bounded by the depth limit. */
class Scan {
  #at = 0;

  constructor(
    readonly bytes: Uint8Array,
    readonly depth: number,
  ) {}

  /** @returns whether the value is an object. */
  whole(): boolean {
    this.#space();
    const object = this.#byte() === OPEN_OBJECT;
    this.#value(1);
    this.#space();
    if (this.#at < this.bytes.length) this.#unexpected('the end');
    return object;
  }

  #value(depth: number): void {
    const byte = this.#byte();
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (depth > this.depth) {
        const message = `Expected at most ${this.depth} levels of nesting, but there are more at byte ${this.#at}.`;
        throw new Found('TOO_DEEP', this.#at, message);
      }
      this.#members(depth, byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY);
    } else if (byte === QUOTE) this.#string(false);
    else if (byte === MINUS || isDigit(byte)) this.#number();
    else this.#word();
  }

  #members(depth: number, close: number): void {
    this.#at += 1;
    this.#space();
    if (this.#byte() === close) {
      this.#at += 1;
      return;
    }
    for (;;) {
      if (close === CLOSE_OBJECT) {
        if (this.#byte() !== QUOTE) this.#unexpected('a name in double quotes');
        this.#string(true);
        this.#space();
        if (this.#byte() !== COLON) this.#unexpected("':'");
        this.#at += 1;
        this.#space();
      }
      this.#value(depth + 1);
      this.#space();
      const byte = this.#byte();
      if (byte !== COMMA && byte !== close) this.#unexpected(`',' or '${String.fromCharCode(close)}'`);
      this.#at += 1;
      if (byte === close) return;
      this.#space();
    }
  }

  #string(isName: boolean): void {
    const start = this.#at;
    let escaped = false;
    this.#at += 1;
    for (; this.#byte() !== QUOTE; this.#at += 1) {
      if (this.#byte() < 0x20) this.#unexpected('the end of the text');
      if (this.#byte() !== BACKSLASH) continue;
      escaped = true;
      this.#at += 1;
      this.#escape();
    }
    this.#at += 1;
    if (!escaped && !isName) return;
    const raw = new TextDecoder().decode(this.bytes.subarray(start, this.#at));
    const text = escaped ? (JSON.parse(raw) as string) : raw.slice(1, -1);
    if (escaped && /\p{Surrogate}/u.test(text)) {
      const message = `Expected valid Unicode, but the text at byte ${start} has half of a surrogate pair.`;
      throw new Found('LONE_SURROGATE', start, message);
    }
    if (isName && RESERVED.has(text)) {
      const message = `Expected another name than '${text}' at byte ${start}, but it is reserved. Rename the key.`;
      throw new Found('RESERVED_NAME', start, message);
    }
  }

  #escape(): void {
    const letter = String.fromCharCode(this.#byte());
    if ('"\\/bfnrt'.includes(letter)) return;
    const digits = String.fromCharCode(...this.bytes.subarray(this.#at + 1, this.#at + 5));
    if (letter !== 'u' || !/^[\da-f]{4}$/i.test(digits)) this.#unexpected('an escape of JSON');
    this.#at += 4;
  }

  #number(): void {
    const start = this.#at;
    if (this.#byte() === MINUS) this.#at += 1;
    if (this.#byte() === 0x30) this.#at += 1;
    else this.#digits();
    let whole = true;
    if (this.#byte() === DOT) {
      whole = false;
      this.#at += 1;
      this.#digits();
    }
    if (this.#byte() === 0x65 || this.#byte() === 0x45) {
      whole = false;
      this.#at += 1;
      if (this.#byte() === MINUS || this.#byte() === 0x2b) this.#at += 1;
      this.#digits();
    }
    const value = Number(new TextDecoder().decode(this.bytes.subarray(start, this.#at)));
    if (Number.isFinite(value) && (!whole || Number.isSafeInteger(value))) return;
    const message = `Expected a number that keeps its digits, but the one at byte ${start} is too large. Send it as text.`;
    throw new Found('NUMBER_TOO_LARGE', start, message);
  }

  #digits(): void {
    if (!isDigit(this.#byte())) this.#unexpected('a digit');
    while (isDigit(this.#byte())) this.#at += 1;
  }

  #word(): void {
    for (const word of ['true', 'false', 'null']) {
      const end = this.#at + word.length;
      if (String.fromCharCode(...this.bytes.subarray(this.#at, end)) !== word) continue;
      this.#at = end;
      return;
    }
    this.#unexpected('a value');
  }

  #space(): void {
    for (;;) {
      const byte = this.#byte();
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at += 1;
    }
  }

  /** -1 at the end. */
  #byte(): number {
    return this.bytes[this.#at] ?? -1;
  }

  #unexpected(wanted: string): never {
    const found = this.#at < this.bytes.length ? 'there is something else' : 'the text ends';
    throw new Found('NOT_JSON', this.#at, `Expected ${wanted} at byte ${this.#at}, but ${found}. Send JSON.`);
  }
}
