import type {
  Failure,
  Instance,
  InstanceState,
  InstanceStatus,
  NodeInstance,
  NodeStatus,
} from '../../core/flow/instance.js';
import type { LaneName } from '../../core/routing/lane.js';
import type { Receipt } from '../../core/routing/receipt.js';
import type { AttemptRecord } from '../../engine/ports/store.js';
import type { Row, Value } from '../sql/session.js';

/** Rows and the model, both ways. Values stand in the order of the table's columns. */

// Most instances of most flows have nothing in it.
const EMPTY_STATE = '{"arrivals":{},"absorbing":{},"visits":{},"facts":{}}';

export function instanceValues(instance: Instance): Value[] {
  return [
    instance.id,
    instance.flow,
    instance.version,
    instance.key,
    instance.status,
    instance.seq,
    instance.active,
    instance.incidents,
    instance.outcome,
    JSON.stringify(instance.state),
    instance.startedAt,
    instance.endedAt,
  ];
}

export function instanceOf(row: Row): Instance {
  const state = String(row['state']);
  return {
    id: String(row['id']),
    flow: String(row['flow']),
    version: Number(row['version']),
    key: text(row['business_key']),
    status: String(row['status']) as InstanceStatus,
    seq: Number(row['seq']),
    active: Number(row['active']),
    incidents: Number(row['incidents']),
    outcome: text(row['outcome']),
    state:
      state === EMPTY_STATE
        ? { arrivals: {}, absorbing: {}, visits: {}, facts: {} }
        : (JSON.parse(state) as InstanceState),
    startedAt: Number(row['started_at']),
    endedAt: number(row['ended_at']),
  };
}

/** `output` is its JSON text; `null` leaves a stored one as it is. */
export function nodeValues(instance: string, node: NodeInstance, output: string | null): Value[] {
  return [
    instance,
    node.node,
    node.visit,
    node.status,
    node.attempt,
    node.dispatch,
    node.lane,
    node.queue,
    node.wakeAt,
    node.reason,
    node.polls,
    node.via.join(','),
    node.cause === null ? null : node.cause.node,
    node.cause === null ? null : node.cause.visit,
    node.startedAt,
    node.endedAt,
    node.error === null ? null : JSON.stringify(node.error),
    output,
    node.receipt ? JSON.stringify(node.receipt) : null,
  ];
}

export function nodeOf(row: Row): NodeInstance {
  const via = String(row['via']);
  const cause = row['cause_node'];
  const node: NodeInstance = {
    node: String(row['node']),
    visit: Number(row['visit']),
    status: String(row['status']) as NodeStatus,
    attempt: Number(row['attempt']),
    dispatch: Number(row['dispatch']),
    lane: text(row['lane']) as LaneName | null,
    queue: number(row['queue']),
    wakeAt: number(row['wake_at']),
    reason: text(row['reason']),
    polls: Number(row['polls']),
    via: via === '' ? [] : via.split(',').map(Number),
    cause: cause == null ? null : { node: String(cause), visit: Number(row['cause_visit']) },
    startedAt: Number(row['started_at']),
    endedAt: number(row['ended_at']),
    error: failureOf(row['error']),
  };
  return row['receipt'] == null ? node : { ...node, receipt: JSON.parse(String(row['receipt'])) as Receipt };
}

export function attemptValues(instance: string, attempt: AttemptRecord): Value[] {
  return [
    instance,
    attempt.node,
    attempt.visit,
    attempt.attempt,
    attempt.poll,
    attempt.how,
    attempt.error === null ? null : JSON.stringify(attempt.error),
    attempt.decision,
    attempt.lane,
    attempt.at,
  ];
}

export function attemptOf(row: Row): AttemptRecord {
  return {
    node: String(row['node']),
    visit: Number(row['visit']),
    attempt: Number(row['attempt']),
    poll: Number(row['poll']),
    how: String(row['how']) as AttemptRecord['how'],
    error: failureOf(row['error']),
    decision: String(row['decision']),
    lane: text(row['lane']),
    at: Number(row['ended_at']),
  };
}

const text = (value: Value | undefined): string | null => (value == null ? null : String(value));
const number = (value: Value | undefined): number | null => (value == null ? null : Number(value));
export const failureOf = (value: Value | undefined): Failure | null =>
  value == null ? null : (JSON.parse(String(value)) as Failure);
