import type { FlowNode } from '../../core/definition/definition.js';
import { didYouMean } from '../report/nearest.js';
import type { Report, Span } from '../report/report.js';
import { type Entry, entryOf, type MapTree, plain } from '../yaml/tree.js';
import { buildNode } from './build-node.js';
import type { DraftNode } from './draft.js';
import { reportIssues, shownValue } from './issues.js';
import { CustomKinds } from './kinds/task/custom/custom-kinds.js';
import { customModifiers, isCustomKey, kindAt, lower, named } from './kinds/task/custom/lower-custom.js';
import type { TaskDefaults } from './kinds/task-defaults.js';
import {
  isKind,
  isModifier,
  KINDS_TO_COME,
  type KindName,
  MODIFIERS_TO_COME,
  modifiersOf,
  NODE_KINDS,
  nodeSchema,
} from './node-kinds.js';

/** The longest that an attempt may take on nothing but the broker's delivery. */
const LONGEST_WITHOUT_LEASE_MS = 5 * 60_000;

const KINDS = Object.keys(NODE_KINDS) as KindName[];

/** Reads one entry of `nodes`. `null` when something in it is wrong; the report says what. */
export function readNode({ key, keyAt, value }: Entry, defaults: TaskDefaults, report: Report): DraftNode | null {
  if (value.type !== 'map') {
    const hint = 'For example { task: payment.disburse }.';
    report.add('WRONG_TYPE', value, `Expected a map that describes the node, but it is ${shownValue(value)}.`, hint);
    return null;
  }
  const kind = kindOf(value, keyAt, report);
  if (kind === null) return null;
  if (!isKind(kind)) return readCustom(key, keyAt, value, kind, defaults, report);
  const kept = dropRefused(value, kind, modifiersOf(kind), report);
  const checked = nodeSchema(kind).safeParse(plain(kept));
  if (!checked.success) {
    reportIssues(checked.error.issues, kept, [kind, ...modifiersOf(kind)], report);
    return null;
  }
  const built = buildNode(key, kind, kept, defaults, report);
  if (built) checkShared(built.node, kept, report);
  if (built) checkTimeout(built.node, kept, keyAt, report);
  const [joinAt = null, whileAt = null] = ['join', 'while'].map((key) => entryOf(value, key)?.value);
  const merges = entryOf(value, 'merge')?.value;
  const mergesAt = new Map(merges?.type === 'map' ? merges.entries.map((one) => [one.key, one.keyAt]) : []);
  return built && { ...built, at: keyAt, joinAt, whileAt, mergesAt };
}

/** A node of a kind that a plugin brings: it is a task, and read like one. */
function readCustom(
  id: string,
  at: Span,
  value: MapTree,
  key: string,
  defaults: TaskDefaults,
  report: Report,
): DraftNode | null {
  const fields = entryOf(value, key);
  const kind = fields && kindAt(fields, defaults.kinds ?? CustomKinds.none, report);
  if (!fields || !kind) return null;
  const kept = dropRefused(value, key, customModifiers(modifiersOf('task'), kind), report);
  const lowered = lower(id, kind, kept, fields, defaults, report);
  if (!lowered) return null;
  const draft = readNode({ key: id, keyAt: at, keyTextStart: null, value: lowered.tree }, lowered.defaults, report);
  return draft && { ...draft, node: named(draft.node, lowered, kept) };
}

/** Calls meet where handlers run, and a worker outside is none of them. */
function checkShared(node: FlowNode, tree: MapTree, report: Report): void {
  if (node.kind !== 'task') return;
  for (const { key, keyAt } of tree.entries) {
    if (!node.remote || (key !== 'cache' && key !== 'batch')) continue;
    const message = `Expected a handler of the engine where there is \`${key}\`, but \`${node.id}\` is done by a worker outside.`;
    report.add('MODIFIER_NOT_HERE', keyAt, message, HINTS[key]);
  }
  if (!node.batch || node.batch.withinMs < node.timeoutMs) return;
  const place = entryOf(tree, 'batch')?.value ?? tree;
  const message = `Expected calls to wait for others for less than the timeout, ${node.timeoutMs / 1_000} s, but \`within\` is ${node.batch.withinMs / 1_000} s.`;
  report.add(
    'OUT_OF_RANGE',
    place,
    message,
    'What waits is part of the attempt. A few milliseconds are enough under load.',
  );
}

const HINTS = {
  cache: 'Let the worker keep its answers itself.',
  batch: 'Let the worker take several messages itself.',
};

const IN_A_FLOW =
  'Let a `call` with `each` run a flow that has it: every item then has its own time, and its own way on.';

/** Why there is none of it for each item, and what to do. */
const NO_EACH: Readonly<Record<string, string | undefined>> = {
  split: `A split chooses the way of the whole instance, and items go no ways of their own. ${IN_A_FLOW}`,
  wait: `A wait takes one message and goes on. ${IN_A_FLOW}`,
  manual: `A person is asked once. ${IN_A_FLOW}`,
  timer: `A timer waits once. ${IN_A_FLOW}`,
};

/** A broker takes a delivery away that is in hand for long, so whoever may need long says so. */
function checkTimeout(node: FlowNode, tree: MapTree, at: Span, report: Report): void {
  if (node.kind !== 'task' || node.lease || node.remote || node.timeoutMs <= LONGEST_WITHOUT_LEASE_MS) return;
  const place = tree.entries.find(({ key }) => key === 'timeout')?.value ?? at;
  const message = `Expected a timeout of at most 5m, but an attempt of \`${node.id}\` may take ${node.timeoutMs / 1_000} s.`;
  report.add('TIMEOUT_NEEDS_LEASE', place, message, 'Add `lease: true` to the task.');
}

/** A kind by its name, or the key of one that a plugin may bring. */
function kindOf(tree: MapTree, at: Entry['keyAt'], report: Report): string | null {
  const kinds = tree.entries.filter(({ key }) => (isKind(key) && key !== 'join') || isCustomKey(key));
  const toCome = tree.entries.filter(({ key }) => KINDS_TO_COME.includes(key));
  const [first, second] = [...kinds, ...toCome];
  if (second) {
    const message = `Expected one kind of node, but \`${first?.key}\` and \`${second.key}\` are two.`;
    report.add('TWO_KINDS', second.keyAt, message, 'Make two nodes of it.');
    return null;
  }
  for (const { key, keyAt } of toCome) {
    const message = `Expected a kind of node that this version runs, but it does not run \`${key}\`.`;
    report.add('NOT_BUILT_YET', keyAt, message, `It runs ${KINDS.join(', ')}.`);
  }
  if (toCome.length > 0) return null;
  if (first) return first.key;
  if (tree.entries.some(({ key }) => key === 'join')) return 'join';
  const misspelt = tree.entries.find(({ key }) => didYouMean(key, KINDS) !== null && !isModifier(key));
  const message = `Expected a key that says the kind of node, but there is none of ${KINDS.join(', ')}.`;
  report.add('NO_KIND', misspelt?.keyAt ?? at, message, misspelt ? didYouMean(misspelt.key, KINDS) : null);
  return null;
}

/** Takes out what is refused by name, so that the schema does not call it unknown once more. */
function dropRefused(tree: MapTree, kind: string, taken: readonly string[], report: Report): MapTree {
  const entries = tree.entries.filter(({ key, keyAt }) => {
    if (MODIFIERS_TO_COME.includes(key)) {
      const message = `Expected a key that this version runs, but it does not run \`${key}\`.`;
      report.add('NOT_BUILT_YET', keyAt, message, `A ${kind} takes ${taken.join(', ')}.`);
      return false;
    }
    if (key === 'delay' && tree.entries.some((other) => other.key === 'each')) {
      const message = 'Expected no `delay` beside `each`, but there is one: items begin as others end.';
      report.add('MODIFIER_NOT_HERE', keyAt, message, 'Put a timer before the node.');
      return false;
    }
    const isHere = key === kind || !isModifier(key) || taken.includes(key);
    if (!isHere) {
      const message = `Expected a key that a ${kind} takes, but \`${key}\` is none of them.`;
      const why = key === 'each' ? NO_EACH[kind] : undefined;
      report.add('MODIFIER_NOT_HERE', keyAt, message, why ?? `It takes ${taken.join(', ')}.`);
    }
    return isHere;
  });
  return { ...tree, entries };
}
