import * as requests from '../requests.js';
import { LaneList, RuleList, SubjectList, WhyView } from '../system/routing-views.js';
import type { Operation } from './operation.js';

const BAD_QUERY = { 400: 'The query is not as described.' };

/** What the router goes by, and why it decided as it did. */
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
    refusals: { ...BAD_QUERY, 404: 'There is no such instance, or it has not been there.' },
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
    path: '/api/routing/rules',
    id: 'listRules',
    tag: 'routing',
    summary: 'List the rules and overrides in force, and how often they were asked.',
    answers: { 200: ['The rules.', RuleList] },
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
];
