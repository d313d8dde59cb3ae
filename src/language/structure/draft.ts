import type { FlowNode, LineWhen } from '../../core/definition/definition.js';
import type { Expression } from '../../core/expression.js';
import type { JsonObject } from '../../core/json.js';
import type { Given, PlacedExpression } from '../expression/compile/compile-values.js';
import type { Span } from '../report/report.js';
import type { DraftType, DraftVariable } from './top/read-types.js';

/** A node that is well-formed by itself, with the places that the checks point at. */
export interface DraftNode {
  readonly node: FlowNode;
  /** Its id in the file. */
  readonly at: Span;
  /** The value of `join`. */
  readonly joinAt: Span | null;
  /** The value of `while`. */
  readonly whileAt: Span | null;
  readonly expressions: readonly NodeExpression[];
  /** Where each variable that it merges is named. */
  readonly mergesAt: ReadonlyMap<string, Span>;
  /** Variables that it writes. */
  readonly writes: readonly Writing[];
}

/** A name that is given a value, and what is known of that. */
export interface Writing extends Given {
  readonly name: string;
  readonly at: Span;
}

/** Where an expression stands decides what it can read. */
export interface NodeExpression {
  readonly role: 'in' | 'out' | 'set' | 'match' | 'manual' | 'timer' | 'circuit' | 'fallback' | 'delay' | 'until';
  readonly placed: PlacedExpression;
  /** Names that it can read beside those of the scope. */
  readonly local?: readonly string[];
}

export interface Target {
  readonly id: string;
  readonly at: Span;
}

/** One line as written; `a & b -> c` has become two. */
export interface DraftLine {
  readonly from: Target;
  readonly to: readonly Target[];
  /** `null` when it could not be read: the edge is there, but nobody knows when. */
  readonly when: LineWhen | null;
  /** What stands after the colon, or the arrow's line when nothing does. */
  readonly whenAt: Span;
  readonly condition: PlacedExpression | null;
  /** What must be equal in the message that it is taken for. */
  readonly matched?: readonly PlacedExpression[];
  readonly label: string | null;
  /** How many arrivals each of its edges brings. */
  readonly times?: number;
  /** Scopes that it cancels, and where they are named. */
  readonly cancels?: { readonly names: readonly string[]; readonly at: Span };
}

export interface Draft {
  /** Every id that the file names under `nodes`, well-formed or not: edges to it are no second fault. */
  readonly ids: ReadonlyMap<string, Span>;
  readonly nodes: ReadonlyMap<string, DraftNode>;
  readonly lines: readonly DraftLine[];
  /** Every edge could be read as far as its nodes. If not, what looks unreachable may not be. */
  readonly hasAllEdges: boolean;
  /** There is a map under `nodes`. If not, a start is no second thing that is missing. */
  readonly hasNodes: boolean;
  /** The `nodes` key: where a fault of the whole graph is shown. */
  readonly nodesAt: Span;
  /** Names of the input, where its schema lists them. */
  readonly inputNames: ReadonlySet<string> | null;
  readonly input: JsonObject | null;
  /** The variables that it declares; `null`: any may be written. */
  readonly vars: ReadonlyMap<string, DraftVariable> | null;
  /** What `output` must give. */
  readonly returns: DraftType | null;
  /** The schema under `play`; `null`: expressions cannot read it. */
  readonly play: JsonObject | null;
  readonly key: PlacedExpression | null;
  /** What a caller gets, and the expressions in it. */
  readonly output: {
    readonly values: ReadonlyMap<string, Expression>;
    readonly placed: readonly PlacedExpression[];
    readonly gives: readonly Writing[];
  } | null;
}
