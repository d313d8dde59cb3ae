import { z } from 'zod';
import type { JoinRule } from '../../../core/definition/definition.js';
import type { Report } from '../../report/report.js';
import { entryOf, type MapTree, plain } from '../../yaml/tree.js';

export const rest = z.enum(['ignore', 'cancel', 'hold']).meta({
  description: 'What becomes of the other edges of a `join` with a number: ignore (default), cancel or hold.',
});

/** What `join` and `rest` say. */
export function joinRule(tree: MapTree, report: Report): JoinRule | null {
  const [join, others] = ['join', 'rest'].map((key) => entryOf(tree, key));
  const written = join && plain(join.value);
  if (others && typeof written !== 'number') {
    const message = 'Expected `rest` beside a `join` with a number, but there is none.';
    report.add('MODIFIER_NOT_HERE', others.keyAt, message, 'Only then are there edges that nobody waits for.');
  }
  if (written === undefined) return null;
  if (typeof written !== 'number') return { type: written as 'all' | 'taken' | 'each' };
  const kept = others && plain(others.value);
  return { type: 'count', count: written, ...((kept === 'cancel' || kept === 'hold') && { rest: kept }) };
}
