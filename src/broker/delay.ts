import type { Config } from '../config/config.js';
import { RUNGS_MS } from './topology/topology.js';

/** Who keeps a message back: RabbitMQ's plugin, our queues of one lifetime each, or nobody but the database. */
export type DelayDriver = 'plugin' | 'ladder' | 'database';

/** What is asked for and what is there. The ladder is always there. */
export function chooseDriver(asked: Config['delay'], pluginFound: boolean): DelayDriver {
  if (asked === 'database') return 'database';
  if (asked === 'ladder') return 'ladder';
  return pluginFound ? 'plugin' : 'ladder';
}

/** The plugin delivers at once what is to wait longer. */
const LONGEST_PLUGIN_MS = 2 ** 32 - 1;

/** The longest delay of a driver in milliseconds; 0 = it takes none. */
export function maxDelayOf(driver: DelayDriver): number {
  if (driver === 'plugin') return LONGEST_PLUGIN_MS;
  return driver === 'ladder' ? (RUNGS_MS.at(-1) ?? 0) : 0;
}

/**
 * How far above the delay a rung may be and still be taken: time passes between the decision and the sending, and a
 * delay of 5 s that has shrunk to 4.99 s is meant for the rung of 5 s, not for a walk down the ladder.
 */
const slackMs = (delayMs: number): number => Math.min(250, Math.max(50, delayMs * 0.02));

/**
 * The rung for a delay: the largest that is not above it, so that the message comes early rather than late and is
 * sent on with what is left. Each hop takes at least two fifths of the way: few hops even for long delays. What is
 * shorter than the first rung takes the first, or it would be sent around without any delay.
 */
export function rungFor(delayMs: number): number {
  const highest = delayMs + slackMs(delayMs);
  let rung = RUNGS_MS[0] as number;
  for (const candidate of RUNGS_MS) {
    if (candidate > highest) break;
    rung = candidate;
  }
  return rung;
}
