import { kindHandler, undoHandler } from '../../../../../core/definition/custom-kind.js';
import type { FlowNode } from '../../../../../core/definition/definition.js';
import type { JsonObject } from '../../../../../core/json.js';
import type { Report } from '../../../../report/report.js';
import { type Entry, entryOf, type MapTree, type ScalarTree, type Tree } from '../../../../yaml/tree.js';
import type { TaskDefaults } from '../../task-defaults.js';
import { checkFields } from './check-fields.js';
import type { CustomKinds } from './custom-kinds.js';
import { expressionFields, type KindTraits, type LoadedKind } from './kind-facts.js';

/** A literal of the lowered task that says with which version of its kind the flow was published. */
export const KIND_VERSION = '$version';

/** What stands in the place of a name that is put in after the task is built. */
const PLACEHOLDER = 'custom';

/** A node of a kind that a plugin brings, written as the task that it is. */
export interface Lowered {
  readonly kind: LoadedKind;
  /** Passes for a task in the eyes of everybody who reads the map. */
  readonly tree: MapTree;
  readonly defaults: TaskDefaults;
}

/** No built-in kind and no modifier has a dot. */
export const isCustomKey = (key: string): boolean => key.includes('.');

/** Modifiers of tasks that such a kind takes. */
export function customModifiers(all: readonly string[], { traits }: Pick<LoadedKind, 'traits'>): readonly string[] {
  const without = ['in', 'with', 'remote', 'lease', 'batch'];
  if (!traits.retryable) without.push('retry');
  if (!traits.pure) without.push('cache');
  if (traits.remote) without.push('limit');
  return all.filter((name) => !without.includes(name));
}

/** The kind that a key names; `null` and a problem when there is none. */
export function kindAt({ key, keyAt }: Entry, kinds: CustomKinds, report: Report): LoadedKind | null {
  const found = kinds.find(key);
  if (found.kind === null) report.add('UNKNOWN_KIND', keyAt, found.message, found.hint);
  return found.kind;
}

/**
 * The task that a node is: fields that are expressions become its `in`, the others its `with`. `null` when a field is wrong.
 * @param tree the node, with nothing that its kind does not take.
 */
export function lower(
  id: string,
  kind: LoadedKind,
  tree: MapTree,
  fields: Entry,
  defaults: TaskDefaults,
  report: Report,
): Lowered | null {
  if (!checkFields(kind, id, fields, report)) return null;
  const { start, end } = fields.value;
  const text = (value: string): ScalarTree => ({
    type: 'scalar',
    value,
    empty: false,
    textStart: null,
    start: fields.keyAt.start,
    end: fields.keyAt.end,
  });
  const entry = (key: string, value: Tree): Entry => ({ key, keyAt: fields.keyAt, keyTextStart: null, value });
  const map = (entries: readonly Entry[]): MapTree => ({ type: 'map', isFlow: false, entries, start, end });
  const written = fields.value.type === 'map' ? fields.value.entries : [];
  const names = expressionFields(kind);
  const { traits } = kind;
  const made = [
    entry('task', text(PLACEHOLDER)),
    entry('in', map(written.filter(({ key }) => names.includes(key)))),
    entry('with', map([...written.filter(({ key }) => !names.includes(key)), entry(KIND_VERSION, text(kind.version))])),
    ...(traits.remote ? [entry('remote', { ...text(''), value: true })] : []),
    ...(traits.lease ? [entry('lease', { ...text(''), value: true })] : []),
    ...(kind.undoes && !entryOf(tree, 'undo') ? [entry('undo', text(PLACEHOLDER))] : []),
  ];
  const rest = tree.entries.filter((one) => one !== fields);
  return { kind, tree: { ...tree, entries: [...made, ...rest] }, defaults: defaultsOf(traits, defaults) };
}

function defaultsOf({ retryable, idempotent, timeoutMs }: KindTraits, defaults: TaskDefaults): TaskDefaults {
  const isTriedAgain = retryable && idempotent;
  return {
    ...defaults,
    ...(timeoutMs !== null && { timeoutMs }),
    ...(!isTriedAgain && { retry: { ...defaults.retry, local: [], max: 0 } }),
  };
}

/** The built task under its own name. */
export function named(node: FlowNode, { kind }: Lowered, tree: MapTree): FlowNode {
  if (node.kind !== 'task') return node;
  const { name, version, shape } = kind;
  const isOwnUndo = node.undo && !entryOf(tree, 'undo');
  return {
    ...node,
    handler: kindHandler(kind),
    custom: { name, version, shape },
    ...(node.undo && isOwnUndo && { undo: { ...node.undo, handler: undoHandler(kind) } }),
  };
}

/** The literal fields of such a task, without what says its version. */
export function literalFields(literals: JsonObject): { readonly fields: JsonObject; readonly version: string | null } {
  const { [KIND_VERSION]: version, ...fields } = literals;
  return { fields, version: typeof version === 'string' ? version : null };
}
