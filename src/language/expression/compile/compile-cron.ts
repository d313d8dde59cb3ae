import { Cron } from 'croner';
import type { CronRule } from '../../../core/definition/control/cron.js';

/** What is wrong with it, in words. */
export interface CronFault {
  readonly part: 'cron' | 'zone';
  readonly message: string;
}

/**
 * A cron expression of five fields, or of six with seconds before them. Where clocks are put forward, a moment that is left out is the
 * first one after the gap; where they are put back, one that comes twice is its first time.
 */
export function compileCron(text: string, zone: string): CronRule | CronFault {
  if (!isZone(zone))
    return { part: 'zone', message: `Expected a zone such as \`Asia/Shanghai\`, but \`${zone}\` is none.` };
  const fields = text.trim().split(/\s+/).length;
  if (fields !== 5 && fields !== 6)
    return { part: 'cron', message: `Expected five fields, or six with seconds, but \`${text}\` has ${fields}.` };
  try {
    const cron = new Cron(text, { timezone: zone, paused: true });
    if (cron.nextRun(new Date(0)) === null)
      return { part: 'cron', message: `Expected a moment that comes, but \`${text}\` names none that ever does.` };
    return { text, zone, next: (at) => cron.nextRun(new Date(at))?.getTime() ?? null };
  } catch (fault) {
    const why = String((fault as Error).message).replace(/^Cron\w+: /, '');
    return { part: 'cron', message: `Expected a cron expression, but \`${text}\` is none: ${why}.` };
  }
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
