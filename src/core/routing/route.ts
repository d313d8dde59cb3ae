import type { Dispatch } from '../flow/transition.js';
import type { LaneName } from './lane.js';

/** Where a dispatch goes, when, and why. The reason is stored with it and shown to people. */
export interface Route {
  readonly lane: LaneName;
  readonly delayMs: number;
  readonly reason: string;
}

/**
 * Decides the lane of one dispatch. Total and pure: whatever is unknown goes to `normal`.
 *
 * Third and later attempts go to `retry`, so that hopeless work does not crowd the first tries (the threshold is the
 * seed design's); timers go to `fast`, since they occupy no handler.
 */
export function route(dispatch: Pick<Dispatch, 'kind' | 'attempt' | 'cause' | 'delayMs'>): Route {
  const { kind, attempt, cause, delayMs } = dispatch;
  const wait = delayMs > 0 ? ` after ${delayMs} ms` : '';
  if (kind === 'timer') return { lane: 'fast', delayMs, reason: `fast: a timer occupies no handler${wait}` };
  if (cause === 'operator') return { lane: 'normal', delayMs, reason: 'normal: retried by hand' };
  if (attempt >= 3) return { lane: 'retry', delayMs, reason: `retry: attempt ${attempt} is the third or later${wait}` };
  if (cause === 'poll') return { lane: 'normal', delayMs, reason: `normal: asked again${wait}` };
  return { lane: 'normal', delayMs, reason: `normal: attempt ${attempt}, no rule says otherwise${wait}` };
}
