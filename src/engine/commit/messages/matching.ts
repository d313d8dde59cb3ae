import type { Json, JsonObject } from '../../../core/json.js';
import type { MessageRecord, WaitRecord } from './message-store.js';

type Scalar = string | number | boolean;

/** Most members of a payload that it can be found by. */
export const MOST_MEMBERS = 200;

/**
 * What a wait is found by: its message's name, and one member that must be equal. One is enough to find it; the others
 * are compared when it is found.
 */
export function keyOfWait({ name, match }: Pick<WaitRecord, 'name' | 'match'>): string {
  const first = Object.keys(match).sort()[0];
  return first === undefined ? keyText(name) : keyText(name, first, match[first]);
}

/** What a message can be found by: its name alone, and its name with each of its members. */
export function keysOfMessage({ name, payload }: Pick<MessageRecord, 'name' | 'payload'>): readonly string[] {
  return [keyText(name), ...members(payload).map(([member, value]) => keyText(name, member, value))];
}

/** Members that a wait can name: texts, numbers, true and false. */
export function members(payload: Json): readonly (readonly [string, Scalar])[] {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return [];
  return Object.entries(payload).filter((entry): entry is [string, Scalar] => isScalar(entry[1]));
}

/** Nothing is converted: the text "7" is not the number 7. */
export function matches(wait: WaitRecord, { name, payload, receivedAt }: MessageRecord): boolean {
  if (wait.name !== name) return false;
  if (wait.keepMs !== null && receivedAt < wait.openedAt - wait.keepMs) return false;
  const values = typeof payload === 'object' && payload !== null && !Array.isArray(payload) ? payload : {};
  return Object.entries(wait.match).every(
    ([member, value]) => Object.hasOwn(values, member) && (values as JsonObject)[member] === value,
  );
}

const isScalar = (value: Json | undefined): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const keyText = (name: string, ...more: readonly unknown[]): string => JSON.stringify([name, ...more]);
