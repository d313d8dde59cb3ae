import type { Control, JoinRule } from '../../src/core/definition/control/control.js';
import type { DelayRule } from '../../src/core/definition/control/delay.js';
import { withGuards } from '../../src/core/definition/control/guards.js';
import type {
  CallNode,
  Definition,
  Edge,
  EndNode,
  FlowNode,
  GatewayNode,
  JoinNode,
  Line,
  SetNode,
  StartNode,
  TaskNode,
} from '../../src/core/definition/definition.js';
import type { ManualNode, TimerNode, WaitNode } from '../../src/core/definition/nodes/waiting-nodes.js';
import type { EachRule } from '../../src/core/definition/work/each.js';
import type { RetryPolicy } from '../../src/core/definition/work/retry-policy.js';
import { type Expression, ExpressionFailure, type Scope } from '../../src/core/expression.js';
import type { Json } from '../../src/core/json.js';
import { type Colon, whenOf } from './definition/colon.js';

/** No retries, so that a failure is decided at once; tests say otherwise where it matters. */
const NO_RETRY: RetryPolicy = { local: [], remote: [], max: 0, backoff: null };

type Shared = Partial<Pick<TaskNode, 'title' | 'tags' | 'join' | 'visits' | 'scopes' | 'mutex' | 'while'>>;
type NodeSpec = (id: string) => FlowNode;

const shared = (id: string, { title = null, tags = [], join = null, visits = 1_000, ...control }: Shared) => {
  return { id, title, tags, join, visits, ...pickControl(control) };
};

const pickControl = ({ scopes, mutex, while: held }: Shared): Control => {
  return { ...(scopes && { scopes }), ...(mutex && { mutex }), ...(held && { while: held }) };
};

export const start =
  (more: Shared = {}) =>
  (id: string): StartNode => ({ ...shared(id, more), kind: 'start' });

export const end =
  (outcome?: string, more: Shared & Partial<Pick<EndNode, 'mode'>> = {}) =>
  (id: string): EndNode => ({ ...shared(id, more), kind: 'end', mode: more.mode ?? 'finish', outcome: outcome ?? id });

export const terminate = (more: Shared = {}) => end('terminated', { ...more, mode: 'terminate' });
export const failure = (code: string, more: Shared = {}) => end(code, { ...more, mode: 'fail' });

type TaskMore = Shared & {
  handler?: string;
  in?: Record<string, Expression>;
  out?: Record<string, Expression>;
  retry?: Partial<RetryPolicy>;
  timeoutMs?: number;
  circuit?: TaskNode['circuit'];
  remote?: boolean;
  lease?: true;
  each?: EachRule;
  delay?: DelayRule;
};
/** A task whose handler is called `do.<id>` unless said otherwise. */
export const task =
  (more: TaskMore = {}) =>
  (id: string): TaskNode => ({
    ...shared(id, more),
    kind: 'task',
    handler: more.handler ?? `do.${id}`,
    in: more.in ? new Map(Object.entries(more.in)) : null,
    with: null,
    out: more.out ? new Map(Object.entries(more.out)) : null,
    retry: { ...NO_RETRY, ...more.retry },
    timeoutMs: more.timeoutMs ?? 30_000,
    ...(more.circuit && { circuit: more.circuit }),
    ...(more.remote && { remote: true }),
    ...(more.lease && { lease: more.lease }),
    ...(more.each && { each: more.each }),
    ...(more.delay && { delay: more.delay }),
  });

export const set =
  (values: Record<string, Expression>, more: Shared = {}) =>
  (id: string): SetNode => ({ ...shared(id, more), kind: 'set', set: new Map(Object.entries(values)) });

const gateway =
  (mode: GatewayNode['mode']) =>
  (more: Shared = {}) =>
  (id: string): GatewayNode => ({ ...shared(id, more), kind: 'gateway', mode });
export const exclusive = gateway('exclusive');
export const parallel = gateway('parallel');
export const inclusive = gateway('inclusive');
export const event = gateway('event');

/** A bare join: `join('all')`, `join('taken')`, `join('each')` or `join(2)`. */
export const join =
  (rule: 'all' | 'taken' | 'each' | number, more: Shared = {}) =>
  (id: string): JoinNode => ({ ...shared(id, { ...more, join: ruleOf(rule) }), kind: 'join' });
export const ruleOf = (rule: 'all' | 'taken' | 'each' | number, rest?: 'cancel' | 'hold'): JoinRule =>
  typeof rule === 'number' ? { type: 'count', count: rule, ...(rest && { rest }) } : { type: rule };

/** A bare join of a number that says what becomes of the rest. */
export const first =
  (count: number, rest: 'cancel' | 'hold', more: Shared = {}) =>
  (id: string): JoinNode => ({ ...shared(id, { ...more, join: ruleOf(count, rest) }), kind: 'join' });

export const timer =
  (rule: TimerNode['timer'], more: Shared = {}) =>
  (id: string): TimerNode => ({ ...shared(id, more), kind: 'timer', timer: rule });

type CallMore = Shared & { flow?: string; detach?: boolean; each?: EachRule; out?: Record<string, Expression> };
/** A call of the flow `other` unless said otherwise. */
export const call =
  (more: CallMore = {}) =>
  (id: string): CallNode => ({
    ...shared(id, more),
    kind: 'call',
    flow: more.flow ?? 'other',
    in: null,
    out: more.out ? new Map(Object.entries(more.out)) : null,
    detach: more.detach ?? false,
    ...(more.each && { each: more.each }),
  });

type WaitMore = Shared & {
  message?: string;
  match?: Record<string, Expression>;
  keepMs?: number;
  timeoutMs?: number;
  out?: Record<string, Expression>;
};
/** A wait for the message `paid` unless said otherwise. */
export const wait =
  (more: WaitMore = {}) =>
  (id: string): WaitNode => ({
    ...shared(id, more),
    kind: 'wait',
    message: more.message ?? 'paid',
    match: new Map(Object.entries(more.match ?? {})),
    keepMs: more.keepMs ?? null,
    timeoutMs: more.timeoutMs ?? null,
    out: more.out ? new Map(Object.entries(more.out)) : null,
  });

type ManualMore = Shared &
  Partial<Pick<ManualNode, 'assignee' | 'form' | 'dueMs' | 'timeoutMs'>> & {
    in?: Record<string, Expression>;
    out?: Record<string, Expression>;
  };
export const manual =
  (more: ManualMore = {}) =>
  (id: string): ManualNode => ({
    ...shared(id, more),
    kind: 'manual',
    assignee: more.assignee ?? null,
    form: more.form ?? null,
    in: more.in ? new Map(Object.entries(more.in)) : null,
    dueMs: more.dueMs ?? null,
    timeoutMs: more.timeoutMs ?? null,
    out: more.out ? new Map(Object.entries(more.out)) : null,
  });

/**
 * An expression made of a function. `reads` are paths as in conditions; a path whose first name is not in scope
 * fails as the language does, and a missing member reads as null.
 */
export function expr(text: string, reads: readonly string[], answer: (...values: Json[]) => Json): Expression {
  const paths = reads.map((read) => read.split('.'));
  const value = (scope: Scope): Json => answer(...paths.map((path) => read(scope, path, text)));
  return {
    text,
    reads: paths,
    value,
    test(scope) {
      const result = value(scope);
      if (typeof result === 'boolean') return result;
      throw new ExpressionFailure(
        'EXPRESSION_NOT_BOOLEAN',
        `Expected '${text}' to be true or false, but it is not.`,
        text,
      );
    },
  };
}

function read(scope: Scope, [root = '', ...names]: readonly string[], text: string): Json {
  if (!Object.hasOwn(scope, root)) {
    throw new ExpressionFailure('EXPRESSION_UNKNOWN_NAME', `Expected '${root}' to be known, but it is not.`, text);
  }
  let value: Json = scope[root] ?? null;
  for (const name of names) {
    const known: boolean = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    value = known ? ((value as Record<string, Json>)[name] ?? null) : null;
  }
  return value;
}

export const path = (text: string): Expression => expr(text, [text], (value) => value);
/** `is('result.status', 'PAID')` is the condition `result.status == "PAID"`. */
export const is = (text: string, wanted: Json): Expression =>
  expr(`${text} == ${JSON.stringify(wanted)}`, [text], (value) => value === wanted);
export const literal = (value: Json): Expression => expr(JSON.stringify(value), [], () => value);

/**
 * A definition from nodes and edge lines: `flow({ a: start(), b: end() }, ['a -> b'])`. A line reads as in a file
 * (chains, fans, several sources), with its condition second: `['a -> b & c', is('result.ok', true)]`.
 */
export function flow(
  nodes: Record<string, NodeSpec>,
  edges: readonly (
    | string
    | readonly [arrow: string, when?: Colon | undefined, label?: string | null, cancels?: readonly string[]]
  )[],
  more: Partial<Omit<Definition, 'nodes' | 'lines' | 'edges'>> = {},
): Definition {
  const lines: Line[] = [];
  const all: Edge[] = [];
  for (const spec of edges) {
    const [arrow, colon, label = null, cancels] = typeof spec === 'string' ? [spec, undefined] : spec;
    const stops = arrow.split('->').map((stop) => stop.split('&').map((id) => id.trim()));
    for (const [i, to] of stops.slice(1).entries()) {
      for (const from of stops[i] ?? []) {
        const index = lines.length;
        const own = to.map((target, k): Edge => ({ index: all.length + k, line: index, from, to: target }));
        lines.push({ index, from, to, when: whenOf(colon), label, edges: own, ...(cancels && { cancels }) });
        all.push(...own);
      }
    }
  }
  const built = new Map(Object.entries(nodes).map(([id, spec]) => [id, spec(id)]));
  for (const id of all.flatMap(({ from, to }) => [from, to]))
    if (!built.has(id)) throw new Error(`There is no node '${id}'.`);
  const head = { flow: 'test', version: 1, title: null, description: null, key: null, input: null };
  return { ...head, ...more, nodes: withGuards(built, lines), lines, edges: all };
}
