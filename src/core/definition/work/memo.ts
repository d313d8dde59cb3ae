import type { Json, JsonObject } from '../../json.js';

/** What a task's work has done so far, kept in place of its output until it has one. */
export interface Memo {
  readonly visit: number;
  readonly kept: JsonObject;
}

export const memoOf = ({ visit, kept }: Memo): Json => ({ $memo: { visit, kept } });

/** The memo that stands in place of an output; `null` when it is an output. */
export function readMemo(output: Json | undefined): Memo | null {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return null;
  const memo = (output as JsonObject)['$memo'];
  return typeof memo === 'object' && memo !== null && !Array.isArray(memo) ? (memo as unknown as Memo) : null;
}
