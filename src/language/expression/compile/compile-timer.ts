import type { TimerNode } from '../../../core/definition/nodes/waiting-nodes.js';
import type { Report } from '../../report/report.js';
import { entryOf, type MapTree, plain } from '../../yaml/tree.js';
import { compileCron } from './compile-cron.js';
import { compilePlaced, type PlacedExpression } from './compile-values.js';

export interface CompiledTimer {
  readonly timer: TimerNode['timer'];
  readonly placed: PlacedExpression | null;
}

/** The long form of a timer: `{ at }`, `{ for }`, `{ until }` or `{ cron, zone }`. `null` when it is faulty. */
export function compileTimer(written: MapTree, report: Report): CompiledTimer | null {
  const cron = entryOf(written, 'cron')?.value;
  if (cron) {
    const zone = entryOf(written, 'zone')?.value;
    const rule = compileCron(String(plain(cron)), zone ? String(plain(zone)) : 'UTC');
    if (!('message' in rule)) return { timer: { cron: rule }, placed: null };
    const hint = 'For example { cron: "0 9 * * 1-5", zone: Asia/Shanghai }: nine o’clock on working days.';
    report.add('BAD_CRON', rule.part === 'zone' && zone ? zone : cron, rule.message, hint);
    return null;
  }
  const [entry] = written.entries;
  // A date that is written out is a text.
  const text = entry?.key === 'at' ? `'${String(plain(entry.value))}'` : undefined;
  const placed = entry?.value.type === 'scalar' ? compilePlaced(entry.value, report, text) : null;
  if (!placed) return null;
  const { expression } = placed.compiled;
  return { timer: entry?.key === 'for' ? { for: expression } : { until: expression }, placed };
}
