import type { z } from 'zod';
import * as requests from '../requests.js';
import * as views from '../views.js';

/** What an operation answers: a schema, or text of a media type. */
export type Answer = z.ZodType | `${string}/${string}`;

export interface Operation {
  readonly method: 'get' | 'post';
  /** As in OpenAPI: `/api/instances/{id}`. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly tag: string;
  readonly open?: true;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: Readonly<Record<string, z.ZodType>>;
  readonly body?: z.ZodType;
  /** The body may be YAML as well. */
  readonly yaml?: true;
  readonly answers: Readonly<Record<number, readonly [string, Answer]>>;
  /** Statuses of refusals beside those that every operation can give. */
  readonly refusals: Readonly<Record<number, string>>;
}

const UNKNOWN_INSTANCE = { 404: 'There is no such instance.' };
const UNKNOWN_FLOW = { 404: 'There is no such flow, or version of it.' };
const BAD_QUERY = { 400: 'The query is not as described.' };

/** Every route of the API; a test holds it against what is served. */
export const OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/instances',
    id: 'startInstance',
    tag: 'instances',
    summary: 'Start an instance.',
    headers: { 'Idempotency-Key': requests.Receipt },
    body: requests.StartBody,
    answers: { 201: ['It was created.', views.Started], 200: ['It was there before.', views.Started] },
    refusals: {
      ...UNKNOWN_FLOW,
      413: 'The body is larger than 1 MiB.',
      415: 'The body is not JSON.',
      422: 'The input does not fit.',
    },
  },
  {
    method: 'get',
    path: '/api/instances',
    id: 'listInstances',
    tag: 'instances',
    summary: 'List instances, newest first.',
    query: requests.InstancesQuery,
    answers: { 200: ['A page.', views.InstancePage] },
    refusals: BAD_QUERY,
  },
  {
    method: 'get',
    path: '/api/instances/{id}',
    id: 'showInstance',
    tag: 'instances',
    summary: 'Show an instance with its nodes.',
    params: requests.InstancePath,
    answers: { 200: ['The instance.', views.InstanceView] },
    refusals: UNKNOWN_INSTANCE,
  },
  {
    method: 'get',
    path: '/api/instances/{id}/diagram',
    id: 'drawInstance',
    tag: 'instances',
    summary: 'Draw an instance, coloured by state.',
    params: requests.InstancePath,
    answers: { 200: ['Mermaid.', 'text/plain'] },
    refusals: UNKNOWN_INSTANCE,
  },
  {
    method: 'post',
    path: '/api/instances/{id}/retry',
    id: 'retryInstance',
    tag: 'instances',
    summary: 'Give incidents another round of attempts.',
    params: requests.InstancePath,
    body: requests.RetryBody,
    answers: { 202: ['It is retried.', views.Accepted] },
    refusals: {
      ...UNKNOWN_INSTANCE,
      409: 'There is nothing to retry.',
      415: 'The body is not JSON.',
      422: 'The body is not as described.',
    },
  },
  {
    method: 'post',
    path: '/api/instances/{id}/cancel',
    id: 'cancelInstance',
    tag: 'instances',
    summary: 'End an instance as cancelled.',
    params: requests.InstancePath,
    body: requests.CancelBody,
    answers: { 202: ['It is cancelled.', views.Accepted] },
    refusals: {
      ...UNKNOWN_INSTANCE,
      409: 'It is over.',
      415: 'The body is not JSON.',
      422: 'The body is not as described.',
    },
  },
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
    body: requests.PublishBody,
    yaml: true,
    answers: {
      201: ['A new version.', views.PublishedView],
      200: ['The same content was there before.', views.PublishedView],
    },
    refusals: {
      409: 'The version exists with other content.',
      413: 'The body is larger than 1 MiB.',
      415: 'The body is neither JSON nor YAML.',
      422: 'The definition has errors: see `problems`.',
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
    tag: 'incidents',
    summary: 'List messages that could not be used, newest first.',
    query: requests.PageQuery,
    answers: { 200: ['A page.', views.QuarantinePage] },
    refusals: BAD_QUERY,
  },
  {
    method: 'get',
    path: '/api/events',
    id: 'watchEvents',
    tag: 'events',
    summary: 'Watch instances change: server-sent events named `instance`, each an InstanceEvent.',
    query: requests.EventsQuery,
    answers: { 200: ['The stream.', 'text/event-stream'] },
    refusals: BAD_QUERY,
  },
  {
    method: 'get',
    path: '/api/me',
    id: 'showMe',
    tag: 'system',
    summary: 'Say whose token this is, and what serves.',
    answers: { 200: ['You and the server.', views.Me] },
    refusals: BAD_QUERY,
  },
  {
    method: 'get',
    path: '/api/openapi.json',
    id: 'describeApi',
    tag: 'system',
    summary: 'This document.',
    answers: { 200: ['OpenAPI 3.1.', 'application/json'] },
    refusals: BAD_QUERY,
  },
  {
    method: 'get',
    path: '/health/live',
    id: 'live',
    tag: 'system',
    summary: 'Is the process alive?',
    open: true,
    answers: { 200: ['It is.', views.Live] },
    refusals: {},
  },
  {
    method: 'get',
    path: '/health/ready',
    id: 'ready',
    tag: 'system',
    summary: 'Can it do its work?',
    open: true,
    answers: { 200: ['It can.', views.Ready], 503: ['It cannot.', views.Ready] },
    refusals: {},
  },
  {
    method: 'get',
    path: '/metrics',
    id: 'metrics',
    tag: 'system',
    summary: 'Metrics in the text format of Prometheus.',
    answers: { 200: ['Metrics.', 'text/plain'] },
    refusals: {},
  },
];
