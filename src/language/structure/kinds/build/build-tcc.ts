import type { TaskNode } from '../../../../core/definition/definition.js';
import type { Expression } from '../../../../core/expression.js';
import { type Participant, PHASES, type TccRule } from '../../../../core/flow/tries/tcc/rule.js';
import { compileValue } from '../../../expression/compile/compile-values.js';
import type { Report } from '../../../report/report.js';
import { entryOf, type MapTree, plain, type Tree } from '../../../yaml/tree.js';
import type { NodeExpression } from '../../draft.js';
import type { SecretPlaces } from '../task/secret-places.js';
import { milliseconds } from '../task-defaults.js';

export interface BuiltTcc {
  readonly rule: { readonly tcc: TccRule; readonly in: TaskNode['in'] };
  readonly expressions: readonly NodeExpression[];
}

/** `tcc: { name: { try, confirm, cancel, in } }`, accepted by its schema. `null` when something in it is faulty. */
export function buildTcc(written: Tree, node: MapTree, secrets: SecretPlaces | null, report: Report): BuiltTcc | null {
  if (written.type !== 'map') return null;
  const expressions: NodeExpression[] = [];
  let faulty = false;
  const participants = written.entries.map(({ key: name, value }): Participant => {
    const tree = value as MapTree;
    const taken = secrets?.others() ?? null;
    const [own, isSound] = inOf(tree, expressions, taken, report);
    if (!isSound || isDouble(name, tree, report)) faulty = true;
    const [first, confirm, cancel] = PHASES.map((phase) => String(plain(entryOf(tree, phase)?.value as Tree)));
    return { name, try: first ?? '', confirm: confirm ?? '', cancel: cancel ?? '', in: own, ...taken?.taken() };
  });
  const [order, within] = [entryOf(node, 'order'), entryOf(node, 'within')];
  const tcc: TccRule = {
    order: order ? (plain(order.value) as TccRule['order']) : 'parallel',
    participants,
    ...(within && { withinMs: milliseconds(String(plain(within.value))) }),
  };
  // It is seen to read everything where one of them does.
  const own = participants.every((one) => one.in !== null) ? new Map() : null;
  return faulty ? null : { rule: { tcc, in: own }, expressions };
}

/** Whoever asks one handler for two phases would do one of them instead of the other. */
function isDouble(name: string, tree: MapTree, report: Report): boolean {
  const asked = PHASES.flatMap((phase) => entryOf(tree, phase) ?? []);
  const handlers = asked.map(({ value }) => plain(value));
  const double = asked.find((_, at) => handlers.indexOf(handlers[at] as string) < at);
  if (!double) return false;
  const message = `Expected three handlers of \`${name}\`, but \`${String(plain(double.value))}\` is asked for two phases.`;
  report.add('TCC_SAME_HANDLER', double.value, message, 'To try, to confirm and to cancel are three things.');
  return true;
}

function inOf(
  tree: MapTree,
  expressions: NodeExpression[],
  secrets: SecretPlaces | null,
  report: Report,
): readonly [own: ReadonlyMap<string, Expression> | null, isSound: boolean] {
  const map = entryOf(tree, 'in')?.value;
  if (map?.type !== 'map') return [null, true];
  const values = new Map<string, Expression>();
  let isSound = true;
  for (const { key, value } of map.entries) {
    const compiled = compileValue(value, report, secrets?.at(key));
    if (!compiled) isSound = false;
    else values.set(key, compiled.expression);
    for (const placed of compiled?.parts ?? []) expressions.push({ role: 'in', placed });
  }
  return [values, isSound];
}
