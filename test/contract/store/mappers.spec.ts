import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instance, InstanceStatus, NodeInstance, NodeStatus } from '../../../src/core/flow/instance.js';
import type { JsonObject } from '../../../src/core/json.js';
import { LANE_NAMES } from '../../../src/core/routing/lane.js';
import type { Receipt } from '../../../src/core/routing/receipt.js';
import type { AttemptRecord } from '../../../src/engine/ports/store.js';
import type { Table, Value } from '../../../src/storage/sql/session.js';
import {
  attemptOf,
  attemptValues,
  instanceOf,
  instanceValues,
  nodeOf,
  nodeValues,
} from '../../../src/storage/store/mappers.js';
import { ATTEMPT, INSTANCE, NODE } from '../../../src/storage/store/tables.js';

const row = (table: Table, values: readonly Value[]): Record<string, Value> => {
  expect(values).toHaveLength(table.columns.length);
  return Object.fromEntries(table.columns.map((column, at) => [column, values[at] ?? null]));
};

const orNull = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(some, { nil: null });
const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const id = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,20}$/);
const time = fc.integer({ min: 0, max: 4_102_444_800_000 });
const count = fc.nat({ max: 100_000 });
const facts = fc
  .dictionary(text, fc.jsonValue({ maxDepth: 2 }))
  .map((one) => JSON.parse(JSON.stringify(one)) as JsonObject);
const failure = fc.record({ code: id, message: text, permanent: fc.boolean() });

const statuses: InstanceStatus[] = [
  'running',
  'paused',
  'incident',
  'compensating',
  'completed',
  'failed',
  'cancelled',
];
const nodeStatuses: NodeStatus[] = [
  'ready',
  'waiting',
  'done',
  'skipped',
  'incident',
  'cancelling',
  'cancelled',
  'compensated',
];

const instances: fc.Arbitrary<Instance> = fc.record({
  id: fc.uuid(),
  flow: id,
  version: count,
  key: orNull(text),
  status: fc.constantFrom(...statuses),
  seq: count,
  active: count,
  incidents: count,
  outcome: orNull(id),
  state: fc.record({
    arrivals: fc.dictionary(fc.nat(500).map(String), count),
    absorbing: fc.dictionary(id, fc.array(count)),
    visits: fc.dictionary(id, count),
    facts,
  }),
  startedAt: time,
  endedAt: orNull(time),
});

const opinion = { stage: fc.constantFrom('circuit', 'retry', 'default'), code: id, said: text } as const;
const receipt: fc.Arbitrary<Receipt> = fc.record({
  subject: text,
  code: id,
  rules: orNull(id),
  trace: fc.array(
    fc.record(
      {
        ...opinion,
        won: fc.array(fc.constantFrom('lane', 'delay')),
        lane: fc.constantFrom(...LANE_NAMES),
        delayMs: count,
      },
      { requiredKeys: ['stage', 'code', 'said', 'won'] },
    ),
  ),
});

const nodes: fc.Arbitrary<NodeInstance> = fc.record(
  {
    node: id,
    visit: count,
    status: fc.constantFrom(...nodeStatuses),
    attempt: count,
    dispatch: count,
    lane: orNull(fc.constantFrom(...LANE_NAMES)),
    queue: orNull(count),
    wakeAt: orNull(time),
    reason: orNull(text),
    polls: count,
    via: fc.array(fc.nat(2000)),
    cause: orNull(fc.record({ node: id, visit: count })),
    startedAt: time,
    endedAt: orNull(time),
    error: orNull(failure),
    receipt,
  },
  {
    requiredKeys: [
      'node',
      'visit',
      'status',
      'attempt',
      'dispatch',
      'lane',
      'queue',
      'wakeAt',
      'reason',
      'polls',
      'via',
      'cause',
      'startedAt',
      'endedAt',
      'error',
    ],
  },
);

const attempts: fc.Arbitrary<AttemptRecord> = fc.record({
  node: id,
  visit: count,
  attempt: count,
  poll: count,
  how: fc.constantFrom('failed', 'polled'),
  error: orNull(failure),
  decision: text,
  lane: orNull(id),
  at: time,
});

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('rows and the model', () => {
  it('give an instance back as it was', () => {
    fc.assert(
      fc.property(instances, (one) => {
        expect(plain(instanceOf(row(INSTANCE, instanceValues(one))))).toEqual(plain(one));
      }),
    );
  });

  it('give a node instance back as it was', () => {
    fc.assert(
      fc.property(nodes, fc.uuid(), (one, instance) => {
        const stored = row(NODE, nodeValues(instance, one, '{"a":1}'));
        expect(nodeOf(stored)).toEqual(one);
        expect(stored['instance']).toBe(instance);
        expect(stored['output']).toBe('{"a":1}');
      }),
    );
  });

  it('give an attempt back as it was', () => {
    fc.assert(
      fc.property(attempts, fc.uuid(), (one, of) => {
        expect(attemptOf(row(ATTEMPT, attemptValues(of, one)))).toEqual(one);
      }),
    );
  });
});
