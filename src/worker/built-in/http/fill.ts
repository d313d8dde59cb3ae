import type { Json, JsonObject } from '../../../core/json.js';
import { PermanentError } from '../../../engine/ports/handlers.js';

const PLACE = /\$\{([^{}]*)\}/g;
const ONE_PLACE = /^\$\{([^{}]*)\}$/;
const PATH = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+){0,15}$/;

/** Fills `${name}` with texts from the task's input. `encode` makes each value safe for where it stands. */
export function fillText(
  template: string,
  input: JsonObject,
  encode: (text: string) => string = (text) => text,
): string {
  return template.replace(PLACE, (_, path: string) => {
    const value = valueAt(input, path);
    if (typeof value === 'object' && value !== null) {
      throw badTemplate(
        `Expected \${${path}} inside a text to be a text, a number or a boolean, but it is ${kind(value)}.`,
      );
    }
    return encode(value === null ? '' : String(value));
  });
}

/** Fills every text of a JSON value; a text that is one `${name}` and nothing else becomes the value itself. */
export function fillJson(template: Json, input: JsonObject): Json {
  if (typeof template === 'string') {
    const whole = ONE_PLACE.exec(template);
    return whole ? valueAt(input, whole[1] ?? '') : fillText(template, input);
  }
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) return template.map((member) => fillJson(member, input));
  return Object.fromEntries(Object.entries(template).map(([key, member]) => [key, fillJson(member, input)]));
}

/**
 * Fills a URL. Values are encoded, so that one stays inside its path segment or parameter. The scheme and the host
 * must stand in the template, unless the template is one `${name}`: then the input gives the whole URL.
 */
export function fillUrl(template: string, input: JsonObject): string {
  if (ONE_PLACE.test(template)) return fillText(template, input);
  const origin = /^[a-z]+:\/\/[^/?#]*/i.exec(template)?.[0] ?? template;
  if (origin.includes('${')) {
    throw badTemplate(
      `Expected the host of "${template}" to be written out, but it has a placeholder. Write the host, or give the whole URL as "\${url}".`,
    );
  }
  return fillText(template, input, (text) => {
    // "." and ".." are segments that encoding leaves alone and a URL then resolves away.
    if (text === '.' || text === '..')
      throw badTemplate(`Expected a value for a URL, but "${text}" would change its path.`);
    return encodeURIComponent(text);
  });
}

function valueAt(input: JsonObject, path: string): Json {
  if (!PATH.test(path)) {
    throw badTemplate(
      `Expected \${name} with a name from the task's "in", but got \${${path}}. Paths are written with dots.`,
    );
  }
  let value: Json = input;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) {
      throw badTemplate(`Expected the input to have "${path}", but it has not. Add it to the task's "in".`);
    }
    value = (value as JsonObject)[name] ?? null;
  }
  return value;
}

const kind = (value: object): string => (Array.isArray(value) ? 'a list' : 'an object');

const badTemplate = (message: string): PermanentError => new PermanentError('HTTP_TEMPLATE', message);
