import type { Operation } from '../openapi/operation.js';
import { BAD_BODY, BAD_QUERY } from '../openapi/refusals.js';
import * as requests from '../requests.js';
import { RepairView, RepublishedView } from './repair-view.js';

/** What an operator asks and does about lost messages. */
export const REPAIR_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/repair',
    id: 'showRepair',
    tag: 'repair',
    summary: 'Show how this engine keeps itself right: its loops, what they know, what is under way.',
    answers: { 200: ['The report.', RepairView] },
    refusals: BAD_QUERY,
  },
  {
    method: 'post',
    path: '/api/repair/republish',
    id: 'republish',
    tag: 'repair',
    summary: 'Send every dispatch that is due again, for when queues are gone.',
    body: requests.EmptyBody,
    answers: { 200: ['They are sent.', RepublishedView] },
    refusals: BAD_BODY,
  },
];
