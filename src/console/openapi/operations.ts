import { AUDIT_OPERATIONS } from '../access/audit/audit-operations.js';
import { DEFINITION_OPERATIONS } from '../definitions/definition-operations.js';
import { KIND_OPERATIONS } from '../definitions/kinds/kind-operations.js';
import { PLAY_OPERATIONS } from '../definitions/plays/play-operations.js';
import { VERSION_OPERATIONS } from '../definitions/versions/version-operations.js';
import { INCIDENT_OPERATIONS } from '../incidents/incident-operations.js';
import { INSTANCE_OPERATIONS } from '../instances/instance-operations.js';
import { ITEM_OPERATIONS } from '../instances/items/item-operations.js';
import { PART_OPERATIONS } from '../instances/parts/part-operations.js';
import { TASK_OPERATIONS } from '../instances/tasks/task-operations.js';
import * as requests from '../requests.js';
import { ROUTING_OPERATIONS } from '../routing/routing-operations.js';
import { RULE_OPERATIONS } from '../routing/rules/rule-operations.js';
import { REPAIR_OPERATIONS } from '../system/repair-operations.js';
import { SYSTEM_OPERATIONS } from '../system/system-operations.js';
import type { Operation } from './operation.js';
import { BAD_QUERY } from './refusals.js';

/** Every route of the API, each told beside what serves it; a test holds it against what is served. */
export const OPERATIONS: readonly Operation[] = [
  ...INSTANCE_OPERATIONS,
  ...DEFINITION_OPERATIONS,
  ...VERSION_OPERATIONS,
  ...KIND_OPERATIONS,
  ...PLAY_OPERATIONS,
  ...ITEM_OPERATIONS,
  ...PART_OPERATIONS,
  ...TASK_OPERATIONS,
  ...ROUTING_OPERATIONS,
  ...RULE_OPERATIONS,
  ...INCIDENT_OPERATIONS,
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
