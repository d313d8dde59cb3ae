import { z } from 'zod';
import type { RepairReport } from '../../engine/repair/report-repair.js';

const at = z.iso.datetime();

/** How one engine keeps itself right; the OpenAPI document is made from this very schema. */
export const RepairView = z.strictObject({
  loops: z.array(
    z.strictObject({
      name: z.string().describe('Such as `sweep`, `timer`, `cron`, `lease`, `audit`: see docs/operations.md.'),
      everyMs: z.number(),
      rounds: z.int(),
      failed: z.int(),
      lastAt: at.nullable(),
      lastMs: z.number().nullable(),
      lastError: z.string().nullable(),
      lastErrorAt: at.nullable(),
    }),
  ),
  lanes: z.array(
    z.strictObject({
      lane: z.string(),
      watermark: at.nullable().describe('Up to when it is known to have delivered: the evidence of the sweep.'),
      depth: z.int().nullable().describe('Messages that lie ready; null: the broker cannot tell.'),
    }),
  ),
  inHand: z.int().describe('Node instances that this process works on.'),
  leases: z.int().describe('Handlers that run under a lease of this engine.'),
  waitingCommits: z.int().describe('Events that wait for their transaction.'),
  unconfirmed: z.int().describe('Committed batches whose publishes are not confirmed yet.'),
  broker: z.strictObject({
    ready: z.boolean(),
    blocked: z.boolean(),
    since: at.describe('When it last became ready, or ceased to be.'),
    about: z.record(z.string(), z.string()),
    faults: z.array(z.string()).describe('Queues and exchanges that differ from what they should be; delete them.'),
  }),
  database: z.strictObject({ up: z.boolean(), pingMs: z.number().nullable() }),
  counts: z.record(z.string(), z.int()).describe('What this process has counted, by name.'),
});

export const RepublishedView = z.strictObject({ dispatches: z.int().describe('How many were sent again.') });

const iso = (time: number): string => new Date(time).toISOString();
const isoOrNull = (time: number | null): string | null => (time === null ? null : iso(time));

export const repairView = (report: RepairReport): z.output<typeof RepairView> => ({
  loops: report.loops.map(({ name, lastAt, lastErrorAt, ...rest }) => ({
    ...rest,
    name: name as z.output<typeof RepairView>['loops'][number]['name'],
    lastAt: isoOrNull(lastAt),
    lastErrorAt: isoOrNull(lastErrorAt),
  })),
  lanes: report.lanes.map(({ watermark, ...rest }) => ({ ...rest, watermark: isoOrNull(watermark) })),
  inHand: report.inHand,
  leases: report.leases,
  waitingCommits: report.waitingCommits,
  unconfirmed: report.unconfirmed,
  broker: {
    ...report.broker,
    since: iso(report.broker.since),
    about: { ...report.broker.about },
    faults: [...(report.broker.faults ?? [])],
  },
  database: { up: report.databaseMs !== null, pingMs: report.databaseMs },
  counts: { ...report.counts } as Record<string, number>,
});
