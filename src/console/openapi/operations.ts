import { AUDIT_OPERATIONS } from '../access/audit/audit-operations.js';
import { DEFINITION_OPERATIONS } from '../definitions/definition-operations.js';
import { KIND_OPERATIONS } from '../definitions/kinds/kind-operations.js';
import { PLAY_OPERATIONS } from '../definitions/plays/play-operations.js';
import { VERSION_OPERATIONS } from '../definitions/versions/version-operations.js';
import { TASK_OPERATIONS } from '../instances/tasks/task-operations.js';
import * as requests from '../requests.js';
import * as views from '../views.js';
import type { Operation } from './operation.js';
import { REPAIR_OPERATIONS } from './repair-operations.js';
import { ROUTING_OPERATIONS } from './routing-operations.js';
import { SYSTEM_OPERATIONS } from './system-operations.js';

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
    told: null,
    headers: { 'Idempotency-Key': requests.Receipt },
    body: requests.StartBody,
    answers: { 201: ['It was created.', views.Started], 200: ['It was there before.', views.Started] },
    refusals: {
      ...UNKNOWN_FLOW,
      413: 'The body is larger than 1 MiB.',
      415: 'The body is not JSON.',
      422: 'The input does not fit.',
      429: 'Too much work waits already, or too many wrong tokens came: try again after `Retry-After` seconds.',
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
    body: requests.EmptyBody,
    answers: { 202: ['It is cancelled.', views.Accepted] },
    refusals: {
      ...UNKNOWN_INSTANCE,
      409: 'It is over.',
      415: 'The body is not JSON.',
      422: 'The body is not as described.',
    },
  },
  ...(['pause', 'resume'] as const).map(
    (verb): Operation => ({
      method: 'post',
      path: `/api/instances/{id}/${verb}`,
      id: `${verb}Instance`,
      tag: 'instances',
      summary: verb === 'pause' ? 'Hold the new work of an instance.' : 'Let a paused instance go on.',
      params: requests.InstancePath,
      body: requests.EmptyBody,
      answers: { 202: ['It is done.', views.Accepted] },
      refusals: {
        ...UNKNOWN_INSTANCE,
        409: verb === 'pause' ? 'It is paused already, or over.' : 'It is not paused.',
        415: 'The body is not JSON.',
        422: 'The body is not as described.',
      },
    }),
  ),
  {
    method: 'post',
    path: '/api/messages',
    id: 'sendMessage',
    tag: 'messages',
    summary: 'Send a message to the flow that waits for it, or will.',
    told: null,
    headers: { 'Idempotency-Key': requests.Receipt },
    body: requests.MessageBody,
    answers: { 202: ['It is stored.', views.Sent], 200: ['It was there before.', views.Sent] },
    refusals: {
      ...BAD_QUERY,
      413: 'The body is larger than 1 MiB.',
      415: 'The body is not JSON.',
      422: 'The message is not as described.',
    },
  },
  ...DEFINITION_OPERATIONS,
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
  ...VERSION_OPERATIONS,
  ...KIND_OPERATIONS,
  ...PLAY_OPERATIONS,
  ...TASK_OPERATIONS,
  ...ROUTING_OPERATIONS,
  ...REPAIR_OPERATIONS,
  ...AUDIT_OPERATIONS,
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
  ...SYSTEM_OPERATIONS,
];
