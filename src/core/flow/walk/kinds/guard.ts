import type { GuardNode } from '../../../definition/control/border.js';
import type { Line } from '../../../definition/definition.js';
import type { Json } from '../../../json.js';
import type { NodeRef } from '../../event.js';
import { type Failure, isActive, type NodeInstance, resultFlag } from '../../instance.js';
import { progressOf as partsOf } from '../../tries/tcc/progress.js';
import { expireTries } from '../../tries/tcc/withdraw.js';
import type { Draft } from '../draft.js';
import type { Carried } from '../facts.js';
import { keepCarried, keptCarried, named, raise, take } from '../leave.js';
import { isProblem } from '../problem.js';
import { cancelRow, withdraw } from '../race.js';
import { isOpen, progressOf } from './each/progress.js';
import { matchOf, readsResult } from './wait.js';

/** A node instance has begun, so what watches at its border begins too. */
export function openGuards(draft: Draft, { node, visit }: NodeRef, carried: Carried | null): void {
  for (const guard of draft.graph.guards.get(node) ?? []) {
    if (guard.line !== null || guard.on.type === 'after') open(draft, guard, { node, visit }, carried);
  }
}

/** A node instance has its first items, so it hears of more. */
export function openMore(draft: Draft, { node, visit }: NodeRef): void {
  for (const guard of draft.graph.guards.get(node) ?? []) {
    if (guard.line === null && guard.on.type === 'message') open(draft, guard, { node, visit }, null);
  }
}

/** `since`: when it began to wait, if it has only taken a message meanwhile. */
function open(draft: Draft, guard: GuardNode, host: NodeRef, carried: Carried | null, since = draft.at): void {
  const row = draft.newVisit({ node: guard.id, via: [], cause: host });
  const isBounded = guard.on.type === 'message' && !guard.on.interrupts && guard.on.keepMs !== null;
  draft.keep(row, { host: host.visit, ...(isBounded && { since }) });
  beginGuard(draft, row, guard, carried);
}

/** What it was opened with, to be opened so again: a row that is over has forgotten it. */
export function openingOf(draft: Draft, row: NodeInstance): readonly [carried: Carried | null, since: number] {
  return [keptCarried(draft, row), Number(draft.kept(row)['since'] ?? draft.at)];
}

/** Waits for its message or its time, for a new node instance or one whose match had no answer before. */
export function beginGuard(draft: Draft, row: NodeInstance, { id, on }: GuardNode, carried: Carried | null): void {
  const { node, visit, attempt } = row;
  if (on.type === 'after') {
    const timer = { kind: 'timer', handler: null, cause: 'timer', delayMs: on.afterMs } as const;
    draft.put({ ...row, status: 'waiting' });
    draft.effects.push({ type: 'dispatch', node, visit, attempt, ...timer });
    return;
  }
  const match = matchOf(draft, { id, match: on.match }, carried);
  if (isProblem(match) || readsResult(on)) keepCarried(draft, row, carried);
  if (isProblem(match)) {
    raise(draft, { ...row, attempt: 0 }, match, null);
    return;
  }
  draft.put({ ...row, status: 'waiting' });
  // What comes while a message is taken has come to one who waits.
  const taking = draft.at - Number(draft.kept(row)['since'] ?? draft.at);
  const keepMs = on.keepMs === null ? null : on.keepMs + taking;
  draft.effects.push({ type: 'wait.opened', node, visit, name: on.message, match, keepMs });
}

/** The message has come. It is used up, and stored with whoever waited for it, for people to look at. */
export function alarm(draft: Draft, row: NodeInstance, guard: GuardNode, message: string, payload: Json): void {
  const { node, visit } = row;
  draft.effects.push({ type: 'message.taken', message });
  draft.outputs.push({ node, visit, output: payload });
  const why = `Expected ${shown(draft, row, guard)} to end by itself, but the message '${message}' came first.`;
  strike(draft, row, guard, { result: payload, flag: resultFlag(payload) }, failureOf('WITHDRAWN', why));
}

/** The time has passed. */
export function strikeOfTime(draft: Draft, row: NodeInstance, guard: GuardNode): void {
  const ms = guard.on.type === 'after' ? guard.on.afterMs : 0;
  if (guard.line === null) {
    const host = hostOf(draft, row, guard);
    draft.close(row, 'done', null);
    if (host) expireTries(draft, host, ms, cancelRow);
    return;
  }
  const why = `Expected ${shown(draft, row, guard)} to end within ${ms} ms, but it has not.`;
  strike(draft, row, guard, { result: null, flag: false }, failureOf('TIMEOUT', why));
}

function strike(draft: Draft, row: NodeInstance, guard: GuardNode, carried: Carried, error: Failure): void {
  const host = hostOf(draft, row, guard);
  const again = openingOf(draft, row);
  draft.close(row, 'done', null);
  // The guard has seen that it is active, and then so is its host.
  if (!host) return;
  const line = draft.definition.lines[guard.line ?? -1] as Line;
  if (guard.on.interrupts) {
    draft.learn(guard.host, null);
    withdraw(draft, { ...host, error }, error.message);
  } else if (guard.on.type === 'message') open(draft, guard, host, ...again);
  take(draft, host, [line], carried);
}

/** What watched at the border of a node instance that is over is not wanted any more. */
export function dropGuards(draft: Draft): void {
  if (draft.graph.guards.size === 0) return;
  for (const row of draft.activeRows()) {
    const guard = draft.node(row.node);
    if (guard.kind !== 'guard') continue;
    const host = hostOf(draft, row, guard);
    if (!host) cancelRow(draft, row, `the end of '${guard.host}'`);
    else if (isSettled(draft, host)) {
      if (guard.on.interrupts) cancelRow(draft, row, `'${guard.host}', whose participants are settled now`);
    } else if (guard.line === null && guard.on.type === 'message' && !takesMore(draft, host))
      cancelRow(draft, row, `'${guard.host}', which takes no more`);
  }
}

/** What its participants have tried is decided, and nothing withdraws it any more. */
function isSettled(draft: Draft, host: NodeInstance): boolean {
  const parts = partsOf(draft, host);
  return parts !== null && parts.phase !== 'try';
}

function takesMore(draft: Draft, host: NodeInstance): boolean {
  const progress = progressOf(draft, host);
  return progress !== null && isOpen(progress);
}

export function openAgain(draft: Draft, guard: GuardNode, host: NodeRef, opening: ReturnType<typeof openingOf>): void {
  open(draft, guard, host, ...opening);
}

export function hostOf(draft: Draft, row: NodeInstance, { host: node }: GuardNode): NodeInstance | null {
  const host = draft.row({ node, visit: Number(draft.kept(row)['host']) });
  return host && isActive(host.status) && host.status !== 'cancelling' ? host : null;
}

const shown = (draft: Draft, row: NodeInstance, guard: GuardNode): string =>
  named(hostOf(draft, row, guard) ?? { ...row, node: guard.host });

const failureOf = (code: string, message: string): Failure => ({ code, message, permanent: true });
