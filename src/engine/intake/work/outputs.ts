import type { Json, JsonObject } from '../../../core/json.js';
import { PermanentError, Poll } from '../../ports/handlers.js';

/** All outputs that one node's work keeps, in characters of JSON: less than an output may have. */
const MOST = 48 * 1024;

/** What the handlers within a task's work answered, as plain JSON and bounded together. */
export class Outputs {
  private length: number;

  constructor(kept: JsonObject) {
    this.length = JSON.stringify(kept).length;
  }

  /** @throws {PermanentError} for what is no JSON, is too much, or asks to be asked again. */
  take(returned: unknown, name: string): Json {
    if (returned instanceof Poll) {
      const message = `Expected an answer of '${name}', but it asks to be asked again. Only a task of its own can poll.`;
      throw new PermanentError('POLL_WITHIN_WORK', message);
    }
    const text = jsonOf(returned, name);
    this.length += text.length;
    if (this.length <= MOST) return JSON.parse(text) as Json;
    const message = `Expected at most ${MOST} characters of JSON from all parts together, but with '${name}' they are ${this.length}.`;
    throw new PermanentError('RESULT_TOO_LARGE', message);
  }
}

function jsonOf(value: unknown, name: string): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (fault) {
    const message = `Expected plain JSON from '${name}', but it cannot be written: ${String(fault)}`;
    throw new PermanentError('RESULT_NOT_SERIALISABLE', message);
  }
}
