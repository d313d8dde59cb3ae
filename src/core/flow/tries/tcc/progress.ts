import type { FlowNode, TaskNode } from '../../../definition/definition.js';
import { taskAt } from '../../../definition/handlers.js';
import { isUndo, itemOf, visitOf } from '../../../definition/work/each.js';
import type { JsonObject } from '../../../json.js';
import type { NodeRef } from '../../event.js';
import { type Failure, isActive, type NodeInstance } from '../../instance.js';
import type { Draft } from '../../walk/draft.js';
import { visitTo } from '../../walk/world.js';
import { type Phase, partVisit, type TccRule } from './rule.js';

/** A node of participants that try, and confirm or cancel together. */
export type TccNode = TaskNode & { readonly tcc: TccRule };

/** How far it is. Kept with the node instance; the phase is written before anything of it begins. */
export interface Progress {
  readonly phase: Phase;
  /** Participants whose phase is not over. */
  readonly open: number;
  /** Those that were told to try, in their order: exactly these are confirmed or cancelled. */
  readonly begun: readonly number[];
  /** What each has given when it tried. */
  readonly tried: JsonObject;
  /** Why it is cancelled. `participant` is who could not; `null`: its time was over, or it was withdrawn. */
  readonly why: {
    readonly participant: string | null;
    readonly failure: Failure | null;
    readonly message: string;
  } | null;
  /** Whom a person has declared settled, and why; absent: nobody. */
  readonly byHand?: JsonObject;
}

export const isTcc = (node: FlowNode): node is TccNode => node.kind === 'task' && node.tcc !== undefined;

/** Whether it is the node as a whole, and none of its participants. */
export const isWholeTcc = (node: FlowNode, { visit }: Pick<NodeInstance, 'visit'>): node is TccNode =>
  isTcc(node) && itemOf(visit) === null;

export function progressOf(draft: Draft, row: NodeInstance): Progress | null {
  const { tcc } = draft.kept(row);
  return tcc === undefined ? null : (tcc as unknown as Progress);
}

export const keepProgress = (draft: Draft, row: NodeInstance, progress: Progress): void =>
  draft.keep(row, { ...draft.kept(row), tcc: progress as unknown as JsonObject });

/** From here on, with the transition, it is decided which phase this is. */
export function beginPhase(
  draft: Draft,
  whole: NodeInstance,
  node: TccNode,
  progress: Progress,
  places: readonly number[],
): void {
  keepProgress(draft, whole, { ...progress, open: progress.open + places.length });
  const cause = draft.root ?? { node: whole.node, visit: whole.visit };
  for (const place of places) {
    const visit = partVisit(whole.visit, place, progress.phase);
    const { handler } = taskAt(node, visit);
    draft.put(visitTo({ node: node.id, visit }, [], cause, draft.at));
    const first = { kind: 'task', attempt: 1, cause: 'entered', delayMs: 0 } as const;
    draft.effects.push({ type: 'dispatch', node: node.id, visit, handler, ...first });
  }
}

/** The participants of a node instance that are at work. */
export const partsUnder = (draft: Draft, { node, visit }: NodeRef): readonly NodeInstance[] =>
  draft.activeRows().filter((row) => row.node === node && itemOf(row.visit) !== null && visitOf(row.visit) === visit);

/** Whether a node instance is a participant of one that is not over: that one alone says what becomes of it. */
export function isOfWhole(draft: Draft, { node, visit }: NodeRef): boolean {
  if (itemOf(visit) === null || isUndo(visit) || !isTcc(draft.node(node))) return false;
  return isActive(draft.row({ node, visit: visitOf(visit) })?.status ?? 'done');
}
