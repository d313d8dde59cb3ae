import type { ItemResult, NodeRef } from '../../core/flow/event.js';
import type { Failure, Instance, NodeInstance } from '../../core/flow/instance.js';
import type { IncidentCode, Output } from '../../core/flow/transition.js';
import type { Json, JsonObject } from '../../core/json.js';
import type { Earliest } from '../../core/routing/lane.js';
import type { Beyond, MessageStore } from '../commit/messages/message-store.js';
import type { FenceStore } from '../health/limits/fence-store.js';
import type { QuarantineChange, QuarantineRecord } from '../operate/quarantine/kept-message.js';
import type { PlayStore } from '../start/plays/play-store.js';
import type { TriggerStore } from '../start/triggers/trigger-store.js';

/** A node instance anywhere. */
export interface NodeKey extends NodeRef {
  readonly instance: string;
}

/** An instance whose row is locked, with the node rows that were asked for (without their outputs). */
export interface Locked {
  readonly instance: Instance;
  readonly nodes: readonly NodeInstance[];
}

/** Everything that one transaction writes about one instance. Node rows are upserted whole by (instance, node, visit). */
export interface Changes {
  readonly instance: Instance;
  readonly instanceChanged: boolean;
  readonly nodes: readonly NodeInstance[];
  readonly outputs: readonly Output[];
  readonly vars: JsonObject;
  readonly attempts: readonly AttemptRecord[];
  readonly raised: readonly IncidentRecord[];
  /** Node instances whose open incident is closed. */
  readonly resolved: readonly (NodeRef & { readonly by: string })[];
  /** True on the change that ends the instance: its business key becomes free. */
  readonly ended: boolean;
  /** What is written beside the instance: waits, messages. */
  readonly beyond?: Beyond | null;
}

/** An attempt that did not complete its node; completed ones need no row of their own. */
export interface AttemptRecord extends NodeRef {
  readonly attempt: number;
  /** Polls before it; keeps several polls of one attempt apart. */
  readonly poll: number;
  readonly how: 'failed' | 'polled';
  readonly error: Failure | null;
  readonly decision: string;
  readonly lane: string | null;
  readonly at: number;
}

export interface IncidentRecord extends NodeRef {
  readonly code: IncidentCode;
  readonly message: string;
  readonly at: number;
}

export interface ApplyRequest {
  /** The instances to lock and, of each, the node rows that are needed by key. */
  readonly wanted: ReadonlyMap<string, readonly NodeRef[]>;
  /** Asked for each locked instance: are all its active node rows needed too? */
  readonly wantsActive: (instance: Instance) => boolean;
  /**
   * Decides what to write. Called once per try with the database time, synchronously, inside the transaction; the
   * whole transaction may be run again (deadlock), so it must be a pure function of its arguments.
   */
  readonly decide: (locked: readonly Locked[], now: number) => readonly Changes[];
}

export interface ApplyAnswer {
  /** Locked by somebody else, or missing: nothing was read or written of them. */
  readonly skipped: readonly string[];
}

/** One start to be stored; `id` is new. */
export interface StartCandidate {
  readonly id: string;
  readonly flow: string;
  /** Business key, unique among live instances of the flow. */
  readonly key: string | null;
  /** The start's identity (message id, Idempotency-Key), remembered for 30 days whether or not the instance is over. */
  readonly receipt: string | null;
  readonly input: JsonObject;
  /** The play that starts it: its instances are found by it. */
  readonly play?: string;
  /** What to write if this candidate wins. Pure. */
  readonly decide: (now: number) => Changes;
}

/** The instance that stands for the start. `duplicate`: it was there before. */
export interface StartAnswer {
  readonly id: string;
  readonly duplicate: boolean;
  /** The instance is another start's, which lives under its business key, and this is first said now. */
  readonly byKey?: true;
}

/** What a handler's input is made of. */
export interface ScopeNeeds {
  readonly input: boolean;
  readonly vars: boolean;
  /** Node ids whose latest output is needed; `all`: of every finished node. */
  readonly outputs: readonly string[] | 'all';
}

export interface DeliveryRead extends NodeKey {
  /** `null`: the row alone, for the guard. */
  readonly needs: ScopeNeeds | null;
}

export interface DeliveryFacts {
  /** `null`: there is no such row. */
  readonly node: NodeInstance | null;
  readonly input: JsonObject;
  readonly vars: JsonObject;
  /** Latest output by node id. */
  readonly outputs: Readonly<Record<string, Json>>;
}

/** A dispatch as its row tells it; enough to publish it again. */
export interface StoredDispatch {
  readonly instance: string;
  readonly flow: string;
  readonly version: number;
  readonly node: NodeInstance;
}

/** Where a row goes from the database timer. `wakeAt` left out: it is due now. */
export interface Moved extends Pick<NodeInstance, 'lane' | 'queue' | 'reason' | 'receipt'> {
  readonly wakeAt?: number;
}

/**
 * The database cannot be reached, is read-only, or did not answer in time: the outcome of the call is unknown, and the
 * same call may be made again later. Anything else that a Store throws is about the data of the call.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  /** The database answered, with an error that is known neither as its own nor as one of the values. */
  readonly unclassified: boolean;

  constructor(message: string, options: ErrorOptions & { readonly unclassified?: boolean } = {}) {
    super(message, options);
    this.unclassified = options.unclassified ?? false;
  }
}

/** Items of a node instance, as they came: a list, or a whole number for the items 1 to it. */
export interface ItemPage {
  /** Which item, from 0, is the first of them. */
  readonly from: number;
  readonly items: readonly Json[] | number;
}

/**
 * The truth. Every method is one transaction (or one statement); a rejected promise means "not done, or unknown":
 * all writes are guarded or idempotent, so callers may simply ask again after a {@link StoreUnavailable}.
 */
export abstract class Store {
  /** Messages from outside, and who waits for them. */
  abstract readonly messages: MessageStore;

  /** What triggers must remember, what operators have configured, and what participants of `tcc` nodes have begun. */
  abstract readonly triggers: TriggerStore;
  abstract readonly plays: PlayStore;
  abstract readonly fences: FenceStore;

  /** Database time in milliseconds since the epoch. */
  abstract now(): Promise<number>;

  /** Resolves when it takes writes, which a server that became a replica does not although it answers. Writes nothing. */
  abstract writable(): Promise<void>;

  /** Locks instances (ascending id, skipping locked ones), reads node rows, decides, writes, commits. */
  abstract apply(request: ApplyRequest): Promise<ApplyAnswer>;

  /** Of these instances, those that exist; read without a lock. Tells missing from locked. */
  abstract existing(ids: readonly string[]): Promise<ReadonlySet<string>>;

  /** Stores new instances; answers in the order of the candidates. Candidates of one batch may collide. */
  abstract start(candidates: readonly StartCandidate[]): Promise<readonly StartAnswer[]>;

  /** Reads what deliveries need before a handler runs; answers in the order asked. No locks. */
  abstract read(deliveries: readonly DeliveryRead[]): Promise<{ now: number; facts: readonly DeliveryFacts[] }>;

  /** Dispatches that the completion of these node instances caused, and that are still to be delivered. */
  abstract successors(causes: readonly NodeKey[]): Promise<readonly StoredDispatch[]>;

  /** Sets `wake_at = now` on watched rows that an engine holds in hand, so that no sweep takes them for lost. */
  abstract touch(held: readonly NodeKey[]): Promise<void>;

  /**
   * The sweep: dispatches on `queue` that were due before `before`, oldest first. Sets `wake_at = now` on them in the
   * same transaction, so that no other engine takes them too. Rows locked by others are skipped.
   */
  abstract claimLost(queue: number, before: number, limit: number): Promise<readonly StoredDispatch[]>;

  /**
   * The timer loop: rows on the database timer that are due. `lane` gives the queue each goes to now; their
   * `dispatch` rises by one in the same transaction. Pure: it may be asked again.
   */
  abstract claimDue(
    limit: number,
    move: (due: StoredDispatch, now: number) => Moved,
  ): Promise<readonly StoredDispatch[]>;

  /** Of watched rows, in database time; 0 is the database timer, -1 what is leased. Lanes are the built-in ones unless given. */
  abstract earliest(queues?: readonly number[]): Promise<Earliest>;

  /** Open incidents of a code, for healing: at most `limit`, by instance id after `after`. */
  abstract incidentsWith(code: IncidentCode, after: string, limit: number): Promise<readonly StoredDispatch[]>;

  /** The output of one node instance; `null` when there is none. */
  abstract output(of: NodeKey): Promise<Json>;

  /** Of the pages that keep the items of a node instance as they came, the one that has an item; `null`: there is none. */
  abstract page(of: NodeKey, item: number): Promise<ItemPage | null>;

  /**
   * What became of the items of a node instance, in their order: those that are done. `null` when their outputs have more
   * than so many characters of JSON together; then not all of them were read.
   */
  abstract items(of: NodeKey, most: number): Promise<readonly ItemResult[] | null>;

  abstract quarantine(record: QuarantineRecord): Promise<void>;

  /** Writes what was done to a kept message, if it is still open and in nobody else's hand; answers whether it was. */
  abstract settleQuarantined(id: string, change: QuarantineChange): Promise<boolean>;
}
