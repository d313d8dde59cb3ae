import { durationMs } from '../../../core/duration.js';
import { Refused, visible } from '../../terminal.js';

/** A duration as it was given to an option. */
export function spanMs(text: string, option: string): number {
  const ms = durationMs(text);
  if (ms !== null) return ms;
  throw new Refused(`Expected ${option} to be a duration such as 30m or 2h, but it is '${visible(text)}'.`, 2);
}
