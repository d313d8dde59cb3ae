import type { Expression } from '../expression.js';
import { expressionsOfDelay } from './control/delay.js';
import type { Definition } from './definition.js';
import type { EachRule } from './work/each.js';

/** A tree of member names: what of a value the expressions of a definition read. */
export interface Reads {
  /** The value itself is read, so all of it is. */
  readonly whole: boolean;
  readonly members: ReadonlyMap<string, Reads>;
}

interface Growing extends Reads {
  whole: boolean;
  readonly members: Map<string, Growing>;
}

/** Every expression that deciding evaluates: conditions, `out`, `circuit`, `set`, `match`, timers and delays. Not `in`, which is read at delivery. */
function* decidingExpressions(definition: Definition): Generator<Expression> {
  if (definition.output) yield* definition.output.values();
  for (const line of definition.lines) if (line.when.type === 'if') yield line.when.condition;
  for (const node of definition.nodes.values()) {
    if ('out' in node && node.out) yield* node.out.values();
    for (const { rule } of ('merge' in node && node.merge) || []) if (rule.type === 'by') yield rule.by;
    if (node.kind === 'wait') yield* node.match.values();
    if (node.kind === 'guard' && node.on.type === 'message') yield* node.on.match.values();
    if (node.kind === 'manual' && node.assignee) yield node.assignee;
    if (node.kind === 'manual' && node.in) yield* node.in.values();
    if (node.kind === 'task' && node.circuit) yield node.circuit.by;
    if (node.kind === 'task' && node.delay) yield* expressionsOfDelay(node.delay);
    if ('each' in node && node.each) yield* expressionsOfEach(node.each);
    if (node.kind === 'gateway' && node.split) yield node.split.by;
    if (node.kind === 'set') yield* node.set.values();
    if (node.kind === 'timer' && 'for' in node.timer) yield node.timer.for;
    if (node.kind === 'timer' && 'until' in node.timer) yield node.timer.until;
  }
}

/** What branches have written is merged when they meet. */
function* mergedPaths(definition: Definition): Generator<readonly string[]> {
  for (const node of definition.nodes.values()) {
    const merges = ('merge' in node && node.merge) || [];
    for (const { branches } of merges) for (const { slot } of branches) yield ['vars', slot];
  }
}

/** But for the list, which whoever has the node reads, and the match of messages, which is the guard's. */
function* expressionsOfEach({ until, more }: EachRule): Generator<Expression> {
  if (until && 'when' in until) yield until.when;
  if (more?.items) yield more.items;
  if (more?.last) yield more.last;
}

/** What must be remembered as facts, by the first name of the path: `input`, `vars`, `result` or a node id. */
export function readsOf(definition: Definition): ReadonlyMap<string, Reads> {
  const roots = new Map<string, Growing>();
  const add = (path: readonly string[]): void => {
    let members = roots;
    for (const [depth, name] of path.entries()) {
      const reads = members.get(name) ?? { whole: false, members: new Map() };
      members.set(name, reads);
      if (depth === path.length - 1) reads.whole = true;
      members = reads.members;
    }
  };
  for (const { reads } of decidingExpressions(definition)) for (const path of reads) add(path);
  for (const path of mergedPaths(definition)) add(path);
  return roots;
}
