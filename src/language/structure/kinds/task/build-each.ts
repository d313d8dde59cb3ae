import type { FlowNode } from '../../../../core/definition/definition.js';
import type { EachRule } from '../../../../core/definition/work/each.js';
import { compilePlaced, compileValue } from '../../../expression/compile-values.js';
import { isReservedId } from '../../../expression/reserved-names.js';
import type { Report } from '../../../report/report.js';
import { entryOf, plain, type Tree, within } from '../../../yaml/tree.js';
import type { NodeExpression } from '../../draft.js';

export interface BuiltEach {
  readonly rule: EachRule;
  readonly expressions: readonly NodeExpression[];
}

const DEFAULTS = { as: 'item', parallel: 10, limit: 1_000, rest: 'cancel', onError: 'fail', collect: true } as const;
/** What `until` can read of the items. */
const COUNTS = ['total', 'done', 'yes', 'no', 'failed', 'left'];
/** Names that stand for something else beside an item. */
const TAKEN = ['index', 'each'];

/** The short form is a list by itself, the long form a map. `null` when something in it is faulty. */
export function buildEach(tree: Tree, report: Report): BuiltEach | null {
  const list = tree.type === 'map' ? entryOf(tree, 'in')?.value : tree;
  const compiled = list && compileValue(list, report);
  const until = untilOf(entryOf(tree, 'until')?.value, report);
  const written = tree.type === 'map' ? (plain(tree) as Partial<Omit<EachRule, 'list' | 'until'>>) : {};
  const { as, parallel, limit, rest, onError, collect } = { ...DEFAULTS, ...written };
  const named = entryOf(tree, 'as')?.value;
  if (named && (isReservedId(as) || TAKEN.includes(as))) {
    const message = `Expected a name for the items, but \`${as}\` stands for something else in expressions.`;
    report.add('RESERVED_NAME', named, message, 'Choose another, for example `one`.');
    return null;
  }
  if (!compiled || !until) return null;
  const expressions = compiled.parts.map((placed): NodeExpression => ({ role: 'in', placed, local: [] }));
  const rule = { list: compiled.expression, as, parallel, limit, until: until.rule, rest, onError, collect };
  return { rule, expressions: [...expressions, ...until.expressions] };
}

function untilOf(
  tree: Tree | undefined,
  report: Report,
): { rule: EachRule['until']; expressions: readonly NodeExpression[] } | null {
  if (tree?.type !== 'scalar') return { rule: null, expressions: [] };
  if (typeof tree.value === 'number') return { rule: { count: tree.value }, expressions: [] };
  const placed = compilePlaced(tree, report);
  if (!placed) return null;
  const { result, paths, expression } = placed.compiled;
  if (result !== 'boolean' && result !== 'unknown') {
    const message = `Expected a condition that is true or false, but it gives a ${result}.`;
    report.add('CONDITION_NOT_BOOLEAN', tree, message, 'Compare it: `each.yes >= 2`.');
    return null;
  }
  const wrong = paths.find(({ path: [root, member] }) => root === 'each' && !COUNTS.includes(member ?? ''));
  if (wrong) {
    const message = `Expected one of the counts of \`each\`, but \`${wrong.path.join('.')}\` is none.`;
    report.add('UNKNOWN_NAME', within(tree, wrong.start, wrong.end), message, `They are ${COUNTS.join(', ')}.`);
    return null;
  }
  const local = ['each', 'result', '_result'];
  return { rule: { when: expression }, expressions: [{ role: 'until', placed, local }] };
}

const ITEM_ROLES: readonly NodeExpression['role'][] = ['in', 'circuit', 'fallback'];

/** In what is told of each item, the item has a name. */
export function withItem(node: FlowNode, expressions: readonly NodeExpression[]): readonly NodeExpression[] {
  if (!('each' in node) || !node.each) return expressions;
  const local = [node.each.as, 'index'];
  const isOfItem = ({ role, local: own }: NodeExpression): boolean => !own && ITEM_ROLES.includes(role);
  return expressions.map((one) => (isOfItem(one) ? { ...one, local } : one));
}
