import type { Definition } from '../../core/definition/definition.js';
import { callAt } from '../../core/definition/handlers.js';
import type { NodeRef } from '../../core/flow/event.js';
import type { Failure, Instance } from '../../core/flow/instance.js';
import type { Effect } from '../../core/flow/transition.js';
import type { NodeKey } from '../ports/store.js';
import type { Beyond, ManualRecord, SignalRecord, WaitRecord } from './messages/message-store.js';

/** How long whoever wrote a signal has to deliver it, before others do. */
const OWN_MS = 10_000;

/** Gathers what the transitions of one instance do beside it. */
export class BeyondDraft {
  private readonly opened = new Map<string, WaitRecord>();
  private readonly closed = new Map<string, NodeKey>();
  private readonly asked = new Map<string, ManualRecord>();
  private readonly answered = new Map<string, NodeKey>();
  private readonly taken: string[] = [];
  private readonly signals: SignalRecord[] = [];
  private readonly withdrawn: NodeKey[] = [];

  constructor(private readonly definition: Definition) {}

  take(effect: Effect, instance: Instance, at: number): void {
    const { id, flow, version } = instance;
    switch (effect.type) {
      case 'wait.opened': {
        const { node, visit, name, match, keepMs } = effect;
        const wait = { instance: id, flow, version, node, visit, name, match, keepMs, openedAt: at };
        this.opened.set(`${node}.${visit}`, wait);
        return;
      }
      case 'wait.closed': {
        const { node, visit } = effect;
        this.opened.delete(`${node}.${visit}`);
        this.closed.set(`${node}.${visit}`, { instance: id, node, visit });
        return;
      }
      case 'manual.opened': {
        const { node, visit, assignee, shown, dueMs, timeoutMs } = effect;
        const times = { openedAt: at, dueAt: after(at, dueMs), expiresAt: after(at, timeoutMs) };
        this.asked.set(`${node}.${visit}`, { instance: id, flow, version, node, visit, assignee, shown, ...times });
        return;
      }
      case 'manual.closed': {
        const { node, visit } = effect;
        this.asked.delete(`${node}.${visit}`);
        this.answered.set(`${node}.${visit}`, { instance: id, node, visit });
        return;
      }
      case 'message.taken':
        this.taken.push(effect.message);
        return;
      case 'call.abandoned': {
        const { node, visit, attempt } = effect;
        const call = this.definition.nodes.get(node);
        if (call?.kind !== 'call') return;
        const caller = { instance: id, flow, version, node, visit, attempt, depth: 0, waits: true };
        const body = { type: 'call.abandoned', caller, flow: callAt(call, visit).flow } as const;
        this.signals.push({ id: `${id}:${node}.${visit}.${attempt}:abandoned`, wakeAt: at + OWN_MS, body });
        return;
      }
      case 'instance.ended': {
        const { caller } = instance.state;
        if (!caller?.waits) return;
        const { output } = effect;
        const result = { instance: id, outcome: instance.outcome, ...output };
        const body = { type: 'call.ended', caller, result, error: failureOf(instance) } as const;
        this.signals.push({ id: `${id}:ended`, wakeAt: at + OWN_MS, body });
      }
    }
  }

  /** A node instance was cancelled. */
  withdrew({ node, visit }: NodeRef, instance: string): void {
    if (this.definition.nodes.get(node)?.kind === 'task') this.withdrawn.push({ instance, node, visit });
  }

  /** `null` when there is nothing. What was closed and is open again counts as open. */
  changes(): Beyond | null {
    const { opened, closed, taken, signals, withdrawn, asked, answered } = this;
    const people = asked.size + answered.size;
    const messages = opened.size + closed.size + taken.length;
    if (messages + signals.length + withdrawn.length + people === 0) return null;
    return {
      opened: [...opened.values()],
      closed: overIn(closed, opened),
      taken,
      signals,
      ...(withdrawn.length > 0 && { withdrawn }),
      ...(people > 0 && { manual: { opened: [...asked.values()], closed: overIn(answered, asked) } }),
    };
  }
}

const after = (at: number, ms: number | null): number | null => (ms === null ? null : at + ms);

const overIn = (closed: ReadonlyMap<string, NodeKey>, opened: ReadonlyMap<string, unknown>): NodeKey[] =>
  [...closed].filter(([key]) => !opened.has(key)).map(([, one]) => one);

function failureOf({ flow, status, outcome }: Instance): Failure | null {
  if (status === 'completed') return null;
  if (status === 'cancelled') {
    return { code: 'CALL_CANCELLED', message: `The called '${flow}' was cancelled.`, permanent: true };
  }
  const code = outcome ?? 'CALL_FAILED';
  return { code, message: `The called '${flow}' has failed.`, permanent: true };
}
