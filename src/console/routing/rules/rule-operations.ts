import { numberOf, textOf } from '../../access/audit/entry-of.js';
import type { Operation } from '../../openapi/operation.js';
import { BAD_BODY, BAD_QUERY, NOT_YAML, TOO_LARGE } from '../../openapi/refusals.js';
import * as requests from '../../requests.js';
import * as views from '../../views.js';
import { ReplayView } from '../explain-views.js';
import { OverrideBody, OverridePath, ReasonBody, ReplayBody, RulesBody, RulesPath } from '../routing-requests.js';
import { OverrideRow, PublishedRules, RuleList } from '../routing-views.js';
import { RoutingChangePage, RulesPage, RulesView } from './order-views.js';

/** Routes about the rules and overrides that the router goes by. */
export const RULE_OPERATIONS: readonly Operation[] = [
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
    method: 'post',
    path: '/api/routing/rules',
    id: 'publishRules',
    needs: 'deployer',
    told: (_asked, answer) => ({ version: numberOf(answer, 'version') }),
    tag: 'routing',
    summary: 'Publish a set of rules, in the place of the one before.',
    body: RulesBody,
    yaml: true,
    answers: {
      201: ['A new version, in force in every engine within a second.', PublishedRules],
      200: ['The newest version has the same content.', PublishedRules],
    },
    refusals: {
      ...BAD_QUERY,
      ...TOO_LARGE,
      ...NOT_YAML,
      422: 'The rules have errors: see `problems`. What was in force stays.',
    },
  },
  {
    method: 'get',
    path: '/api/routing/rules/versions',
    id: 'listRulesVersions',
    tag: 'routing',
    summary: 'List the published sets of rules, newest first.',
    query: requests.PageQuery,
    answers: { 200: ['A page.', RulesPage] },
    refusals: BAD_QUERY,
  },
  {
    method: 'get',
    path: '/api/routing/rules/versions/{version}',
    id: 'showRules',
    tag: 'routing',
    summary: 'Show a published set of rules.',
    params: RulesPath,
    answers: { 200: ['The rules.', RulesView] },
    refusals: { ...BAD_QUERY, 404: 'There is no such version.' },
  },
  {
    method: 'post',
    path: '/api/routing/rules/versions/{version}/restore',
    id: 'restoreRules',
    needs: 'deployer',
    tag: 'routing',
    summary: 'Publish the content of an earlier version anew.',
    params: RulesPath,
    body: ReasonBody,
    answers: { 200: ['It is in force, under a new version.', PublishedRules] },
    refusals: { ...BAD_BODY, 400: 'The version is no number.', 404: 'There is no such version.' },
  },
  {
    method: 'post',
    path: '/api/routing/replay',
    id: 'replayRoutes',
    needs: 'viewer',
    told: null,
    tag: 'routing',
    summary: 'Say what of the latest decisions a draft of rules would have changed.',
    body: ReplayBody,
    answers: { 200: ['What would have moved.', ReplayView] },
    refusals: BAD_BODY,
  },
  {
    method: 'get',
    path: '/api/routing/changes',
    id: 'listRoutingChanges',
    tag: 'routing',
    summary: 'List who told the router what, when and why, newest first.',
    query: requests.PageQuery,
    answers: { 200: ['A page.', RoutingChangePage] },
    refusals: BAD_QUERY,
  },
  {
    method: 'get',
    path: '/api/routing/overrides',
    id: 'listOverrides',
    tag: 'routing',
    summary: 'List the overrides in force.',
    answers: { 200: ['The overrides.', OverrideRow.array()] },
    refusals: BAD_QUERY,
  },
  {
    method: 'post',
    path: '/api/routing/overrides',
    id: 'setOverride',
    told: (asked, answer) => ({ code: textOf(answer, 'code') ?? textOf(asked, 'code') }),
    tag: 'routing',
    summary: 'Pin a lane, hold, open, close, freeze or ignore circuits, for a while.',
    body: OverrideBody,
    answers: { 201: ['It is in force in every engine within a second.', OverrideRow] },
    refusals: BAD_BODY,
  },
  {
    method: 'post',
    path: '/api/routing/overrides/{code}/remove',
    id: 'removeOverride',
    tag: 'routing',
    summary: 'End an override that was set over HTTP.',
    params: OverridePath,
    body: ReasonBody,
    answers: { 200: ['It has ended.', views.Accepted] },
    refusals: { ...BAD_BODY, 400: 'The code is none.', 404: 'There is no such override, or it stands in a file.' },
  },
];
