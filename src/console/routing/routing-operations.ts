import type { Operation } from '../openapi/operation.js';
import { BAD_BODY, BAD_QUERY, UNKNOWN_VISIT } from '../openapi/refusals.js';
import * as requests from '../requests.js';
import * as views from '../views.js';
import { DelayPage } from './delay-views.js';
import { ExplainView } from './explain-views.js';
import { CancelDelayBody, DelaysQuery, ExplainBody, RescheduleBody } from './routing-requests.js';
import { GroupList, LaneList, SubjectList, TurnList, WhyView } from './routing-views.js';

/** What the router knows, what it keeps waiting, and why it decided as it did. */
export const ROUTING_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/instances/{id}/nodes/{node}/why',
    id: 'explainNode',
    tag: 'routing',
    summary: 'Say why a node instance went to its lane: every opinion that was asked, with the figures of then.',
    params: requests.NodePath,
    query: requests.VisitQuery,
    answers: { 200: ['The reasons.', WhyView] },
    refusals: { ...BAD_QUERY, ...UNKNOWN_VISIT },
  },
  {
    method: 'post',
    path: '/api/routing/explain',
    id: 'explainRoute',
    needs: 'viewer',
    told: null,
    tag: 'routing',
    summary:
      'Say where a message would go now, with everything that was asked: one that is there, or one that could be.',
    body: ExplainBody,
    answers: { 200: ['The decision.', ExplainView] },
    refusals: { ...BAD_BODY, ...UNKNOWN_VISIT },
  },
  {
    method: 'get',
    path: '/api/delays',
    id: 'listDelays',
    tag: 'routing',
    summary: 'List what waits for its time, the next one first.',
    query: DelaysQuery,
    answers: { 200: ['A page.', DelayPage] },
    refusals: BAD_QUERY,
  },
  {
    method: 'post',
    path: '/api/instances/{id}/nodes/{node}/reschedule',
    id: 'rescheduleNode',
    tag: 'routing',
    summary: 'Let what waits for its time go now, or at another time.',
    params: requests.NodePath,
    body: RescheduleBody,
    answers: { 202: ['It is dispatched anew.', views.Accepted] },
    refusals: {
      ...BAD_BODY,
      400: 'The path is not as described.',
      ...UNKNOWN_VISIT,
      409: 'It does not wait for its time, or it has moved since it was looked at.',
    },
  },
  {
    method: 'post',
    path: '/api/instances/{id}/nodes/{node}/cancel-delay',
    id: 'cancelDelay',
    tag: 'routing',
    summary: 'Keep what waits for its time from going then: it becomes an incident, and a retry by name goes on.',
    params: requests.NodePath,
    body: CancelDelayBody,
    answers: { 202: ['It waits no more.', views.Accepted] },
    refusals: {
      ...BAD_BODY,
      400: 'The path is not as described.',
      ...UNKNOWN_VISIT,
      409: 'It does not wait for its time, or it has moved since it was looked at.',
    },
  },
  {
    method: 'get',
    path: '/api/routing/subjects',
    id: 'listSubjects',
    tag: 'routing',
    summary: 'List whose health this process watches, the unwell first.',
    answers: { 200: ['The subjects.', SubjectList] },
    refusals: BAD_QUERY,
  },
  {
    method: 'get',
    path: '/api/routing/transitions',
    id: 'listTransitions',
    tag: 'routing',
    summary: 'List the latest circuits and latency classes that changed, newest first, as this process knows.',
    answers: { 200: ['The transitions.', TurnList] },
    refusals: BAD_QUERY,
  },
  {
    method: 'get',
    path: '/api/routing/lanes',
    id: 'listLanes',
    tag: 'routing',
    summary: 'List the lanes.',
    answers: { 200: ['The lanes.', LaneList] },
    refusals: BAD_QUERY,
  },
  {
    method: 'get',
    path: '/api/routing/groups',
    id: 'listGroups',
    tag: 'routing',
    summary: 'List the groups of engines, which handlers they have, and what waits for them.',
    answers: { 200: ['The groups; none where the engine is alone.', GroupList] },
    refusals: BAD_QUERY,
  },
];
