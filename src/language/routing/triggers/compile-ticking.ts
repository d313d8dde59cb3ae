import { MISSED, type Ticking } from '../../../core/definition/starting/ticks.js';
import { compileCron } from '../../expression/compile/compile-cron.js';
import type { Report } from '../../report/report.js';
import { entryOf, plain, type Tree } from '../../yaml/tree.js';

const HINT = 'For example cron: "0 9 * * 1-5" and zone: Asia/Shanghai: nine o’clock on working days.';

/** The `cron`, `zone` and `missed` of a trigger; `null`: it has none, or it is faulty and reported. */
export function compileTicking(trigger: Tree, report: Report): Ticking | null {
  const cron = entryOf(trigger, 'cron')?.value;
  if (!cron) return null;
  const zone = entryOf(trigger, 'zone')?.value;
  const rule = compileCron(String(plain(cron)), zone ? String(plain(zone)) : 'UTC');
  if ('message' in rule) {
    report.add('BAD_CRON', rule.part === 'zone' && zone ? zone : cron, rule.message, HINT);
    return null;
  }
  const missed = entryOf(trigger, 'missed')?.value;
  const policy = MISSED.find((one) => missed && one === plain(missed)) ?? 'once';
  return { rule, missed: policy, localAt: shownIn(rule.zone) };
}

/** The Swedish way of writing a time is that of ISO 8601, but for a letter. */
function shownIn(zone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return (at) => format.format(new Date(at)).replace(' ', 'T');
}
