import type { Operation } from '../openapi/operation.js';
import { BAD_BODY, BAD_QUERY, BUSY, NOT_JSON } from '../openapi/refusals.js';
import * as requests from '../requests.js';
import * as views from '../views.js';

const UNKNOWN = { 404: 'There is no such message.' };

/** Routes about what stands still, and about messages that could not be used. */
export const INCIDENT_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/incidents',
    id: 'listIncidents',
    tag: 'incidents',
    summary: 'List open incidents, newest first.',
    query: requests.PageQuery,
    answers: { 200: ['A page.', views.IncidentPage] },
    refusals: BAD_QUERY,
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
      ...NOT_JSON,
      422: 'It is refused again, and the message has the new reason.',
      ...BUSY,
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
    refusals: { ...UNKNOWN, ...BAD_BODY, 409: 'It was handled before.' },
  },
];
