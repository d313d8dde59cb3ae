import type { Memo } from '../definition/work/memo.js';
import type { Json, JsonObject, Written } from '../json.js';
import type { Exceeded } from '../routing/opinion.js';
import type { Degraded } from '../routing/receipt.js';
import type { Failure } from './instance.js';

/** A node instance that an event is about. */
export interface NodeRef {
  readonly node: string;
  readonly visit: number;
}

/** Word of a lease. `dispatch` is its fencing number: taking a lease raises the row's, so an older holder is told apart. */
interface Leased extends NodeRef {
  readonly at: number;
  readonly attempt: number;
  readonly dispatch: number;
}

/** What became of one item. Items that never began, or never ended, are not told. */
export interface ItemResult {
  /** From 0. */
  readonly item: number;
  readonly output: Json;
  /** Why it has none. */
  readonly error: Failure | null;
}

/** What can happen to an instance. `at` is database time in milliseconds: decisions read no clock. */
export type FlowEvent =
  | { readonly type: 'started'; readonly at: number; readonly input: JsonObject }
  | (NodeRef & {
      readonly type: 'task.completed';
      readonly at: number;
      readonly attempt: number;
      readonly output: Json;
      /** The output as it is written, where somebody has done so already. */
      readonly written?: Written;
      /** The output is the fallback of its node: a circuit kept it back, and no handler was asked. */
      readonly degraded?: Degraded;
    })
  | (NodeRef & {
      readonly type: 'task.failed';
      readonly at: number;
      readonly attempt: number;
      readonly error: Failure;
      /** The dispatch that says so, where a later one must not be ended by it. */
      readonly dispatch?: number;
      /** What its work has done so far; the next attempt gets it. */
      readonly memo?: Memo;
    })
  /** The handler wants to be asked again; costs no attempt. */
  | (NodeRef & {
      readonly type: 'task.polled';
      readonly at: number;
      readonly attempt: number;
      /** The dispatch that asks. A poll changes no attempt, so only this tells a second word of it from the first. */
      readonly dispatch?: number;
      /** Polls before it, which tell the same of a remote worker: its dispatch number moves while it works. */
      readonly polls?: number;
      readonly delayMs: number;
    })
  /** The router let it not run: a circuit opened, an operator holds it, or a limit is reached. Costs no attempt; it is routed anew. */
  | (NodeRef & {
      readonly type: 'task.deferred';
      readonly at: number;
      readonly attempt: number;
      readonly dispatch: number;
      /** Not before so long from now; absent: the router alone says. */
      readonly delayMs?: number;
      /** What it exceeds; absent: the engine that had it is full. */
      readonly exceeds?: Exceeded;
    })
  /** A handler that may run for hours begins: whoever runs it answers for the row till the lease ends. */
  | (Leased & { readonly type: 'lease.taken'; readonly forMs: number })
  /** It still runs; the lease ends so long from now. */
  | (Leased & { readonly type: 'lease.renewed'; readonly forMs: number })
  /** Whoever ran it stops, and the attempt was cut. Costs no attempt. */
  | (Leased & { readonly type: 'lease.returned' })
  /** The lease ended without a word: whoever ran it is taken for dead. */
  | (Leased & { readonly type: 'lease.expired' })
  /** No engine that is up has the handler. Becomes the incident `NO_HANDLER`, healed when one appears. */
  | (NodeRef & {
      readonly type: 'task.unhandled';
      readonly at: number;
      readonly attempt: number;
      readonly handler: string;
      /** The handler is there, and these secrets are not, where it would have run. Becomes the incident `NO_SECRET`. */
      readonly secrets?: readonly string[];
    })
  /** It was delivered often and never answered: whoever ran it may have died of it. Counted before it runs again. */
  | (NodeRef & {
      readonly type: 'task.claimed';
      readonly at: number;
      readonly attempt: number;
      /** Number of the delivery, so that the same word twice counts once. */
      readonly delivery: number;
    })
  /** The broker has the attempt in a queue of remote workers. From now on it waits for an answer, `timeout` long. */
  | (NodeRef & {
      readonly type: 'task.handed';
      readonly at: number;
      readonly attempt: number;
      readonly dispatch: number;
    })
  /** A remote worker is still at it: the wait begins anew. */
  | (NodeRef & { readonly type: 'task.beat'; readonly at: number; readonly attempt: number })
  /** A timer fell due, or a wait ran out. `attempt` left out: the one that is open. */
  | (NodeRef & { readonly type: 'timer.fired'; readonly at: number; readonly attempt?: number })
  /** A message came that the node instance waits for. */
  | (NodeRef & {
      readonly type: 'message.received';
      readonly at: number;
      /** The message's id: it is taken with this event. */
      readonly message: string;
      readonly payload: Json;
    })
  /** A person says that what a participant was to confirm, or to cancel, is done, after its attempts were used up. */
  | (NodeRef & { readonly type: 'part.settled'; readonly at: number; readonly by: string; readonly reason: string })
  /** A person has done it. */
  | (NodeRef & {
      readonly type: 'manual.completed';
      readonly at: number;
      readonly output: JsonObject;
      readonly by: string;
    })
  /** The called instance is stored. */
  | (NodeRef & {
      readonly type: 'call.started';
      readonly at: number;
      readonly attempt: number;
      readonly instance: string;
    })
  /** The called instance is over, or could not be started. */
  | (NodeRef & {
      readonly type: 'call.ended';
      readonly at: number;
      readonly attempt: number;
      readonly result: Json;
      /** Why there is no result. */
      readonly error: Failure | null;
    })
  /** What the list of a node with `each` came to. */
  | (NodeRef & {
      readonly type: 'each.listed';
      readonly at: number;
      readonly attempt: number;
      readonly dispatch: number;
      readonly list: Json;
      /** Why there is no list. */
      readonly error: Failure | null;
    })
  /** A person adds items to those of a node with `each`. */
  | (NodeRef & {
      readonly type: 'each.added';
      readonly at: number;
      readonly items: readonly Json[];
      /** No more are to come. */
      readonly closes: boolean;
      /** How many there were when the person looked; `null`: however many there are. */
      readonly seen: number | null;
      /** Of its own for each wish: what is offered again, because nobody knows whether it was stored, applies once. */
      readonly word?: string;
      readonly by: string;
    })
  /** What the items gave, when no more of them is waited for. */
  | (NodeRef & {
      readonly type: 'each.gathered';
      readonly at: number;
      readonly attempt: number;
      readonly dispatch: number;
      /** `null`: it was too much. */
      readonly items: readonly ItemResult[] | null;
    })
  /** An operator stops new work: what is dispatched from now on is held. */
  | { readonly type: 'instance.paused'; readonly at: number; readonly by: string }
  | { readonly type: 'instance.resumed'; readonly at: number; readonly by: string }
  /** A person or the engine asks for another round of attempts: one node instance, or every incident. */
  | { readonly type: 'incident.retried'; readonly at: number; readonly only: NodeRef | null; readonly by: string }
  /** A person lets what waits for its time wait no longer, or for another time. It is dispatched anew. */
  | (NodeRef & {
      readonly type: 'node.hastened';
      readonly at: number;
      /** The dispatch that the person saw waiting; `null`: whichever it is. */
      readonly dispatch: number | null;
      /** From now, in milliseconds; 0: at once. */
      readonly delayMs: number;
      readonly by: string;
    })
  /** A person does not want that what waits for its time goes then. It becomes an incident. */
  | (NodeRef & {
      readonly type: 'delay.cancelled';
      readonly at: number;
      /** The dispatch that the person saw waiting; `null`: whichever it is. */
      readonly dispatch: number | null;
      readonly by: string;
      /** For everyone who asks why. */
      readonly reason: string;
    })
  | { readonly type: 'instance.cancelled'; readonly at: number; readonly by: string }
  /** The auditor found its count of active nodes wrong, or nothing that could bring it on. */
  | {
      readonly type: 'instance.audited';
      readonly at: number;
      /** The node instance that was reached last, with the highest visit of its node. */
      readonly last: NodeRef;
    };

/** Why an event did not apply. Always acknowledged, counted by reason, never an error. */
export type RejectionReason =
  | 'already-started'
  | 'instance-over'
  | 'unknown-node-instance'
  | 'node-instance-over'
  | 'stale-attempt'
  | 'nothing-to-retry'
  | 'nothing-to-settle'
  | 'ending'
  | 'not-waiting'
  | 'nothing-stuck'
  | 'paused'
  | 'not-paused';

export interface Rejection {
  readonly reason: RejectionReason;
  readonly message: string;
}
