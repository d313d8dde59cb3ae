import type { FlowNode } from '../../../../core/definition/definition.js';
import type { EachRule } from '../../../../core/definition/work/each.js';
import { compileValue } from '../../../expression/compile/compile-values.js';
import { isReservedId } from '../../../expression/reserved-names.js';
import type { Report } from '../../../report/report.js';
import { entryOf, plain, type Tree } from '../../../yaml/tree.js';
import type { NodeExpression } from '../../draft.js';
import { COUNTING, conditionOf, moreOf } from './build-more.js';

export interface BuiltEach {
  readonly rule: EachRule;
  readonly expressions: readonly NodeExpression[];
}

const DEFAULTS = { as: 'item', parallel: 10, limit: 1_000, rest: 'cancel', onError: 'fail', collect: true } as const;
/** Names that stand for something else beside an item. */
const TAKEN = ['index', 'each'];

/** The short form is a list by itself, the long form a map. `null` when something in it is faulty. */
export function buildEach(tree: Tree, report: Report): BuiltEach | null {
  const list = tree.type === 'map' ? entryOf(tree, 'in')?.value : tree;
  const compiled = list && compileValue(list, report);
  const until = untilOf(entryOf(tree, 'until')?.value, report);
  const more = moreOf(entryOf(tree, 'more')?.value, report);
  const written = tree.type === 'map' ? (plain(tree) as Partial<Omit<EachRule, 'list' | 'until' | 'more'>>) : {};
  const { as, parallel, limit, rest, onError, collect } = { ...DEFAULTS, ...written };
  const named = entryOf(tree, 'as')?.value;
  if (named && (isReservedId(as) || TAKEN.includes(as))) {
    const message = `Expected a name for the items, but \`${as}\` stands for something else in expressions.`;
    report.add('RESERVED_NAME', named, message, 'Choose another, for example `one`.');
    return null;
  }
  if (!compiled || !until || !more) return null;
  const expressions = compiled.parts.map((placed): NodeExpression => ({ role: 'in', placed, local: [] }));
  const rule = { list: compiled.expression, as, parallel, limit, until: until.rule, rest, onError, collect };
  return {
    rule: more.rule ? { ...rule, more: more.rule } : rule,
    expressions: [...expressions, ...until.expressions, ...more.expressions],
  };
}

function untilOf(
  tree: Tree | undefined,
  report: Report,
): { rule: EachRule['until']; expressions: readonly NodeExpression[] } | null {
  if (tree?.type !== 'scalar') return { rule: null, expressions: [] };
  if (typeof tree.value === 'number') return { rule: { count: tree.value }, expressions: [] };
  const placed = conditionOf(tree, report);
  if (!placed) return null;
  return { rule: { when: placed.compiled.expression }, expressions: [{ role: 'until', placed, local: COUNTING }] };
}

const ITEM_ROLES: readonly NodeExpression['role'][] = ['in', 'circuit', 'fallback'];

/** In what is told of each item, the item has a name. */
export function withItem(node: FlowNode, expressions: readonly NodeExpression[]): readonly NodeExpression[] {
  if (!('each' in node) || !node.each) return expressions;
  const local = [node.each.as, 'index'];
  const isOfItem = ({ role, local: own }: NodeExpression): boolean => !own && ITEM_ROLES.includes(role);
  return expressions.map((one) => (isOfItem(one) ? { ...one, local } : one));
}
