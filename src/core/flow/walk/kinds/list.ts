import type { CallNode, TaskNode } from '../../../definition/definition.js';
import type { EachRule } from '../../../definition/work/each.js';
import type { Json } from '../../../json.js';
import type { Draft } from '../draft.js';
import { isProblem, Problem } from '../problem.js';

/** A node that is done once for each item. */
export type EachNode = (TaskNode | CallNode) & { readonly each: EachRule };

/** The items that a list or a whole number stands for. */
export function listOf(list: Json, { id, each }: EachNode): readonly Json[] | Problem {
  const many = Array.isArray(list) ? list.length : list;
  if (typeof many !== 'number' || !Number.isInteger(many) || many < 0) {
    const message = `Expected '${each.list.text}' of '${id}' to give a list or a whole number, but it gave ${JSON.stringify(list).slice(0, 80)}. Correct what it reads, then retry.`;
    return new Problem('BAD_EACH', message);
  }
  if (many > each.limit) {
    const message = `Expected at most ${each.limit} items for '${id}', but '${each.list.text}' has ${many}. Raise \`limit\`, or hand the items over in parts, each to an instance of its own.`;
    return new Problem('EACH_TOO_MANY', message);
  }
  return Array.isArray(list) ? (list as readonly Json[]) : Array.from({ length: many }, (_, item) => item + 1);
}

/** By item whose health counts, if that is read from the items: later nobody here has them at hand. */
export function partnersOf(draft: Draft, node: EachNode, items: readonly Json[]): (string | null)[] | null {
  const { as } = node.each;
  const circuit = node.kind === 'task' ? (node as TaskNode).circuit : null;
  if (!circuit?.by.reads.some(([root]) => root === as || root === 'index')) return null;
  return items.map((item, index) => {
    const value = draft.evaluate(null, (scope) =>
      circuit.by.value(Object.assign(Object.create(null), scope, { [as]: item, index })),
    );
    if (isProblem(value) || value === null || typeof value === 'object' || value === '') return null;
    return String(value);
  });
}
