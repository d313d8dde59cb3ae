import type { BorderEvent, BorderMessage } from '../../core/definition/control/border.js';
import type { Expression } from '../../core/expression.js';
import { compileValue, type PlacedExpression } from '../expression/compile/compile-values.js';
import type { Report } from '../report/report.js';
import { parseDuration } from '../structure/duration.js';
import { entryOf, type MapTree, plain } from '../yaml/tree.js';
import type { When } from './edge-when.js';

/** Keys of the long form that say more of an event at the border of a node. */
export const BORDER_KEYS = ['match', 'keep', 'after', 'interrupts'] as const;

/** Adds what the long form says more of an event. `null` when that is faulty. */
export function readBorder(tree: MapTree, read: When, report: Report): When | null {
  const { when } = read;
  const takes =
    when.type === 'message' ? ['match', 'keep', 'interrupts'] : when.type === 'timeout' ? ['after', 'interrupts'] : [];
  const foreign = tree.entries.find(
    ({ key }) => (BORDER_KEYS as readonly string[]).includes(key) && !takes.includes(key),
  );
  if (foreign) {
    const message = `Expected \`${foreign.key}\` with an event that it says more of, but this edge has none.`;
    const hint = 'Messages take `match`, `keep` and `interrupts`; `on timeout` takes `after` and `interrupts`.';
    report.add('BAD_EDGE', foreign.keyAt, message, hint);
    return null;
  }
  const get = (key: (typeof BORDER_KEYS)[number]): unknown => {
    const entry = entryOf(tree, key);
    return entry && plain(entry.value);
  };
  const [after, keep] = [get('after'), get('keep')].map((text) =>
    text === undefined ? null : parseDuration(`${text}`),
  );
  const interrupts = get('interrupts') !== false;
  if (when.type === 'message') return readMatch(tree, { ...when, keepMs: keep ?? null, interrupts }, report);
  if (after !== null && after !== undefined) {
    const on: BorderEvent = { type: 'after', afterMs: after, interrupts };
    return { when: on, condition: null };
  }
  const beside = entryOf(tree, 'interrupts');
  if (when.type !== 'timeout' || !beside || interrupts) return read;
  const message =
    'Expected `after` beside `interrupts: false`, but there is none: at its timeout the node itself ends.';
  report.add('BAD_EDGE', beside.keyAt, message, 'For example { event: on timeout, after: 2h, interrupts: false }.');
  return null;
}

function readMatch(tree: MapTree, when: BorderMessage, report: Report): When | null {
  const map = entryOf(tree, 'match')?.value;
  if (map?.type !== 'map') return { when, condition: null };
  const match = new Map<string, Expression>();
  const matched: PlacedExpression[] = [];
  for (const { key, value } of map.entries) {
    const compiled = compileValue(value, report);
    if (!compiled) return null;
    match.set(key, compiled.expression);
    matched.push(...compiled.parts);
  }
  return { when: { ...when, match }, condition: null, matched };
}
