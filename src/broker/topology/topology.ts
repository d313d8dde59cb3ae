import { LANE_NAMES, type LaneName } from '../../core/routing/lane.js';

/**
 * Everything that Sluice declares on RabbitMQ, as one value. RabbitMQ refuses a queue or exchange that is declared
 * with other arguments than it has: who changes an argument here raises TOPOLOGY_VERSION, which renames what Sluice
 * alone uses. What must be tunable while it runs belongs in a policy, not here.
 */
export interface Topology {
  readonly prefix: string;
  readonly names: Names;
  readonly exchanges: readonly ExchangeSpec[];
  readonly queues: readonly QueueSpec[];
  readonly bindings: readonly BindingSpec[];
  /** The names of those queues that keep delays. */
  readonly rungs: readonly string[];
  /** Declared only where the broker has the delayed-message plugin. */
  readonly plugin: { readonly exchange: ExchangeSpec; readonly binding: BindingSpec };
}

export interface Names {
  readonly start: string;
  readonly messages: string;
  readonly events: string;
  readonly dispatch: string;
  readonly unrouted: string;
  readonly dead: string;
  readonly intake: string;
  readonly mailbox: string;
  readonly delay: string;
  /** Reports of health; a queue that gives them to one engine at a time. */
  readonly reports: string;
  /** Changes of health, to every engine. */
  readonly changes: string;
  /** Words that people have told the router something, to every engine. */
  readonly nudges: string;
  /** Where remote workers answer to: an exchange and its queue. */
  readonly replies: string;
  /** The queue of a remote task; made with the first task for it. */
  task(name: string): string;
  lane(lane: string): string;
  /** By which the dispatch exchange knows a lane. */
  laneKey(lane: string): string;
  rung(ms: number): string;
}

export interface ExchangeSpec {
  readonly name: string;
  readonly type: 'topic' | 'direct' | 'fanout' | 'x-delayed-message';
  readonly arguments: Readonly<Record<string, string | number>>;
}

export interface QueueSpec {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string | number | boolean>>;
}

export interface BindingSpec {
  readonly from: string;
  readonly to: string;
  readonly toKind: 'queue' | 'exchange';
  readonly key: string;
}

/** The delays that the ladder keeps, in milliseconds. The longest is the longest that it takes. */
export const RUNGS_MS: readonly number[] = [
  250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
  3_600_000,
];

/** 1 leaves no mark in the names. */
const TOPOLOGY_VERSION: number = 1;

/** A message that comes back this often brings its consumer down or cannot be handled; RabbitMQ moves it to the dead. */
const DELIVERY_LIMIT = 20;
/** The dead have nowhere further to go: RabbitMQ 4 would drop them after 20 returns if nothing was said. */
const NO_DELIVERY_LIMIT = 1_000_000;

/** What is older, or more, says nothing of how partners are now. */
const REPORTS = { 'x-message-ttl': 60_000, 'x-max-length': 10_000, 'x-overflow': 'drop-head' } as const;

const QUORUM = { 'x-queue-type': 'quorum', 'x-queue-leader-locator': 'balanced' } as const;

/** Keeps what is not persistent in memory alone; the queue itself stays. It counts no deliveries. */
const CLASSIC = { 'x-queue-type': 'classic', 'x-overflow': 'reject-publish' } as const;

/** Leaves its queue only when the next one has it. */
const safelyDeadLettered = (exchange: string) => ({
  'x-dead-letter-exchange': exchange,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
});

/** Whether what lies in a lane survives a restart of the broker. The other kind has other names, since it has other arguments. */
export type LaneKind = 'durable' | 'transient';

export function topologyOf(prefix: string, laneKind: LaneKind = 'durable'): Topology {
  const names = namesUnder(prefix, laneKind);
  const work = { ...QUORUM, 'x-delivery-limit': DELIVERY_LIMIT, ...safelyDeadLettered(names.dead) };
  const lane = laneKind === 'durable' ? work : { ...CLASSIC, 'x-dead-letter-exchange': names.dead };
  const last = { ...QUORUM, 'x-delivery-limit': NO_DELIVERY_LIMIT };
  const unroutedToo = { 'alternate-exchange': names.unrouted };
  const lanes = LANE_NAMES.map((lane: LaneName) => ({ key: names.laneKey(lane), name: names.lane(lane) }));
  const rungs = RUNGS_MS.map((ms) => ({ ms, name: names.rung(ms) }));
  return {
    prefix,
    names,
    exchanges: [
      { name: names.unrouted, type: 'fanout', arguments: {} },
      { name: names.dead, type: 'fanout', arguments: {} },
      { name: names.start, type: 'topic', arguments: unroutedToo },
      { name: names.messages, type: 'topic', arguments: unroutedToo },
      { name: names.events, type: 'topic', arguments: {} },
      { name: names.replies, type: 'fanout', arguments: {} },
      { name: names.dispatch, type: 'direct', arguments: unroutedToo },
      { name: names.changes, type: 'fanout', arguments: {} },
      { name: names.nudges, type: 'fanout', arguments: {} },
      ...rungs.map(({ name }): ExchangeSpec => ({ name, type: 'fanout', arguments: {} })),
    ],
    queues: [
      { name: names.unrouted, arguments: last },
      { name: names.dead, arguments: last },
      { name: names.intake, arguments: work },
      { name: names.reports, arguments: { ...QUORUM, ...REPORTS, 'x-single-active-consumer': true } },
      { name: names.replies, arguments: work },
      { name: names.mailbox, arguments: work },
      ...lanes.map(({ name }) => ({ name, arguments: lane })),
      ...rungs.map(({ ms, name }) => ({
        name,
        arguments: { ...QUORUM, 'x-message-ttl': ms, ...safelyDeadLettered(names.dispatch) },
      })),
    ],
    bindings: [
      { from: names.unrouted, to: names.unrouted, toKind: 'queue', key: '' },
      { from: names.dead, to: names.dead, toKind: 'queue', key: '' },
      { from: names.replies, to: names.replies, toKind: 'queue', key: '' },
      { from: names.start, to: names.intake, toKind: 'queue', key: '#' },
      { from: names.messages, to: names.mailbox, toKind: 'queue', key: '#' },
      ...lanes.map(({ key, name }): BindingSpec => ({ from: names.dispatch, to: name, toKind: 'queue', key })),
      ...rungs.map(({ name }): BindingSpec => ({ from: name, to: name, toKind: 'queue', key: '' })),
    ],
    rungs: rungs.map(({ name }) => name),
    plugin: {
      // With an alternate exchange, the plugin would deliver at once and once more when due.
      exchange: { name: names.delay, type: 'x-delayed-message', arguments: { 'x-delayed-type': 'fanout' } },
      binding: { from: names.delay, to: names.dispatch, toKind: 'exchange', key: '' },
    },
  };
}

function namesUnder(prefix: string, laneKind: LaneKind): Names {
  const own = TOPOLOGY_VERSION === 1 ? prefix : `${prefix}.v${TOPOLOGY_VERSION}`;
  const kind = laneKind === 'durable' ? '' : 'transient.';
  return {
    // Others know these by name; they keep it.
    start: `${prefix}.start`,
    messages: `${prefix}.messages`,
    events: `${prefix}.events`,
    replies: `${prefix}.replies`,
    task: (name) => `${prefix}.task.${name}`,
    dispatch: `${own}.dispatch`,
    unrouted: `${own}.unrouted`,
    dead: `${own}.dead`,
    intake: `${own}.start.intake`,
    mailbox: `${own}.messages.intake`,
    delay: `${own}.delay`,
    reports: `${own}.health.reports`,
    changes: `${own}.health.changes`,
    nudges: `${own}.orders.nudges`,
    lane: (lane) => `${own}.lane.${kind}${lane}`,
    laneKey: (lane) => `${kind}${lane}`,
    rung: (ms) => `${own}.delay.${ms}`,
  };
}
