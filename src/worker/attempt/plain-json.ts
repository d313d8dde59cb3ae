import { isPlainText, type Json, type JsonObject, jsonBytes, type Written } from '../../core/json.js';

/** Most bytes of an output, as JSON text in UTF-8. */
export const MAX_OUTPUT_BYTES = 64 * 1024;
/** Most levels of objects and lists in an output. */
export const MAX_OUTPUT_DEPTH = 64;

/** Why a handler's answer cannot be an output. Asking again would give the same. */
export class UnusableResult extends Error {
  override readonly name = 'UnusableResult';
  constructor(
    readonly code: 'RESULT_NOT_SERIALISABLE' | 'RESULT_TOO_LARGE',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Makes what a handler returned plain JSON, by JSON's own rules (`undefined` is `null` at the top and left out of
 * objects, a Date is its ISO text), but refuses what JSON would lose in silence: functions, symbols, NaN, Map, Set.
 * @throws {UnusableResult} with the path of what is wrong.
 */
export function plainJson(value: unknown): { readonly json: Json; readonly written: Written } {
  const walk = new Walk();
  const json = walk.plain(value, 'result', 0) ?? null;
  // The walk counts a lower bound, so that a result without end is not written out first.
  const written = walk.written(json);
  if (written.bytes > MAX_OUTPUT_BYTES) throw tooLarge(`${written.bytes} bytes`);
  return { json, written };
}

const tooLarge = (size: string): UnusableResult =>
  new UnusableResult(
    'RESULT_TOO_LARGE',
    `Expected a result of at most ${MAX_OUTPUT_BYTES} bytes as JSON, but it has ${size}. Store it elsewhere and return a reference.`,
  );

const unusable = (path: string, what: string, hint: string): UnusableResult =>
  new UnusableResult('RESULT_NOT_SERIALISABLE', `Expected plain JSON, but ${path} is ${what}. ${hint}`);

class Walk {
  private readonly above = new Set<object>();
  private size = 0;
  /** What was walked so far, as JSON. */
  private text = '';
  /** Each unit of it is a byte. */
  private isPlain = true;
  /** Two names that had to be changed may be equal now: the text has both. */
  private isExact = true;

  /** The value as it was written on the way. */
  written(json: Json): Written {
    if (json === null) return { text: 'null', bytes: 4 };
    const text = this.isExact ? this.text : JSON.stringify(json);
    return { text, bytes: this.isPlain ? text.length : jsonBytes(json) };
  }

  /** `undefined` for what JSON leaves out of objects. */
  plain(value: unknown, path: string, depth: number): Json | undefined {
    switch (typeof value) {
      case 'undefined':
        return undefined;
      case 'string':
        this.count(value.length + 2);
        return this.string(wellFormed(value));
      case 'boolean':
        this.count(4);
        this.text += value;
        return value;
      case 'number':
        this.count(1);
        if (!Number.isFinite(value))
          throw unusable(path, String(value), 'JSON has no such number; return null or a text.');
        this.text += value;
        return value === 0 ? 0 : value;
      case 'bigint':
        throw unusable(path, 'a BigInt', 'Return it as a text.');
      case 'function':
      case 'symbol':
        throw unusable(path, `a ${typeof value}`, 'Return data alone.');
      default:
        return value === null ? this.nothing() : this.nested(value as object, path, depth);
    }
  }

  private nested(value: object, path: string, depth: number): Json | undefined {
    if (depth >= MAX_OUTPUT_DEPTH)
      throw unusable(path, `more than ${MAX_OUTPUT_DEPTH} levels deep`, 'Return a flatter one.');
    if (this.above.has(value)) throw unusable(path, 'a reference to what contains it', 'Break the circle.');
    this.above.add(value);
    try {
      if ('toJSON' in value && typeof value.toJSON === 'function') {
        if (value instanceof Date && Number.isNaN(value.getTime())) {
          throw unusable(path, 'an invalid Date', 'Return null where there is no time.');
        }
        return this.plain(value.toJSON(''), path, depth + 1);
      }
      if (value instanceof Number || value instanceof String || value instanceof Boolean) {
        return this.plain(value.valueOf(), path, depth);
      }
      refuseLossy(value, path);
      this.count(2);
      return Array.isArray(value) ? this.list(value, path, depth) : this.object(value, path, depth);
    } finally {
      this.above.delete(value);
    }
  }

  private list(value: readonly unknown[], path: string, depth: number): Json {
    const list: Json[] = [];
    this.text += '[';
    for (let i = 0; i < value.length; i++) {
      this.count(1);
      if (i > 0) this.text += ',';
      const item = this.plain(value[i], `${path}[${i}]`, depth + 1);
      if (item === undefined) this.text += 'null';
      list.push(item ?? null);
    }
    this.text += ']';
    return list;
  }

  private object(value: object, path: string, depth: number): JsonObject {
    const object: Record<string, Json> = {};
    let next = '{';
    for (const key of Object.keys(value)) {
      if (key === '__proto__') throw unusable(`${path}.__proto__`, 'a reserved name', 'Rename the member.');
      const before = this.text;
      const name = wellFormed(key);
      if (name !== key) this.isExact = false;
      this.text += next;
      this.string(name);
      this.text += ':';
      const member = this.plain((value as Record<string, unknown>)[key], `${path}.${short(key)}`, depth + 1);
      if (member === undefined) {
        this.text = before;
        continue;
      }
      next = ',';
      this.count(key.length + 4);
      object[name] = member;
    }
    this.text += next === '{' ? '{}' : '}';
    return object;
  }

  private string(text: string): string {
    if (isPlainText(text)) this.text += `"${text}"`;
    else {
      this.text += JSON.stringify(text);
      this.isPlain = false;
    }
    return text;
  }

  private nothing(): null {
    this.count(4);
    this.text += 'null';
    return null;
  }

  /** Stops at the limit, so that a result without end costs no more than one at the limit. */
  private count(bytes: number): void {
    this.size += bytes;
    if (this.size > MAX_OUTPUT_BYTES) throw tooLarge('more');
  }
}

function refuseLossy(value: object, path: string): void {
  if (value instanceof Map) throw unusable(path, 'a Map', 'Return Object.fromEntries(map).');
  if (value instanceof Set) throw unusable(path, 'a Set', 'Return [...set].');
  if (value instanceof Promise) throw unusable(path, 'a Promise', 'Await it before returning.');
  if (value instanceof Error) throw unusable(path, 'an Error', 'Throw it, or return its message.');
}

const short = (key: string): string => (key.length > 40 ? `${key.slice(0, 40)}…` : key);

const SURROGATE = /\p{Surrogate}/u;
/** Half a character (a text that was cut) cannot be stored as UTF-8; it becomes U+FFFD, as in every UTF-8 encoder. */
const wellFormed = (text: string): string => (SURROGATE.test(text) ? Buffer.from(text, 'utf8').toString('utf8') : text);

/** A copy that a handler may change without anyone else seeing it. */
export function copyJson<T extends Json>(value: T): T {
  return copy(value) as T;
}

function copy(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  const copied: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    const member = copy((value as JsonObject)[key] as Json);
    // Assigned, this one would become the prototype.
    if (key === '__proto__')
      Object.defineProperty(copied, key, { value: member, enumerable: true, configurable: true, writable: true });
    else copied[key] = member;
  }
  return copied;
}
