import type { Gate } from '../../../definition/control/gates.js';
import type { FlowNode } from '../../../definition/definition.js';
import { isHeldBack, type NodeInstance } from '../../instance.js';
import { isWithdrawn } from '../../tries/tcc/withdraw.js';
import { noted } from '../choosing/ask-circuit.js';
import { choose } from '../choosing/choose.js';
import type { Draft } from '../draft.js';
import type { Carried } from '../facts.js';
import { keepCarried, keptCarried, raise, take } from '../leave.js';
import { isProblem } from '../problem.js';
import type { Entry } from '../world.js';

type Begin = (draft: Draft, row: NodeInstance, node: FlowNode, carried: Carried | null) => void;

/** Whether the node has a gate, and is not entered from within its own section. */
export function standsBefore({ graph, definition }: Draft, { node, via }: Entry): boolean {
  const gate = graph.gates.get(node);
  if (!gate) return false;
  const { section } = gate;
  if (!section || gate.milestone !== undefined || via.length === 0) return true;
  return !via.every((edge) => section.has(definition.edges[edge]?.from ?? ''));
}

/** It waits at its gate: it is active, but no attempt has begun. */
export function holdBack(draft: Draft, row: NodeInstance, node: FlowNode, carried: Carried | null): void {
  const mutex = 'mutex' in node && node.mutex ? [`mutex: ${node.mutex.name}`] : [];
  const milestone = 'while' in node && node.while !== undefined ? [`while: ${node.while}`] : [];
  const last = Math.max(0, ...heldBack(draft).map((other) => placeOf(draft, other)));
  draft.put({ ...row, status: 'waiting', attempt: 0, reason: [...mutex, ...milestone].join(', ') });
  draft.keep(row, { ...draft.kept(row), gate: last + 1 });
  keepCarried(draft, row, carried);
}

/**
 * Lets the first begin that may, in the order in which they came; or gives up one whose milestone nothing can reach any
 * more. True if there was one.
 */
export function openGates(draft: Draft, begin: Begin): boolean {
  if (draft.graph.gates.size === 0) return false;
  const waiting = heldBack(draft);
  if (waiting.length === 0) return false;
  const begun = draft.activeRows().filter((row) => !isHeldBack(row));
  // What is only settled keeps its section to itself, but nothing comes of it any more.
  const active = new Set(begun.flatMap((row) => (isWithdrawn(draft, row) ? [] : [row.node])));
  const inside = new Set(begun.map((row) => row.node));
  const open = waiting.find((row) => isOpen(gateOf(draft, row), active, inside));
  if (open) {
    pass(draft, open, (row, carried) => begin(draft, row, draft.node(row.node), carried));
    return true;
  }
  const may = mayCome(draft, waiting, active);
  const missed = firstMissed(
    draft,
    waiting.filter((row) => !may.has(row)),
  );
  if (missed) pass(draft, missed, (row, carried) => skip(draft, row, carried));
  return missed !== undefined;
}

/** Who is given up goes on, and may so reach what another of them waits for: that one is not given up before it. */
function firstMissed(draft: Draft, missed: readonly NodeInstance[]): NodeInstance | undefined {
  const isAwaiting = (row: NodeInstance): boolean =>
    missed.some((other) => other !== row && gateOf(draft, row).leading.has(other.node));
  return missed.find((row) => !isAwaiting(row)) ?? missed[0];
}

function isOpen({ excluding, milestone }: Gate, active: ReadonlySet<string>, inside: ReadonlySet<string>): boolean {
  if (milestone !== undefined && !active.has(milestone)) return false;
  return [...excluding].every((id) => !inside.has(id));
}

/**
 * Those who wait that may still be let through, as far as edges tell: who waits for others to leave, and whose milestone
 * can be reached from what is active or from one of these. Who wait for one another alone are none of them.
 */
function mayCome(
  draft: Draft,
  waiting: readonly NodeInstance[],
  active: ReadonlySet<string>,
): ReadonlySet<NodeInstance> {
  const sources = new Set(active);
  const may = new Set<NodeInstance>();
  for (let before = -1; before < may.size; ) {
    before = may.size;
    for (const row of waiting) {
      const { milestone, leading } = gateOf(draft, row);
      if (may.has(row) || (milestone !== undefined && ![...sources].some((id) => leading.has(id)))) continue;
      may.add(row);
      sources.add(row.node);
    }
  }
  return may;
}

/** It stands at its gate no longer. */
function pass(draft: Draft, row: NodeInstance, on: (row: NodeInstance, carried: Carried | null) => void): void {
  const carried = keptCarried(draft, row);
  const { race } = draft.kept(row);
  draft.drop(row);
  if (race !== undefined) draft.keep(row, { race });
  on({ ...row, reason: null }, carried);
}

/** The milestone is past. The node has not run: it reads as null, and goes on by its lines as one that said no. */
function skip(draft: Draft, held: NodeInstance, before: Carried | null): void {
  const node = draft.node(held.node);
  const carried: Carried = { result: null, flag: false };
  const lines = draft.wholly(() => {
    draft.learn(node.id, null);
    return choose(draft, node, carried);
  });
  const row = noted(draft, held);
  if (isProblem(lines)) {
    raise(draft, { ...row, attempt: 0 }, lines, null);
    keepCarried(draft, row, before);
    return;
  }
  draft.close(row, 'skipped', null);
  take(draft, row, lines, carried);
}

const gateOf = (draft: Draft, { node }: NodeInstance): Gate => draft.graph.gates.get(node) as Gate;
const placeOf = (draft: Draft, row: NodeInstance): number => Number(draft.kept(row)['gate'] ?? 0);

const heldBack = (draft: Draft): readonly NodeInstance[] =>
  draft
    .activeRows()
    .filter(isHeldBack)
    .sort((a, b) => placeOf(draft, a) - placeOf(draft, b));
