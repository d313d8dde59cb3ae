import { z } from 'zod';
import type { AuditEntry } from '../../../engine/operate/audit/audit-trail.js';
import { iso } from '../../instances/write-views.js';
import { counted, FlowPath, InstancePath } from '../../requests.js';
import { page } from '../../views.js';

export const AuditQuery = z.strictObject({
  flow: FlowPath.shape.flow.optional(),
  instance: InstancePath.shape.id.optional(),
  who: z.string().min(1).max(190).optional(),
  cursor: z.string().min(1).max(500).describe('`next` of the page before.').optional(),
  limit: counted(200).default(50).describe('1 to 200.'),
});

export const AuditRow = z.strictObject({
  id: z.string(),
  at: z.string().describe('ISO 8601, UTC.'),
  who: z.string(),
  action: z.string().describe('The `operationId`.'),
  flow: z.string().nullable(),
  instance: z.string().nullable(),
  node: z.string().nullable(),
  status: z.int().describe('Of the answer: below 400 it was done.'),
  detail: z.record(z.string(), z.unknown()).describe('What was asked for and what came of it.'),
});
export const AuditPage = page(AuditRow);

export const auditRow = ({ at, detail, ...entry }: AuditEntry): z.output<typeof AuditRow> => ({
  ...entry,
  at: iso(at),
  detail: { ...detail },
});
