import { z } from 'zod';
import type { Control, JoinRule } from '../../../core/definition/control/control.js';
import { MERGE_NAMES } from '../../../core/definition/control/merge.js';
import type { Report } from '../../report/report.js';
import { entryOf, type MapTree, plain } from '../../yaml/tree.js';
import { expression } from '../parts.js';

export const rest = z.enum(['ignore', 'cancel', 'hold']).meta({
  description: 'What becomes of the other edges of a `join` with a number: ignore (default), cancel or hold.',
});

const scopeName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, { error: 'id' });
const scopeNames = z.union([scopeName, z.array(scopeName).min(1).max(8)], { error: 'scope' });

export const scope = scopeNames.meta({ description: 'The groups that it belongs to; each is cancelled as a whole.' });

/** How many arrivals an edge may bring. */
export const times = z
  .int()
  .min(2)
  .max(100)
  .meta({ description: 'How many arrivals the edge brings: threads of one node.' });

export const cancels = scopeNames.meta({ description: 'Scopes that are cancelled when the edge is taken.' });

export const mutex = z.union([scopeName, z.strictObject({ section: scopeName })], { error: 'mutex' }).meta({
  description: 'Of all nodes with this name one is active at a time; { section: name }: one group of connected nodes.',
});

export const milestone = scopeName.meta({ description: 'The node begins only while that other node is active.' });

const merging = z.union([z.enum(MERGE_NAMES), z.strictObject({ by: expression })], { error: 'merge' });

export const merge = z
  .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, { error: 'name' }), merging)
  .meta({ description: 'How a variable is made of what the branches that meet here have written to it.' });

/** One name or several, as a list; `undefined` when there is none. */
export function namesUnder(tree: MapTree, key: string): readonly string[] | undefined {
  const entry = entryOf(tree, key);
  return entry && ([plain(entry.value)].flat() as string[]);
}

/** What a node says of how it is entered and left, but for its join. */
export function controlOf(tree: MapTree): Control {
  const scopes = namesUnder(tree, 'scope');
  const [mutual, held] = ['mutex', 'while']
    .map((key) => entryOf(tree, key))
    .map((entry) => entry && plain(entry.value));
  const name = typeof mutual === 'object' ? (mutual as { section: string }).section : mutual;
  return {
    ...(scopes && { scopes }),
    ...(typeof name === 'string' && { mutex: { name, section: typeof mutual === 'object' } }),
    ...(typeof held === 'string' && { while: held }),
  };
}

/** What `join` and `rest` say. */
export function joinRule(tree: MapTree, report: Report): JoinRule | null {
  const [join, others] = ['join', 'rest'].map((key) => entryOf(tree, key));
  const written = join && plain(join.value);
  if (others && typeof written !== 'number') {
    const message = 'Expected `rest` beside a `join` with a number, but there is none.';
    report.add('MODIFIER_NOT_HERE', others.keyAt, message, 'Only then are there edges that nobody waits for.');
  }
  if (written === undefined) return null;
  if (typeof written === 'object') return { type: 'arrivals', count: (written as { arrivals: number }).arrivals };
  if (typeof written !== 'number') return { type: written as 'all' | 'taken' | 'each' };
  const kept = others && plain(others.value);
  return { type: 'count', count: written, ...((kept === 'cancel' || kept === 'hold') && { rest: kept }) };
}

/** How an end ends. */
export function ending(written: unknown): { mode: 'finish' | 'terminate' | 'fail'; outcome: string } {
  if (typeof written === 'object') return { mode: 'fail', outcome: (written as { fail: string }).fail };
  if (written === 'terminate') return { mode: 'terminate', outcome: 'terminated' };
  return { mode: 'finish', outcome: String(written) };
}
