import type { FlowNode, Line, TaskNode } from '../../../definition/definition.js';
import { outgoingOf } from '../../../definition/graph.js';
import { taskAt } from '../../../definition/handlers.js';
import { itemOf, visitOf } from '../../../definition/work/each.js';
import type { Json, JsonObject } from '../../../json.js';
import { type Failure, isActive, type NodeInstance, resultFlag } from '../../instance.js';
import type { Draft } from '../../walk/draft.js';
import type { Carried } from '../../walk/facts.js';
import { assign } from '../../walk/kinds/assign.js';
import { leave, raise, take } from '../../walk/leave.js';
import { cancelRow, finish, itemsUnder } from '../../walk/race.js';
import { visitTo } from '../../walk/world.js';
import { recover } from '../recover.js';
import { type Phase, partVisit, type TccPart, type TccRule } from './rule.js';

/** A node of participants that try, and confirm or cancel together. */
type TccNode = TaskNode & { readonly tcc: TccRule };

/** What became of one phase of one participant. */
export type PartEnd = { readonly output: Json } | { readonly error: Failure };

/** How far it is. Kept with the node instance; the phase is written before anything of it begins. */
interface Progress {
  readonly phase: Phase;
  /** Participants whose phase is not over. */
  readonly open: number;
  /** Those that were told to try, in their order: exactly these are confirmed or cancelled. */
  readonly begun: readonly number[];
  /** What each has given when it tried. */
  readonly tried: JsonObject;
  /** Why it is cancelled. */
  readonly why: { readonly participant: string; readonly failure: Failure | null; readonly message: string } | null;
}

export const isTcc = (node: FlowNode): node is TccNode => node.kind === 'task' && node.tcc !== undefined;

/** The node as a whole waits; what is done is done by its participants. */
export function beginTcc(draft: Draft, row: NodeInstance, node: TccNode): void {
  draft.put({ ...row, status: 'waiting' });
  const places = node.tcc.participants.map((_, place) => place);
  const first = node.tcc.order === 'sequence' ? places.slice(0, 1) : places;
  begin(draft, row, node, { phase: 'try', open: 0, begun: first, tried: {}, why: null }, first);
}

/** One phase of one participant is over for good; of a try whatever came of it, of the others only that they are done. */
export function endPart(draft: Draft, row: NodeInstance, { place, name, phase }: TccPart, end: PartEnd): void {
  draft.close(row, 'done', 'error' in end ? end.error : null);
  if ('output' in end) draft.outputs.push({ node: row.node, visit: row.visit, output: end.output });
  const node = draft.node(row.node);
  const whole = draft.row({ node: row.node, visit: visitOf(row.visit) });
  const before = whole && isActive(whole.status) ? progressOf(draft, whole) : null;
  if (!whole || !before || !isTcc(node) || before.phase !== phase) return;
  const progress: Progress = { ...before, open: before.open - 1 };
  if (phase === 'try') tried(draft, whole, node, progress, { place, name, end });
  else if (progress.open > 0) keep(draft, whole, progress);
  else conclude(draft, whole, node, progress);
}

/** Another chance for the node as a whole: all has been settled, and no line could be chosen. */
export function reopenTcc(draft: Draft, row: NodeInstance, node: TccNode): void {
  const progress = progressOf(draft, row);
  if (progress) conclude(draft, { ...row, status: 'waiting', attempt: row.attempt + 1, error: null }, node, progress);
}

function tried(
  draft: Draft,
  whole: NodeInstance,
  node: TccNode,
  progress: Progress,
  { place, name, end }: { readonly place: number; readonly name: string; readonly end: PartEnd },
): void {
  if ('error' in end || !resultFlag(end.output)) {
    const failure = 'error' in end ? end.error : null;
    for (const other of itemsUnder(draft, whole)) cancelRow(draft, other, `'${node.id}', of which '${name}' cannot`);
    const why = { participant: name, failure, message: failure?.message ?? `'${name}' said no` };
    begin(draft, whole, node, { ...progress, phase: 'cancel', open: 0, why }, progress.begun);
    return;
  }
  const kept: Progress = { ...progress, tried: { ...progress.tried, [name]: end.output } };
  const next = place + 1;
  if (node.tcc.order === 'sequence' && next < node.tcc.participants.length) {
    begin(draft, whole, node, { ...kept, begun: [...kept.begun, next] }, [next]);
  } else if (kept.open > 0) keep(draft, whole, kept);
  else begin(draft, whole, node, { ...kept, phase: 'confirm' }, kept.begun);
}

/** From here on, with the transition, it is decided which phase this is. */
function begin(draft: Draft, whole: NodeInstance, node: TccNode, progress: Progress, places: readonly number[]): void {
  keep(draft, whole, { ...progress, open: progress.open + places.length });
  const cause = draft.root ?? { node: whole.node, visit: whole.visit };
  for (const place of places) {
    const visit = partVisit(whole.visit, place, progress.phase);
    const { handler } = taskAt(node, visit);
    draft.put(visitTo({ node: node.id, visit }, [], cause, draft.at));
    const first = { kind: 'task', attempt: 1, cause: 'entered', delayMs: 0 } as const;
    draft.effects.push({ type: 'dispatch', node: node.id, visit, handler, ...first });
  }
}

function conclude(draft: Draft, whole: NodeInstance, node: TccNode, { phase, tried, why }: Progress): void {
  const outcome = phase === 'confirm' ? 'confirmed' : 'cancelled';
  const output: JsonObject = { _result: phase === 'confirm', outcome, tried, ...told(why) };
  const tooLarge = draft.measure(node.id, output);
  if (tooLarge) return raise(draft, whole, tooLarge, null);
  const carried: Carried = { result: output, flag: phase === 'confirm' };
  draft.outputs.push({ node: node.id, visit: whole.visit, output });
  const line = why?.failure ? lineFor(draft, node, why.failure) : null;
  if (line) {
    draft.learn(node.id, output);
    finish(draft, whole, why?.failure ?? null);
    take(draft, whole, [line], carried);
    return;
  }
  leave(draft, whole, node, carried, () => {
    draft.learn(node.id, output);
    return node.out ? assign(draft, node.out, carried) : undefined;
  });
}

const told = (why: Progress['why']): JsonObject =>
  why ? { participant: why.participant, code: why.failure?.code ?? null, message: why.message } : {};

/** A failure goes by the line that would be taken for the last attempt of a task, if there is one; a no is an answer. */
function lineFor(draft: Draft, { id, retry }: TccNode, error: Failure): Line | null {
  const { boundary } = outgoingOf(draft.graph, id);
  const recovery = recover({ policy: { ...retry, max: 0 }, boundary, tries: 1, error, seed: id });
  return recovery.type === 'line' ? recovery.line : null;
}

function progressOf(draft: Draft, row: NodeInstance): Progress | null {
  const { tcc } = draft.kept(row);
  return tcc === undefined ? null : (tcc as unknown as Progress);
}

const keep = (draft: Draft, row: NodeInstance, progress: Progress): void =>
  draft.keep(row, { ...draft.kept(row), tcc: progress as unknown as JsonObject });

/** Whether it is the node as a whole, and none of its participants. */
export const isWholeTcc = (node: FlowNode, { visit }: Pick<NodeInstance, 'visit'>): node is TccNode =>
  isTcc(node) && itemOf(visit) === null;
