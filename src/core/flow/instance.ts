import { shownVisit } from '../definition/work/each.js';
import type { Json, JsonObject } from '../json.js';
import type { LaneName } from '../routing/lane.js';
import type { Receipt } from '../routing/receipt.js';

export type InstanceStatus = 'running' | 'paused' | 'incident' | 'compensating' | 'completed' | 'failed' | 'cancelled';

/** `ready`: dispatched or about to be. `waiting`: for a time (later: a message, a person). The others are over, but `incident`. */
export type NodeStatus =
  | 'ready'
  | 'waiting'
  | 'done'
  | 'skipped'
  | 'incident'
  | 'cancelling'
  | 'cancelled'
  | 'compensated';

/** The statuses in which a node instance still keeps its instance from ending. */
export const ACTIVE: readonly NodeStatus[] = ['ready', 'waiting', 'incident', 'cancelling'];
export const isActive = (status: NodeStatus): boolean => ACTIVE.includes(status);

/** It has been done, whether or not that was undone since. */
export const wasDone = (status: NodeStatus): boolean => status === 'done' || status === 'compensated';

/** It waits for other nodes before it begins, and no attempt has been made of it. */
export const isHeldBack = ({ status, attempt }: NodeInstance): boolean => status === 'waiting' && attempt === 0;

/** The statuses in which an instance is over, for ever. */
export const isOver = (status: InstanceStatus): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled';

/** One run of a definition: small, and written only when it changes. Its row is the lock of everything in it. */
export interface Instance {
  /** UUIDv7. */
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly key: string | null;
  readonly status: InstanceStatus;
  /** Rises by one whenever the instance row is written. */
  readonly seq: number;
  /** How many node instances are active. */
  readonly active: number;
  /** How many of them are incidents. */
  readonly incidents: number;
  /** The name of the last end reached; a failure's code beats all. */
  readonly outcome: string | null;
  readonly state: InstanceState;
  /** Database time, milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** The node instance that called an instance. */
export interface Caller {
  readonly instance: string;
  readonly flow: string;
  readonly version: number;
  readonly node: string;
  readonly visit: number;
  readonly attempt: number;
  /** How many callers stand above: 1 for an instance called by one that nobody called. */
  readonly depth: number;
  /** It wants to hear of its end. */
  readonly waits: boolean;
}

/** Something has ended an instance in which participants are still to be settled. */
export interface Ending {
  /** What it is then. */
  readonly status: 'completed' | 'failed' | 'cancelled';
  readonly by: string;
  /** Database time in milliseconds. */
  readonly at: number;
}

/** An instance was moved to another version of its flow. */
export interface VersionMove {
  readonly from: number;
  readonly to: number;
  /** Database time in milliseconds. */
  readonly at: number;
  readonly by: string;
}

export interface InstanceState {
  /** Arrivals not yet consumed by a join, by edge index. Absent is 0. */
  readonly arrivals: Readonly<Record<number, number>>;
  /** Joins by count that have fired and still absorb the rest of their round: edge indexes already seen in it. */
  readonly absorbing: Readonly<Record<string, readonly number[]>>;
  /** Visits so far, of nodes that can be visited more than once. The others have one or none. */
  readonly visits: Readonly<Record<string, number>>;
  /** Exactly the leaf paths that the definition's expressions read, copied when they became known. */
  readonly facts: JsonObject;
  /** Who called it, if a flow did. */
  readonly caller?: Caller;
  /** What it comes to when all is settled; absent: nothing has ended it yet, or it is over. */
  readonly ending?: Ending;
  /** The versions it was moved between, the first move first; absent when it has kept its own. */
  readonly moved?: readonly VersionMove[];
  /** Bytes of large values by their name in the scope (`input`, `vars.list`, a node's id); absent when there are none. */
  readonly sizes?: Readonly<Record<string, number>>;
}

/** One visit to a node in an instance. */
export interface NodeInstance {
  readonly node: string;
  /** From 1; of an item of `each` the number that stands for visit and item. */
  readonly visit: number;
  readonly status: NodeStatus;
  /** From 1; 0 while the node could not be entered (an incident that no attempt was made of), or waits for other nodes. */
  readonly attempt: number;
  /** Number of its dispatch; a message with another number is stale. */
  readonly dispatch: number;
  /** Lane it was last dispatched to; `null` for nodes that need no message. */
  readonly lane: LaneName | null;
  /** Physical queue number; 0 = the database timer; -1 = leased; `null` = unwatched (held, over, or needing no message). */
  readonly queue: number | null;
  /** When it is due there; database time in milliseconds. */
  readonly wakeAt: number | null;
  /** Why it went there. */
  readonly reason: string | null;
  /** More of why, when there is more to say than the reason. */
  readonly receipt?: Receipt | null;
  /** Polls so far; they cost no attempt. */
  readonly polls: number;
  /** Edges whose arrivals it was entered by. */
  readonly via: readonly number[];
  /**
   * The node instance whose word created it, however many gateways and joins lie between; `null` for the start, and
   * what the start reaches is caused by the start.
   */
  readonly cause: { readonly node: string; readonly visit: number } | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly error: Failure | null;
}

/** What went wrong in an attempt. */
export interface Failure {
  /** `^[A-Z][A-Z0-9_]{0,63}$`: `TIMEOUT`, `HANDLER_ERROR`, or the code of a PermanentError. */
  readonly code: string;
  /** At most 4 KiB. */
  readonly message: string;
  /** A permanent failure is not retried. */
  readonly permanent: boolean;
}

/** Equal over attempts and restarts: the idempotency key that handlers get. */
export const nodeInstanceId = (instance: string, node: string, visit: number): string =>
  `${instance}.${node}.${shownVisit(visit)}`;

/** EasyFlow's `_result`: false if the handler said no, else true. */
export function resultFlag(output: Json): boolean {
  if (output === false) return false;
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return true;
  return (output as JsonObject)['_result'] !== false;
}
