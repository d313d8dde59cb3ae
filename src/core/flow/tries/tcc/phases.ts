import type { Line, TaskNode } from '../../../definition/definition.js';
import { outgoingOf } from '../../../definition/graph.js';
import { visitOf } from '../../../definition/work/each.js';
import type { Json, JsonObject } from '../../../json.js';
import type { FlowEvent } from '../../event.js';
import { type Failure, isActive, type NodeInstance, resultFlag } from '../../instance.js';
import type { Draft } from '../../walk/draft.js';
import type { Carried } from '../../walk/facts.js';
import { assign } from '../../walk/kinds/assign.js';
import { leave, raise, take } from '../../walk/leave.js';
import { cancelRow, finish } from '../../walk/race.js';
import { recover } from '../recover.js';
import { beginPhase, isTcc, keepProgress, type Progress, progressOf, type TccNode } from './progress.js';
import type { TccPart } from './rule.js';
import { cancelTried } from './withdraw.js';

/** What became of one phase of one participant. */
export type PartEnd = { readonly output: Json } | { readonly error: Failure };

/** The node as a whole waits; what is done is done by its participants. */
export function beginTcc(draft: Draft, row: NodeInstance, node: TccNode): void {
  draft.put({ ...row, status: 'waiting' });
  const places = node.tcc.participants.map((_, place) => place);
  const first = node.tcc.order === 'sequence' ? places.slice(0, 1) : places;
  beginPhase(draft, row, node, { phase: 'try', open: 0, begun: first, tried: {}, why: null }, first);
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
  else if (progress.open > 0) keepProgress(draft, whole, progress);
  else conclude(draft, whole, node, progress);
}

/** A person has seen to it, in the partner's own way: it counts as done, and the output says who and why. */
export function settleByHand(
  draft: Draft,
  row: NodeInstance,
  { part }: TaskNode,
  { by, reason }: Extract<FlowEvent, { type: 'part.settled' }>,
): void {
  const whole = draft.row({ node: row.node, visit: visitOf(row.visit) });
  const progress = whole && progressOf(draft, whole);
  if (!part || !whole || !progress) return;
  const { phase, name } = part;
  keepProgress(draft, whole, { ...progress, byHand: { ...progress.byHand, [name]: { phase, by, reason } } });
  draft.effects.push({ type: 'incident.resolved', node: row.node, visit: row.visit, by });
  endPart(draft, { ...row, reason: `settled by hand: ${reason}` }, part, { output: { settledBy: by, reason } });
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
    const why = { participant: name, failure, message: failure?.message ?? `'${name}' said no` };
    cancelTried(draft, whole, why, `'${node.id}', of which '${name}' cannot`, cancelRow);
    return;
  }
  const kept: Progress = { ...progress, tried: { ...progress.tried, [name]: end.output } };
  const next = place + 1;
  if (node.tcc.order === 'sequence' && next < node.tcc.participants.length) {
    beginPhase(draft, whole, node, { ...kept, begun: [...kept.begun, next] }, [next]);
  } else if (kept.open > 0) keepProgress(draft, whole, kept);
  else beginPhase(draft, whole, node, { ...kept, phase: 'confirm' }, kept.begun);
}

function conclude(draft: Draft, whole: NodeInstance, node: TccNode, progress: Progress): void {
  const { phase, tried, why, byHand } = progress;
  const outcome = phase === 'confirm' ? 'confirmed' : 'cancelled';
  const output: JsonObject = { _result: phase === 'confirm', outcome, tried, ...told(why), ...(byHand && { byHand }) };
  if (whole.status === 'cancelling') {
    // The flow has gone on without it, or is to end: it is told what came of it, and nothing follows.
    draft.outputs.push({ node: node.id, visit: whole.visit, output });
    draft.close(whole, phase === 'confirm' ? 'done' : 'cancelled', whole.error);
    return;
  }
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
