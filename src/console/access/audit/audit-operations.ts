import type { Operation } from '../../openapi/operation.js';
import { BAD_QUERY } from '../../openapi/refusals.js';
import { AuditPage, AuditQuery } from './audit-views.js';

/** The route of the audit. */
export const AUDIT_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/audit',
    id: 'listAudit',
    tag: 'system',
    summary: 'List who did what, and who was refused, newest first.',
    query: AuditQuery,
    answers: { 200: ['A page.', AuditPage] },
    refusals: BAD_QUERY,
  },
];
