import type { JsonObject } from '../../../../../src/core/json.js';
import { path, timer } from '../../../../support/build-definition.js';
import type { Dice } from '../../dice.js';

/** A time that somebody gives: a date, a duration, or the next of those that come again and again. */
export interface Wait {
  readonly how: 'until' | 'for' | 'ms' | 'cron';
  /** Of a date from the beginning of the world on; of what comes again, from one to the next. */
  readonly ms: number;
}

export interface DatesDoes {
  readonly kind: 'dates';
  readonly wait: Wait;
}

const BEGINNING = Date.UTC(2026, 0, 1);

export const drawWait = (dice: Dice, hows: readonly Wait['how'][]): Wait => ({
  how: dice.pick(hows),
  ms: dice.pick([1_000, 20_000, 60_000, 120_000]),
});

/** When that is, of somebody who asks at a moment. */
export function dueOf({ how, ms }: Wait, at: number): number {
  if (how === 'until') return Math.max(at, BEGINNING + ms);
  return how === 'cron' ? (Math.floor(at / ms) + 1) * ms : at + ms;
}

/** What the input says to it. */
export function inputOfWait(id: string, { how, ms }: Wait): JsonObject {
  if (how === 'until') return { [id]: new Date(BEGINNING + ms).toISOString() };
  return how === 'for' ? { [id]: ms % 2_000 === 0 ? ms : `${ms / 1_000}s` } : {};
}

export function timerOf(id: string, { how, ms }: Wait) {
  if (how === 'until') return timer({ until: path(`input.${id}`) });
  if (how === 'for') return timer({ for: path(`input.${id}`) });
  if (how === 'ms') return timer({ ms });
  return timer({ cron: { text: `every ${ms} ms`, zone: 'UTC', next: (at) => dueOf({ how, ms }, at) } });
}
