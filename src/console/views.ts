import { z } from 'zod';
import { ROLES } from '../config/people-roles.js';
import { FlowMap } from './definitions/flow-map.js';
import { STATUSES } from './requests.js';

/** What clients get. Times are ISO 8601 in UTC. The OpenAPI document is made from these very schemas. */

const at = z.iso.datetime();
const object = z.record(z.string(), z.unknown());
const status = z.enum(STATUSES);
export const page = <S extends z.ZodType>(item: S) =>
  z.strictObject({
    items: z.array(item),
    next: z.string().nullable().describe('Cursor of the next page; null: this is the last.'),
  });

export const FailureView = z.strictObject({ code: z.string(), message: z.string(), permanent: z.boolean() });

export const InstanceRow = z.strictObject({
  id: z.string(),
  flow: z.string(),
  version: z.int(),
  key: z.string().nullable(),
  status,
  outcome: z.string().nullable(),
  startedAt: at,
  endedAt: at.nullable(),
  active: z.int().describe('Node instances that are not over.'),
  incidents: z.int().describe('How many of them are incidents.'),
  ending: z
    .strictObject({ status: z.enum(['completed', 'failed', 'cancelled']), by: z.string(), at })
    .nullable()
    .describe('It has been ended, and is over when what participants have begun is settled; null: it has not.'),
});

export const AttemptView = z.strictObject({
  attempt: z.int(),
  how: z.enum(['failed', 'polled']),
  decision: z.string().describe('Why, and what followed.'),
  error: FailureView.nullable(),
  at,
  lane: z.string().nullable(),
});

const nodeRow = {
  id: z.string().describe('The idempotency key that handlers get.'),
  node: z.string(),
  visit: z.int().describe('From 1; of an item of `each` a number that stands for visit and item.'),
  item: z.int().nullable().describe('Of `each`: which item it is, from 0; null when it is none.'),
  items: z
    .strictObject({ done: z.int(), total: z.int(), open: z.boolean().describe('More may still come.') })
    .nullable()
    .describe('Of `each`: how many items are done; null when it has none.'),
  status: z.enum(['ready', 'waiting', 'done', 'skipped', 'incident', 'cancelling', 'cancelled', 'compensated']),
  shown: z
    .string()
    .describe('The state for people: `ready` told apart into queued, running, delayed, retrying and held.'),
  attempt: z.int(),
  polls: z.int(),
  lane: z.string().nullable(),
  reason: z.string().nullable().describe('Why it went to that lane.'),
  via: z.array(z.int()).describe('Indexes of the edges it was entered by.'),
  wakeAt: at.nullable(),
  startedAt: at,
  endedAt: at.nullable(),
  error: FailureView.nullable(),
};

export const LiveNode = z.strictObject(nodeRow);
export const NodeView = z.strictObject({
  ...nodeRow,
  output: z.unknown().describe('Any JSON; null when it has none yet.'),
  attempts: z.array(AttemptView),
});

export const IncidentRow = z.strictObject({
  id: z.string(),
  instance: z.string(),
  flow: z.string(),
  key: z.string().nullable(),
  node: z.string(),
  visit: z.int(),
  code: z.string(),
  message: z.string(),
  raisedAt: at,
});

const arrivals = z.record(z.string(), z.int()).describe('Arrivals that no join has consumed yet, by edge index.');

export const InstanceView = z.strictObject({
  ...InstanceRow.shape,
  play: z
    .strictObject({ code: z.string(), revision: z.int(), params: object })
    .nullable()
    .describe('What the play that started it was then; null: none did.'),
  input: object,
  vars: object,
  arrivals,
  nodes: z.array(NodeView),
  incidents: z.array(IncidentRow),
});

export const InstanceEvent = z.strictObject({
  seq: z.int().describe('Rises whenever the instance changes.'),
  ...InstanceRow.shape,
  arrivals,
  nodes: z.array(LiveNode).describe('The nodes that changed; only on the topic of the instance.').optional(),
});

export const Started = z.strictObject({
  id: z.string(),
  flow: z.string(),
  version: z.int(),
  key: z.string().nullable(),
  status,
  duplicate: z.literal(true).describe('It was there before.').optional(),
});

export const Sent = z.strictObject({
  id: z.string(),
  takenBy: z
    .strictObject({ instance: z.string(), node: z.string(), visit: z.int() })
    .nullable()
    .describe('Who went on with it; null: it is kept for who will wait for it.'),
  started: z
    .array(
      z.strictObject({
        trigger: z.string(),
        play: z.string().optional(),
        flow: z.string(),
        instance: z.string(),
        duplicate: z.boolean(),
      }),
    )
    .describe('What triggers have started because of it; `duplicate`: it was there before.')
    .optional(),
  duplicate: z.literal(true).describe('It was there before.').optional(),
});

export const Accepted = z.strictObject({ id: z.string() });

export const DefinitionRow = z.strictObject({
  flow: z.string(),
  version: z.int(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  instances: z.partialRecord(status, z.int()).describe('How many there are in each status; absent: none.'),
});

export const DefinitionView = z.strictObject({
  flow: z.string(),
  version: z.int(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  source: z.string().describe('The YAML, as published.'),
  versions: z.array(z.int()),
  map: FlowMap.describe('What ties the diagram to the definition.'),
  input: object.nullable().describe('JSON Schema of the start input.'),
  play: object.nullable().describe('JSON Schema of what a play configures; null: no play can.'),
});

export const PlacedProblem = z.strictObject({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  hint: z.string().nullable(),
  file: z.string(),
  line: z.int(),
  column: z.int(),
});

export const PublishedView = z.strictObject({ flow: z.string(), version: z.int(), problems: z.array(PlacedProblem) });

export const CheckedView = z.strictObject({
  flow: z.string().nullable().describe('null: a problem is an error.'),
  problems: z.array(PlacedProblem),
  mermaid: z.string().nullable().describe('How it would be drawn.'),
  map: FlowMap.nullable(),
});

const quarantined = {
  id: z.string(),
  at,
  source: z.enum(['start', 'dispatch', 'reply', 'message']),
  code: z.string(),
  reason: z.string(),
  exchange: z.string(),
  routingKey: z.string(),
  headers: object,
  encoding: z.enum(['utf8', 'base64']),
  size: z.int().describe('Of the whole body, in bytes.'),
  sha256: z.string(),
  state: z.enum(['open', 'replayed', 'discarded']),
  replays: z.int().describe('How often somebody tried.'),
  handledBy: z.string().nullable().describe('Who did the last thing to it.'),
  handledAt: at.nullable(),
};

export const QuarantineRow = z.strictObject({
  ...quarantined,
  body: z.string().describe('The first 4,096 characters.'),
});
export const QuarantineView = z.strictObject({
  ...quarantined,
  body: z.string().describe('Whole up to 1 MiB; of larger ones the first 4 KiB, and they cannot be replayed.'),
});

export const Replayed = z.strictObject({
  id: z.string(),
  instance: z.string().describe('The instance that stands for it now.'),
});

export const InstancePage = page(InstanceRow);
export const IncidentPage = page(IncidentRow);
export const QuarantinePage = page(QuarantineRow);

export const Me = z.strictObject({
  name: z.string(),
  roles: z.array(z.enum(ROLES)),
  groups: z.array(z.string()).describe('What it stands for: tasks for these are for it.'),
  engine: z.strictObject({ mode: z.enum(['embedded', 'servers']), version: z.string() }),
});

const upOrDown = z.enum(['up', 'down']);
export const Live = z.strictObject({ status: upOrDown });
export const Ready = z.strictObject({
  status: upOrDown,
  database: upOrDown,
  broker: upOrDown,
  topology: z.literal('faulty').optional().describe('Queues or exchanges differ from what they should be.'),
});

export const ProblemView = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string().describe('Never changes; read this one.'),
  detail: z.string(),
  violations: z.array(z.strictObject({ pointer: z.string(), message: z.string() })).optional(),
  request: z.string().describe('Finds the line in the log.'),
});
