import type { z } from 'zod';
import { varsShown } from '../../core/definition/control/merge.js';
import { type PinnedPlay, PLAY_MEMBER } from '../../core/definition/starting/play.js';
import { itemOf } from '../../core/definition/work/each.js';
import { type ItemCounts, itemCounts } from '../../core/diagram/items.js';
import type { Failure, Instance, NodeInstance } from '../../core/flow/instance.js';
import { nodeInstanceId } from '../../core/flow/instance.js';
import type { Json } from '../../core/json.js';
import type { AttemptRecord } from '../../engine/ports/store.js';
import type { LiveState, OpenIncident, InstanceView as Read } from '../../engine/ports/views.js';
import type * as views from '../views.js';

/** Says what state to show for a node instance at a database time. */
export type Shown = (instance: string, node: NodeInstance, now: number) => string;

export const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

export const instanceRow = (instance: Instance): z.output<typeof views.InstanceRow> => ({
  id: instance.id,
  flow: instance.flow,
  version: instance.version,
  key: instance.key,
  status: instance.status,
  outcome: instance.outcome,
  startedAt: iso(instance.startedAt),
  endedAt: isoOrNull(instance.endedAt),
  active: instance.active,
  incidents: instance.incidents,
  ending: endingOf(instance),
});

function endingOf({ state: { ending } }: Instance): z.output<typeof views.InstanceRow>['ending'] {
  return ending ? { status: ending.status, by: ending.by, at: iso(ending.at) } : null;
}

const failure = (error: Failure | null): z.output<typeof views.FailureView> | null =>
  error && { code: error.code, message: error.message, permanent: error.permanent };

export const liveNode = (
  instance: string,
  node: NodeInstance,
  now: number,
  shown: Shown,
  items: ItemCounts | null,
): z.output<typeof views.LiveNode> => ({
  id: nodeInstanceId(instance, node.node, node.visit),
  node: node.node,
  visit: node.visit,
  item: itemOf(node.visit),
  items: items && { ...items },
  status: node.status,
  shown: shown(instance, node, now),
  attempt: node.attempt,
  polls: node.polls,
  lane: node.lane,
  reason: node.reason,
  via: [...node.via],
  wakeAt: isoOrNull(node.wakeAt),
  startedAt: iso(node.startedAt),
  endedAt: isoOrNull(node.endedAt),
  error: failure(node.error),
});

const attemptView = (record: AttemptRecord): z.output<typeof views.AttemptView> => ({
  attempt: record.attempt,
  how: record.how,
  decision: record.decision,
  error: failure(record.error),
  at: iso(record.at),
  lane: record.lane,
});

export const incidentRow = (incident: OpenIncident): z.output<typeof views.IncidentRow> => ({
  id: incident.id,
  instance: incident.instance,
  flow: incident.flow,
  key: incident.key,
  node: incident.node,
  visit: incident.visit,
  code: incident.code,
  message: incident.message,
  raisedAt: iso(incident.raisedAt),
});

const arrivalsOf = (instance: Instance): Record<string, number> => ({ ...instance.state.arrivals });

/** What the play was, if one has started it. */
function pinnedIn(play: Json | undefined): z.output<typeof views.InstanceView>['play'] {
  const { code, revision, params } = (play ?? {}) as unknown as Partial<PinnedPlay>;
  return code === undefined || revision === undefined ? null : { code, revision, params: { ...params } };
}

/** One instance with everything that a person may ask about it. */
export function instanceView(read: Read, shown: Shown): z.output<typeof views.InstanceView> {
  const { instance, now } = read;
  const { [PLAY_MEMBER]: play, ...input } = read.input;
  const nodes = read.nodes.map((node) => ({
    ...liveNode(instance.id, node, now, shown, itemCounts(instance, read.nodes, node)),
    output: node.output,
    attempts: read.attempts
      .filter((record) => record.node === node.node && record.visit === node.visit)
      .map(attemptView),
  }));
  return {
    ...instanceRow(instance),
    play: pinnedIn(play),
    input: { ...input },
    vars: varsShown(read.vars),
    arrivals: arrivalsOf(instance),
    nodes,
    incidents: read.incidents.map(incidentRow),
  };
}

/** An instance as the event stream tells it, all its nodes included when they were read. */
export function instanceEvent(
  state: Pick<LiveState, 'instance'> & Partial<LiveState>,
  now: number,
  shown: Shown,
): z.output<typeof views.InstanceEvent> {
  const { instance, nodes } = state;
  return {
    seq: instance.seq,
    ...instanceRow(instance),
    arrivals: arrivalsOf(instance),
    ...(nodes && {
      nodes: nodes.map((node) => liveNode(instance.id, node, now, shown, itemCounts(instance, nodes, node))),
    }),
  };
}
