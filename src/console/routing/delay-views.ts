import { z } from 'zod';
import { DATABASE_TIMER } from '../../core/routing/lane.js';
import type { SeenDispatch } from '../../engine/operate/delays/dispatch-views.js';
import { iso } from '../instances/write-views.js';

const KINDS = ['timer', 'held', 'circuit', 'poll', 'retry', 'delay'] as const;

export const DelayRow = z.strictObject({
  instance: z.string(),
  flow: z.string(),
  version: z.int(),
  key: z.string().nullable(),
  node: z.string(),
  visit: z.int(),
  attempt: z.int(),
  dispatch: z.int().describe('Rises whenever it is dispatched anew.'),
  kind: z.enum(KINDS).describe('What it waits for: its time, an operator, a partner, or another try.'),
  lane: z.string().nullable(),
  reason: z.string().nullable(),
  dueAt: z.iso.datetime(),
  where: z.enum(['broker', 'database']).describe('Who counts the time; the database does in any case.'),
});

export const DelayPage = z.strictObject({
  items: z.array(DelayRow),
  next: z.string().nullable().describe('Cursor of the next page; null: this is the last.'),
});

export const delayRow = ({ instance, flow, version, key, node }: SeenDispatch): z.output<typeof DelayRow> => ({
  instance,
  flow,
  version,
  key,
  node: node.node,
  visit: node.visit,
  attempt: node.attempt,
  dispatch: node.dispatch,
  kind: kindOf(node),
  lane: node.lane,
  reason: node.reason,
  dueAt: iso(node.wakeAt ?? 0),
  where: node.queue === DATABASE_TIMER ? 'database' : 'broker',
});

function kindOf({ status, receipt, polls, attempt }: SeenDispatch['node']): (typeof KINDS)[number] {
  const action = receipt?.trace.find(({ won }) => won.includes('action'))?.action;
  if (action === 'hold') return 'held';
  if (action === 'defer') return 'circuit';
  if (status === 'waiting') return 'timer';
  if (attempt > 1) return 'retry';
  return polls > 0 ? 'poll' : 'delay';
}
