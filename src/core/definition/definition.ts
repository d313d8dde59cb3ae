import type { Expression } from '../expression.js';
import type { Parted } from '../flow/tries/tcc/rule.js';
import type { JsonObject } from '../json.js';
import type { BorderEvent, GuardNode } from './control/border.js';
import type { DelayRule } from './control/delay.js';
import type { CustomKind } from './custom-kind.js';
import type { EveryNode } from './nodes/every-node.js';
import type { ManualNode, TimerNode, WaitNode } from './nodes/waiting-nodes.js';
import type { TypedFlow, TypedTask } from './starting/variables.js';
import type { CircuitRule, NodeBound } from './work/bound.js';
import type { BatchRule, CacheRule } from './work/cache.js';
import type { EachRule } from './work/each.js';
import type { RetryPolicy } from './work/retry-policy.js';
import type { SplitRule } from './work/split.js';
import type { CallUndo, UndoRule } from './work/undo.js';
import type { Work } from './work/work.js';

/**
 * A flow as published; immutable. `nodes` keeps the order of the file, and so does `lines`: from a node, lines are
 * tried in file order and the first that holds is taken (`else` last, wherever it is written).
 */
export interface Definition extends TypedFlow {
  readonly flow: string;
  /** From 1. 0 while it is not published (validate, render, run). */
  readonly version: number;
  readonly title: string | null;
  readonly description: string | null;
  /** Business key, an expression over `input`; unique among the live instances of the flow. */
  readonly key: Expression | null;
  /** JSON Schema of the start input, as written. */
  readonly input: JsonObject | null;
  /** JSON Schema of what a play configures; absent: no play can. */
  readonly play?: JsonObject;
  /** What a caller gets when an instance has completed; `null`: nothing. */
  readonly output?: ReadonlyMap<string, Expression> | null;
  readonly nodes: ReadonlyMap<string, FlowNode>;
  readonly lines: readonly Line[];
  /** Every (from, to) pair of every line; `Edge.index` is its place here and its identity in stored state. */
  readonly edges: readonly Edge[];
}

export type FlowNode =
  | StartNode
  | EndNode
  | TaskNode
  | SetNode
  | GatewayNode
  | JoinNode
  | TimerNode
  | WaitNode
  | ManualNode
  | CallNode
  | CompensateNode
  | GuardNode;
export type NodeKind = FlowNode['kind'];

/** Whether such a node has an output, read as `result` and by its id. */
export const hasOutput = (kind: NodeKind): boolean =>
  kind === 'task' || kind === 'wait' || kind === 'manual' || kind === 'call';
/** Whether such a node needs time or work, so that a loop through it does not turn within one step. */
export const takesTime = (kind: NodeKind): boolean => hasOutput(kind) || kind === 'timer' || kind === 'compensate';
/** Whether such a node waits for a message while it waits. */
export const takesMessage = (node: FlowNode): boolean =>
  node.kind === 'wait' || (node.kind === 'guard' && node.on.type === 'message');
/** Gateways whose lines are alternatives, of which one is taken. */
export const isChoice = (node: FlowNode): boolean =>
  node.kind === 'gateway' && (node.mode === 'exclusive' || node.mode === 'event');

export interface StartNode extends EveryNode {
  readonly kind: 'start';
}

export interface EndNode extends EveryNode {
  readonly kind: 'end';
  /** `finish`: this path ends. `terminate`: the rest is cancelled. `fail`: the instance ends `failed` with the code. */
  readonly mode: 'finish' | 'terminate' | 'fail';
  /** The outcome: the name of the end, `terminated`, or the failure code. */
  readonly outcome: string;
}

export interface TaskNode extends EveryNode, Parted, TypedTask {
  readonly kind: 'task';
  /** The handler's name: `payment.disburse`. */
  readonly handler: string;
  /** What the handler gets; `null`: the scope as it stands. */
  readonly in: ReadonlyMap<string, Expression> | null;
  /** Literals for the handler (`url`, templates); never evaluated by the engine. */
  readonly with: JsonObject | null;
  /** Variables written from the result when the task completes. */
  readonly out: ReadonlyMap<string, Expression> | null;
  readonly retry: RetryPolicy;
  /** Per attempt, in milliseconds. */
  readonly timeoutMs: number;
  /** Keeps circuit and latency apart by a value; absent: the handler as a whole is watched. */
  readonly circuit?: CircuitRule | null;
  /** What it gives while its circuit keeps it back, name by name, instead of waiting; absent: it waits. */
  readonly fallback?: ReadonlyMap<string, Expression>;
  /** What may not be exceeded, in all engines together; absent: nothing is. */
  readonly limit?: NodeBound | null;
  readonly rate?: NodeBound | null;
  readonly cache?: CacheRule;
  readonly batch?: BatchRule;
  /** Done by a worker that takes it from the broker and answers by message; absent: by a handler of the engine. */
  readonly remote?: boolean;
  /** Runs under a lease in the database instead of the broker's delivery; for handlers that take minutes to hours. */
  readonly lease?: true;
  /** What it does instead of asking the one handler; `handler` is then the name of the kind. */
  readonly work?: Work;
  /** A plugin brings its kind; `handler` is then that of the kind. */
  readonly custom?: CustomKind;
  /** Done once for each item of a list. */
  readonly each?: EachRule;
  /** Its first attempt may have to wait. */
  readonly delay?: DelayRule;
  /** How it is undone, when a `compensate` asks for it. */
  readonly undo?: UndoRule;
  /** Where it gets the whole scope: by variable, where the branches with it keep their own, the innermost first. */
  readonly sees?: ReadonlyMap<string, readonly string[]>;
}

export interface SetNode extends EveryNode {
  readonly kind: 'set';
  /** Written in file order; a later one sees the earlier ones. */
  readonly set: ReadonlyMap<string, Expression>;
}

export interface GatewayNode extends EveryNode {
  readonly kind: 'gateway';
  /** `event`: its lines lead to nodes that wait; all are entered, and the first that goes on cancels the others. */
  readonly mode: 'exclusive' | 'parallel' | 'inclusive' | 'event';
  /** It chooses an arm of an experiment first; that is then its output and `result`. */
  readonly split?: SplitRule;
}

/** A bare `join`: does nothing but wait. `join` is never null on it. */
export interface JoinNode extends EveryNode {
  readonly kind: 'join';
}

/** Undoes what tasks have done, the newest first. */
export interface CompensateNode extends EveryNode {
  readonly kind: 'compensate';
  /** `all`, or the id of the one node whose visits are undone. */
  readonly what: string;
}

/** Runs another flow as an instance of its own. */
export interface CallNode extends EveryNode {
  readonly kind: 'call';
  /** The flow; its newest version when the call begins. */
  readonly flow: string;
  /** The input of the called instance; `null`: the caller's own. */
  readonly in: ReadonlyMap<string, Expression> | null;
  /** Variables written from what it returns. */
  readonly out: ReadonlyMap<string, Expression> | null;
  /** Goes on as soon as the called instance is stored, and hears of it no more. */
  readonly detach: boolean;
  /** Called once for each item of a list. */
  readonly each?: EachRule;
  /** How it is undone, when a `compensate` asks for it. */
  readonly undo?: CallUndo;
}

/** What must be so for a line to be taken. */
export type LineWhen =
  | { readonly type: 'always' }
  | { readonly type: 'if'; readonly condition: Expression }
  | { readonly type: 'else' }
  /** `pattern` is a failure code, or a prefix that ends in `*`. */
  | { readonly type: 'error'; readonly pattern: string }
  | { readonly type: 'timeout' }
  | { readonly type: 'exhausted' }
  | BorderEvent;

/** One line of `edges`, from one node to one or (a fan) several. Taken as a whole. */
export interface Line {
  readonly index: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly when: LineWhen;
  readonly label: string | null;
  /** How many arrivals each of its edges brings; absent: one. */
  readonly times?: number;
  /** Scopes that are cancelled when it is taken; absent: none but those that it leaves. */
  readonly cancels?: readonly string[];
  /** The edges of this line, in the order of `to`. */
  readonly edges: readonly Edge[];
}

export interface Edge {
  /** Place in `Definition.edges`. */
  readonly index: number;
  readonly line: number;
  readonly from: string;
  readonly to: string;
}
