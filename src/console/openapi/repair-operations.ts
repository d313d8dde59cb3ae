import { DiffView } from '../definitions/diff.controller.js';
import * as requests from '../requests.js';
import { RepairView, RepublishedView } from '../system/repair-view.js';
import * as views from '../views.js';
import type { Operation } from './operation.js';

const UNKNOWN = { 404: 'There is no such message.' };
const BODY = { 415: 'The body is not JSON.', 422: 'The body is not as described.' };
const BAD_QUERY = { 400: 'The query is not as described.' };

/** What an operator does about messages that could not be used, and about lost ones. */
export const REPAIR_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/definitions/{flow}/diff',
    id: 'compareDefinitions',
    tag: 'definitions',
    summary: 'Tell how two versions of a definition differ.',
    params: requests.FlowPath,
    query: requests.DiffQuery,
    answers: { 200: ['What differs.', DiffView] },
    refusals: { ...BAD_QUERY, 404: 'There is no such flow, or version of it.' },
  },
  {
    method: 'get',
    path: '/api/quarantine',
    id: 'listQuarantine',
    tag: 'quarantine',
    summary: 'List messages that could not be used, newest first.',
    query: requests.QuarantineQuery,
    answers: { 200: ['A page.', views.QuarantinePage] },
    refusals: BAD_QUERY,
  },
  {
    method: 'get',
    path: '/api/quarantine/{id}',
    id: 'showQuarantined',
    needs: 'operator',
    tag: 'quarantine',
    summary: 'Show one of them with its body.',
    params: requests.QuarantinePath,
    answers: { 200: ['The message.', views.QuarantineView] },
    refusals: { ...BAD_QUERY, ...UNKNOWN },
  },
  {
    method: 'post',
    path: '/api/quarantine/{id}/replay',
    id: 'replayQuarantined',
    tag: 'quarantine',
    summary: 'Do again what it asked for: start the instance, or send the dispatch.',
    params: requests.QuarantinePath,
    body: requests.EmptyBody,
    answers: { 200: ['It is done.', views.Replayed] },
    refusals: {
      ...UNKNOWN,
      409: 'It was handled before, nothing waits for it any more, or it was not kept whole.',
      415: 'The body is not JSON.',
      422: 'It is refused again, and the message has the new reason.',
      429: 'Too much work waits already, or too many wrong tokens came: try again after `Retry-After` seconds.',
    },
  },
  {
    method: 'post',
    path: '/api/quarantine/{id}/discard',
    id: 'discardQuarantined',
    tag: 'quarantine',
    summary: 'Mark it as not wanted; it is kept.',
    params: requests.QuarantinePath,
    body: requests.EmptyBody,
    answers: { 200: ['It is marked.', views.Accepted] },
    refusals: { ...UNKNOWN, ...BODY, 409: 'It was handled before.' },
  },
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
    refusals: BODY,
  },
];
