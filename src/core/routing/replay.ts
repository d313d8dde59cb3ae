import type { Opinion, Routable, Stage, TraceLine } from './opinion.js';
import { combine, type Route, route } from './route.js';
import type { Rule } from './rules.js';
import { EMPTY_SNAPSHOT } from './snapshot.js';

const ORDER: readonly Stage[] = [
  'override',
  'circuit',
  'limit',
  'rule',
  'latency',
  'retry',
  'default',
  'pressure',
  'group',
];

/**
 * What a decision that was taken would have come to under other rules: everybody else says what they said then. Without a
 * trace nothing but the default was said.
 */
export function replay(message: Routable, trace: readonly TraceLine[], rules: readonly Rule[]): Route {
  const anew = route(message, { ...EMPTY_SNAPSHOT, rules }, 0);
  if (trace.length === 0) return anew;
  // Which group has the handlers is the same under all rules, and chooses a part of the lane alone.
  const spoken = trace.filter(({ stage, lane }) => stage !== 'rule' && stage !== 'pressure' && !isPart(stage, lane));
  const opinions = [...spoken, ...anew.trace.filter(({ stage }) => stage === 'rule')]
    .sort((a, b) => ORDER.indexOf(a.stage) - ORDER.indexOf(b.stage))
    .map(({ won: _, ...opinion }): Opinion => opinion);
  const full = trace.some(({ stage }) => stage === 'pressure');
  return combine(opinions, message.delayMs, { ...EMPTY_SNAPSHOT, saturated: new Set(full ? ['fast'] : []) });
}

const isPart = (stage: Stage, lane: string | undefined): boolean => stage === 'group' && lane !== undefined;

/** The longest delay that a rule asked for. */
export const ruleDelayOf = (trace: readonly TraceLine[]): number =>
  Math.max(0, ...trace.map(({ stage, delayMs = 0 }) => (stage === 'rule' ? delayMs : 0)));
