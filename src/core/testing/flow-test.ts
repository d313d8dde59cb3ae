import type { Json, JsonObject } from '../json.js';

/** What a case of a flow test expects. What it does not name is not looked at. Node ids and handler names are keys. */
export interface Expectation {
  readonly status?: 'completed' | 'failed' | 'cancelled' | 'incident';
  readonly outcome?: string;
  /** Whether anything is started at all; `false` is for cases that a trigger starts. */
  readonly starts?: boolean;
  /** The input of the instance; as `vars`. */
  readonly input?: JsonObject;
  /** Every node that was entered, in order, as often as it was. */
  readonly path?: readonly string[];
  /** Nodes that were entered in this order, others between them or not. */
  readonly through?: readonly string[];
  /** Nodes that were not entered. */
  readonly never?: readonly string[];
  /** By node, the attempts of its latest visit. */
  readonly attempts?: Readonly<Record<string, number>>;
  readonly visits?: Readonly<Record<string, number>>;
  readonly polls?: Readonly<Record<string, number>>;
  /** Variables at the end; members that are not named are not looked at. */
  readonly vars?: JsonObject;
  /** By node, the output of its latest visit; as `vars`. */
  readonly outputs?: JsonObject;
  /** By handler, how often it was called, or the inputs of its calls in order; as `vars`. */
  readonly calls?: Readonly<Record<string, number | readonly Json[]>>;
  /** By node, the lane of each attempt of its latest visit. */
  readonly lanes?: Readonly<Record<string, readonly string[]>>;
  /** Nodes that gave their fallback in their latest visit; the others did not. */
  readonly degraded?: readonly string[];
  /** By node, the code of its open incident. An empty map: there is none. */
  readonly incidents?: Readonly<Record<string, string>>;
  /** Time from start to end. */
  readonly took?: { readonly atLeastMs: number; readonly atMostMs: number };
}

/** What an operator or a partner does while the case runs. */
export interface Act {
  /** After the start, in milliseconds. */
  readonly afterMs: number;
  readonly act:
    | { readonly type: 'retry'; readonly node: string | null }
    | { readonly type: 'cancel' }
    | { readonly type: 'complete'; readonly node: string; readonly output: JsonObject }
    | { readonly type: 'send'; readonly message: string; readonly payload: JsonObject };
}

export interface FlowTestCase {
  readonly name: string;
  readonly input: JsonObject;
  /** What a play has configured; `null`: nothing. */
  readonly play: JsonObject | null;
  /** The code of the trigger that starts it; `null`: it is simply started. */
  readonly trigger: string | null;
  /** The payload of the message that the trigger hears. */
  readonly event: JsonObject;
  /** When it starts: milliseconds since the epoch; `null`: at any time. */
  readonly now: number | null;
  /** By handler name or node id, what is answered; a node id goes first. */
  readonly mocks: JsonObject;
  /** By subject, how long its circuit is open from the start, in milliseconds. Health is not watched otherwise. */
  readonly circuits: Readonly<Record<string, number>>;
  /** By name, what tasks are given; in the inputs of calls `secret.NAME` stands in their place. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly acts: readonly Act[];
  readonly expect: Expectation;
}

/** What came of a run, as expectations look at it. */
export interface Happened {
  readonly status: string;
  readonly outcome: string | null;
  readonly input: JsonObject;
  readonly vars: JsonObject;
  readonly tookMs: number;
  /** In the order in which they were entered. */
  readonly nodes: readonly VisitedNode[];
  readonly calls: readonly { readonly handler: string; readonly node: string; readonly input: JsonObject }[];
  readonly incidents: readonly { readonly node: string; readonly code: string }[];
  /** Edges that were taken: their indexes in the definition, each once. */
  readonly edges: readonly number[];
}

export interface VisitedNode {
  readonly node: string;
  readonly visit: number;
  readonly attempt: number;
  readonly polls: number;
  /** One for each attempt. */
  readonly lanes: readonly string[];
  readonly output: Json;
  /** It gave its fallback. */
  readonly degraded: boolean;
}
