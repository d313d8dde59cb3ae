import type { BorderEvent, BorderMessage } from '../../../src/core/definition/control/border.js';

/** `on message NAME`, with what the long form says more. */
export const onMessage = (
  message: string,
  more: Partial<Omit<BorderMessage, 'type' | 'message'>> = {},
): BorderMessage => {
  return { type: 'message', message, match: new Map(), keepMs: null, interrupts: true, ...more };
};

/** `{ event: on timeout, after: … }`. */
export const after = (afterMs: number, interrupts = true): BorderEvent => ({ type: 'after', afterMs, interrupts });
