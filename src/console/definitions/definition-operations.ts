import { numberOf } from '../access/audit/entry-of.js';
import type { Operation } from '../openapi/operation.js';
import { BAD_QUERY, NOT_YAML, TOO_LARGE, UNKNOWN_FLOW } from '../openapi/refusals.js';
import * as requests from '../requests.js';
import * as views from '../views.js';
import { FunnelQuery, FunnelView } from './funnel/funnel-views.js';
import { TriggerRow } from './triggers.controller.js';

/** Routes about definitions, and what starts them. */
export const DEFINITION_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/definitions',
    id: 'listDefinitions',
    tag: 'definitions',
    summary: 'List the newest version of every flow.',
    answers: { 200: ['The flows.', views.DefinitionRow.array()] },
    refusals: BAD_QUERY,
  },
  {
    method: 'post',
    path: '/api/definitions',
    id: 'publishDefinition',
    tag: 'definitions',
    summary: 'Publish a definition.',
    needs: 'deployer',
    told: (_asked, answer) => ({ version: numberOf(answer, 'version') }),
    body: requests.PublishBody,
    yaml: true,
    answers: {
      201: ['A new version.', views.PublishedView],
      200: ['The same content was there before.', views.PublishedView],
    },
    refusals: {
      409: 'The version exists with other content.',
      ...TOO_LARGE,
      ...NOT_YAML,
      422: 'The definition has errors: see `problems`.',
    },
  },
  {
    method: 'post',
    path: '/api/definitions/check',
    id: 'checkDefinition',
    tag: 'definitions',
    summary: 'Say what publishing would find, and draw it; nothing is stored.',
    needs: 'viewer',
    told: null,
    body: requests.CheckBody,
    yaml: true,
    answers: { 200: ['What was found.', views.CheckedView] },
    refusals: {
      ...TOO_LARGE,
      ...NOT_YAML,
      422: 'The body is not as described.',
    },
  },
  {
    method: 'get',
    path: '/api/definitions/{flow}',
    id: 'showDefinition',
    tag: 'definitions',
    summary: 'Show a definition.',
    params: requests.FlowPath,
    query: requests.VersionQuery,
    answers: { 200: ['The definition.', views.DefinitionView] },
    refusals: { ...BAD_QUERY, ...UNKNOWN_FLOW },
  },
  {
    method: 'get',
    path: '/api/definitions/{flow}/diagram',
    id: 'drawDefinition',
    tag: 'definitions',
    summary: 'Draw a definition.',
    params: requests.FlowPath,
    query: requests.VersionQuery,
    answers: { 200: ['Mermaid.', 'text/plain'] },
    refusals: { ...BAD_QUERY, ...UNKNOWN_FLOW },
  },
  {
    method: 'get',
    path: '/api/definitions/{flow}/funnel',
    id: 'showFunnel',
    tag: 'definitions',
    summary: 'Say how far the newest instances of a flow came, node by node.',
    params: requests.FlowPath,
    query: FunnelQuery,
    answers: { 200: ['The funnel.', FunnelView] },
    refusals: { ...BAD_QUERY, ...UNKNOWN_FLOW },
  },
  {
    method: 'get',
    path: '/api/triggers',
    id: 'listTriggers',
    tag: 'definitions',
    summary: 'List the triggers in force, with what became of the events that they heard.',
    answers: { 200: ['The triggers.', TriggerRow.array()] },
    refusals: BAD_QUERY,
  },
];
