import type { DelayRule } from '../../../../../src/core/definition/control/delay.js';
import type { TaskNode } from '../../../../../src/core/definition/definition.js';
import { expr, literal, path } from '../../../../support/build-definition.js';
import { type Dice, fingerprint } from '../../dice.js';
import { drawWait, type Wait } from '../dates/dates.js';

/** What a task may say beside its plan. */
export interface TaskMore {
  readonly delay?: Wait & { readonly when: boolean | null; readonly maxMs: number | null };
  /** Calls are equal whose salt is, or all of them. */
  readonly cache?: 'salt' | 'one';
  readonly batch?: number;
  /** It gives that while its circuit keeps it back. */
  readonly fallback?: true;
  /** It is told what its play says instead of the salt. */
  readonly plays?: true;
}

export const MORE: readonly Exclude<keyof TaskMore, 'plays'>[] = ['delay', 'cache', 'batch', 'fallback'];

export function drawMore(dice: Dice, feature: keyof TaskMore): TaskMore {
  if (feature === 'fallback') return { fallback: true };
  if (feature === 'batch') return { batch: dice.between(2, 3) };
  if (feature === 'cache') return { cache: dice.pick(['salt', 'one'] as const), ...(dice.chance(0.2) && { batch: 2 }) };
  return {
    delay: {
      ...drawWait(dice, ['until', 'for', 'ms']),
      when: dice.pick([null, true, false]),
      maxMs: dice.chance(0.4) ? dice.pick([500, 30_000]) : null,
    },
  };
}

/** How long answers are given again. */
export const TTL_MS = 20_000;
const WITHIN_MS = 500;

export const cachedAnswer = (cache: 'salt' | 'one', salt: string): string =>
  fingerprint(`cached ${cache === 'one' ? cache : salt}`);
export const fallbackOf = (id: string): string => fingerprint(`instead of ${id}`);

/** What the node of such a task says. */
export function moreOf(id: string, { delay, cache, batch, fallback }: TaskMore): Partial<TaskNode> {
  return {
    ...(delay && { delay: delayOf(id, delay) }),
    ...(cache && {
      in: new Map([['salt', path('input.salt')]]),
      cache: { ttlMs: TTL_MS, key: cache === 'one' ? literal('one') : path('input.salt') },
    }),
    ...(batch && { batch: { max: batch, withinMs: WITHIN_MS } }),
    ...(fallback && { fallback: new Map([['value', literal(fallbackOf(id))]]) }),
  };
}

function delayOf(id: string, { how, ms, when, maxMs }: NonNullable<TaskMore['delay']>): DelayRule {
  return {
    when: when === null ? null : expr(`asked ${when}`, ['input.salt'], () => when),
    wait: how === 'until' ? { until: path(`input.${id}`) } : how === 'for' ? { for: path(`input.${id}`) } : { ms },
    maxMs,
  };
}
