import { durationMs } from '../../../core/duration.js';
import { Refused, visible } from '../../terminal.js';

const LONGEST_MS = 365 * 86_400_000;

/** A duration as it was given to an option, at most a year: nothing that it is for may wait longer. */
export function spanMs(text: string, option: string): number {
  const ms = durationMs(text);
  const wanted = `Expected ${option} to be a duration such as 30m or 2h`;
  if (ms === null) throw new Refused(`${wanted}, but it is '${visible(text)}'.`, 2);
  if (ms > LONGEST_MS) throw new Refused(`${wanted}, a year at most, but it is '${visible(text)}'.`, 2);
  return ms;
}
