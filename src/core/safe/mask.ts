import type { Json } from '../json.js';
import { SECRET_ROOT } from './secret-use.js';

/** Something that may not be written down, and what stands in its place. */
export interface Masked {
  readonly value: string;
  readonly by: string;
}

/** Fewer characters stand in any text by chance, and to hide them would spoil it. */
export const SHORTEST_SECRET = 4;

/** Hides values wherever they stand in texts, as they are and as they look in JSON and in URLs. */
export class Mask {
  private readonly forms: readonly Masked[];

  constructor(values: readonly Masked[]) {
    const forms = values.flatMap(({ value, by }) =>
      [...new Set([value, JSON.stringify(value).slice(1, -1), encoded(value)])].map((form) => ({ value: form, by })),
    );
    // The longest first: one may be part of another.
    this.forms = forms
      .filter(({ value }) => value.length >= SHORTEST_SECRET)
      .sort((a, b) => b.value.length - a.value.length);
  }

  /** Each by what flows read it by. */
  static byName(secrets: Readonly<Record<string, string>>): Mask {
    return new Mask(Object.entries(secrets).map(([name, value]) => ({ value, by: `${SECRET_ROOT}.${name}` })));
  }

  text(text: string): string {
    let hidden = text;
    for (const { value, by } of this.forms) if (hidden.includes(value)) hidden = hidden.replaceAll(value, () => by);
    return hidden;
  }

  /** The same value when there is nothing to hide in it. */
  json<T extends Json>(value: T): T {
    return this.walk(value) as T;
  }

  private walk(value: Json): Json {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number') return this.forms.find((form) => form.value === String(value))?.by ?? value;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const list = value.map((one) => this.walk(one));
      return list.every((one, at) => one === value[at]) ? value : list;
    }
    const members = Object.entries(value);
    const hidden = members.map(([key, one]): [string, Json] => [this.text(key), this.walk(one)]);
    const isSame = hidden.every(([key, one], at) => key === members[at]?.[0] && one === members[at][1]);
    return isSame ? value : Object.fromEntries(hidden);
  }
}

/** A text with half of a character has no such form. */
function encoded(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    return value;
  }
}
