import type { Json, JsonObject, Written } from '../json.js';
import type { Cause, Exceeded } from '../routing/opinion.js';
import type { Dimension } from '../routing/subject.js';
import type { Failure, Instance, NodeInstance } from './instance.js';

/**
 * What one event changed and what must now be done. The shell stores all of it in one transaction and only then lets
 * anyone outside see it.
 */
export interface Transition {
  readonly instance: Instance;
  /** False when the instance row need not be written. */
  readonly instanceChanged: boolean;
  /** Every node instance that was created or changed, each once, in its last state. */
  readonly nodes: readonly NodeInstance[];
  /** Outputs to store, of node instances in `nodes`. */
  readonly outputs: readonly Output[];
  /** Variables written by `out` and `set`. */
  readonly vars: JsonObject;
  readonly effects: readonly Effect[];
}

export interface Output {
  readonly node: string;
  readonly visit: number;
  readonly output: Json;
  /** The output as it is written, where somebody has done so already. */
  readonly written?: Written;
}

/** What must be done, in the order decided. Carried out by the shell. */
export type Effect =
  | Dispatch
  /** An attempt ended without completing its node: kept as a row for people. */
  | {
      readonly type: 'attempt.ended';
      readonly node: string;
      readonly visit: number;
      readonly attempt: number;
      readonly how: 'failed' | 'polled';
      readonly error: Failure | null;
      /** Why, and what follows: "retried in 5 s", "went to 'rejected' by on error ACCOUNT_*". */
      readonly decision: string;
    }
  | {
      readonly type: 'incident.raised';
      readonly node: string;
      readonly visit: number;
      readonly code: IncidentCode;
      readonly message: string;
    }
  | { readonly type: 'incident.resolved'; readonly node: string; readonly visit: number; readonly by: string }
  | OpenedWait
  /** The node instance waits for no message any more. */
  | { readonly type: 'wait.closed'; readonly node: string; readonly visit: number }
  | OpenedManual
  /** Nobody need do it any more. */
  | { readonly type: 'manual.closed'; readonly node: string; readonly visit: number }
  /** Nobody wants the called instance any more. */
  | { readonly type: 'call.abandoned'; readonly node: string; readonly visit: number; readonly attempt: number }
  /** The message is used up. */
  | { readonly type: 'message.taken'; readonly message: string }
  | {
      readonly type: 'instance.ended';
      readonly status: 'completed' | 'failed' | 'cancelled';
      readonly outcome: string | null;
      /** What a caller gets. */
      readonly output: JsonObject;
    };

/** A node instance waits for a message: it is to be found by what is in the message. */
export interface OpenedWait {
  readonly type: 'wait.opened';
  readonly node: string;
  readonly visit: number;
  /** The name of the message. */
  readonly name: string;
  /** Members of the payload, and what each must be equal to. */
  readonly match: Readonly<Record<string, string | number | boolean>>;
  /** How old a message may be that came before; `null`: as old as they are kept. */
  readonly keepMs: number | null;
}

/** A person is to do something: it is to be found by whom it is for. */
export interface OpenedManual {
  readonly type: 'manual.opened';
  readonly node: string;
  readonly visit: number;
  readonly assignee: string | null;
  /** What the person is shown. */
  readonly shown: JsonObject | null;
  /** From now, in milliseconds. */
  readonly dueMs: number | null;
  readonly timeoutMs: number | null;
}

/** A message is to be sent for a node instance; the router says where and when. */
export interface Dispatch {
  readonly type: 'dispatch';
  readonly node: string;
  readonly visit: number;
  /** `task`: run the handler. `timer`: raise `timer.fired` when due, or when a wait runs out. */
  readonly kind: 'task' | 'timer';
  /** Name of the handler; `null` for timers. */
  readonly handler: string | null;
  readonly attempt: number;
  /** Why it is dispatched, for the router. */
  readonly cause: Cause;
  /** The business dimension of a first attempt, if its node declares one. Later ones keep it. */
  readonly dimension?: Dimension | null;
  /** Why it is dispatched again without having run: what it would have exceeded. */
  readonly exceeds?: Exceeded;
  /** Earliest time from now, in milliseconds. */
  readonly delayMs: number;
}

export type IncidentCode =
  | 'NO_EDGE'
  | 'NO_HANDLER'
  | 'EXHAUSTED'
  | 'PERMANENT_FAILURE'
  | 'STUCK_JOIN'
  | 'STUCK'
  | 'CRASH_LOOP'
  | 'DELAY_CANCELLED'
  | 'TOO_MANY_VISITS'
  | 'BAD_TIMER'
  | 'BAD_MATCH'
  | 'TIMEOUT'
  | 'CONTEXT_TOO_LARGE'
  | 'MERGE_UNFIT'
  | 'VARIABLE_UNFIT'
  | 'OUTPUT_UNFIT'
  | 'NO_SECRET'
  | 'BAD_EACH'
  | 'EACH_TOO_MANY'
  | 'INTERNAL'
  | `EXPRESSION_${string}`;
