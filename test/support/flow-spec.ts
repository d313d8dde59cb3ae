import { expect } from 'vitest';
import type { Definition } from '../../src/core/definition/definition.js';
import { graphOf } from '../../src/core/definition/graph.js';
import { itemVisit, shownVisit, undoneVisit } from '../../src/core/definition/work/each.js';
import { advance, newInstance } from '../../src/core/flow/advance.js';
import type { FlowEvent, ItemResult, Rejection, RejectionReason } from '../../src/core/flow/event.js';
import { type Instance, isActive, type NodeInstance } from '../../src/core/flow/instance.js';
import type { Effect, Transition } from '../../src/core/flow/transition.js';
import type { Json, JsonObject } from '../../src/core/json.js';
import { LANES } from '../../src/core/routing/lane.js';

type Without<T> = T extends unknown ? Omit<T, 'at'> & { readonly at?: number } : never;
/** An event without its time, which the bench gives. */
export type Happening = Without<FlowEvent>;

export const started = (input: JsonObject = {}): Happening => ({ type: 'started', input });
export const completed = (node: string, output: Json = {}, { visit = 1, attempt = 1 } = {}): Happening => {
  return { type: 'task.completed', node, visit, attempt, output };
};
export const failed = (
  node: string,
  code = 'HANDLER_ERROR',
  { visit = 1, attempt = 1, permanent = false } = {},
): Happening => {
  return { type: 'task.failed', node, visit, attempt, error: { code, message: 'boom', permanent } };
};
/** The list of a node with `each` is told by the dispatch that asked for it. */
export const listed = (node: string, list: Json, { dispatch = 1, attempt = 1, visit = 1 } = {}): Happening => {
  return { type: 'each.listed', node, visit, attempt, dispatch, list, error: null };
};
export const gathered = (
  node: string,
  items: readonly ItemResult[] | null,
  { dispatch = 2, attempt = 1, visit = 1 } = {},
): Happening => ({ type: 'each.gathered', node, visit, attempt, dispatch, items });
/** The item of a visit, as its events name it. */
export const item = (place: number, attempt = 1, visit = 1) => ({ visit: itemVisit(visit, place), attempt });

export const fired = (node: string, visit = 1): Happening => ({ type: 'timer.fired', node, visit });
export const claimed = (node: string, delivery: number, { visit = 1, attempt = 1 } = {}): Happening => {
  return { type: 'task.claimed', node, visit, attempt, delivery };
};
export const audited = (node: string, visit = 1): Happening => ({ type: 'instance.audited', last: { node, visit } });
export const added = (
  node: string,
  items: readonly Json[],
  { closes = false, seen = null as number | null, word = '' } = {},
): Happening => {
  return { type: 'each.added', node, visit: 1, items, closes, seen, ...(word && { word }), by: 'ops' };
};
export const retried = (node: string | null = null, visit = 1): Happening => {
  return { type: 'incident.retried', only: node === null ? null : { node, visit }, by: 'ops' };
};
export const received = (node: string, payload: Json = {}, visit = 1): Happening => {
  return { type: 'message.received', node, visit, message: 'm1', payload };
};
export const done = (node: string, output: JsonObject = {}, visit = 1): Happening => {
  return { type: 'manual.completed', node, visit, output, by: 'ann' };
};
export const childStarted = (node: string, attempt = 1, visit = 1): Happening => {
  return { type: 'call.started', node, visit, attempt, instance: 'child' };
};
export const childEnded = (node: string, result: Json, code: string | null = null, attempt = 1): Happening => {
  const error = code === null ? null : { code, message: 'it did not', permanent: true };
  return { type: 'call.ended', node, visit: 1, attempt, result, error };
};
export const paused: Happening = { type: 'instance.paused', by: 'ops' };
export const resumed: Happening = { type: 'instance.resumed', by: 'ops' };
export const cancelled: Happening = { type: 'instance.cancelled', by: 'ops' };

/**
 * An instance as the shell keeps it: stores every transition, places and numbers dispatches, and hands `advance` only the node
 * instances that it is promised.
 */
export class Bench {
  instance: Instance;
  readonly rows = new Map<string, NodeInstance>();
  readonly vars: Record<string, Json> = {};
  readonly outputs = new Map<string, Json>();
  private at = 1_000;

  constructor(readonly definition: Definition) {
    this.instance = newInstance({
      id: 'i1',
      flow: definition.flow,
      version: definition.version,
      key: null,
      at: this.at,
    });
  }

  row(node: string, visit = 1): NodeInstance | undefined {
    return this.rows.get(`${node}#${visit}`);
  }

  happens(happening: Happening): { ok: true; value: Transition } | { ok: false; error: Rejection } {
    const event = { at: ++this.at, ...happening } as FlowEvent;
    const answer = advance(this.definition, { instance: this.instance, nodes: this.loaded(event) }, event);
    if (answer.ok) this.store(answer.value);
    return answer;
  }

  private loaded(event: FlowEvent): NodeInstance[] {
    const all = [...this.rows.values()];
    const everything =
      event.type === 'instance.cancelled' ||
      event.type === 'instance.audited' ||
      event.type === 'instance.paused' ||
      event.type === 'instance.resumed' ||
      (event.type === 'incident.retried' && event.only === null);
    const ref = 'node' in event ? event : event.type === 'incident.retried' ? event.only : null;
    return all.filter(
      (row) =>
        (row.node === ref?.node && (row.visit === ref.visit || row.visit === undoneVisit(ref.visit))) ||
        ((everything || graphOf(this.definition).needsActive) && isActive(row.status)),
    );
  }

  private store({ instance, instanceChanged, nodes, outputs, vars, effects }: Transition): void {
    expect(instance.seq, 'seq rises exactly when the instance changes').toBe(
      this.instance.seq + Number(instanceChanged),
    );
    if (!instanceChanged) expect(instance).toStrictEqual(this.instance);
    expect(new Set(nodes.map((row) => `${row.node}#${row.visit}`)).size, 'each node instance once').toBe(nodes.length);
    for (const row of nodes) {
      const old = this.row(row.node, row.visit);
      if (old && row.status !== 'compensated')
        expect(isActive(old.status), `${row.node}#${row.visit} is not made twice`).toBe(true);
      const sent = effects.filter((e) => e.type === 'dispatch' && e.node === row.node && e.visit === row.visit);
      const last = sent.at(-1);
      const placed =
        last?.type === 'dispatch' && isActive(row.status)
          ? { queue: instance.status === 'paused' ? null : LANES.normal, wakeAt: this.at + last.delayMs }
          : {};
      this.rows.set(`${row.node}#${row.visit}`, frozen({ ...row, ...placed, dispatch: row.dispatch + sent.length }));
    }
    this.instance = frozen(instance);
    Object.assign(this.vars, vars);
    for (const { node, visit, output } of outputs) this.outputs.set(`${node}#${visit}`, output);
    const rows = [...this.rows.values()];
    expect(instance.active, 'active is exact').toBe(rows.filter((row) => isActive(row.status)).length);
    expect(instance.incidents, 'incidents is exact').toBe(rows.filter((row) => row.status === 'incident').length);
  }
}

/** What is decided from must not be changed by deciding. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

/** Effects as short texts, so that a table row reads as the specification: `a`, `a x2 +5000 retry`, `! a NO_EDGE`. */
export function shown(effect: Effect): string {
  const at = 'node' in effect ? `${effect.node}${effect.visit > 1 ? `#${shownVisit(effect.visit)}` : ''}` : '';
  switch (effect.type) {
    case 'dispatch': {
      const cause = effect.cause === 'entered' || effect.cause === 'timer' ? '' : ` ${effect.cause}`;
      return `${at}${effect.attempt > 1 ? ` x${effect.attempt}` : ''}${effect.delayMs > 0 ? ` +${effect.delayMs}` : ''}${cause}`;
    }
    case 'attempt.ended':
      return `~ ${at} ${effect.how}: ${effect.decision}`;
    case 'incident.raised':
      return `! ${at} ${effect.code}`;
    case 'incident.resolved':
      return `ok ${at} by ${effect.by}`;
    case 'wait.opened':
      return `? ${at} ${effect.name} ${JSON.stringify(effect.match)}`;
    case 'wait.closed':
      return `x ${at}`;
    case 'manual.opened':
      return `@ ${at} ${effect.assignee ?? 'anybody'} ${JSON.stringify(effect.shown)}`;
    case 'manual.closed':
      return `x ${at}`;
    case 'call.abandoned':
      return `- ${at} x${effect.attempt}`;
    case 'message.taken':
      return `took ${effect.message}`;
    case 'instance.ended':
      return `= ${effect.status} ${effect.outcome}`;
  }
}

/** `given(flow).after(started(), completed('a')).when(completed('b')).gives('c')`: the whole list of effects, no more. */
export function given(definition: Definition) {
  return {
    after(...earlier: readonly Happening[]) {
      const bench = new Bench(definition);
      for (const happening of earlier) {
        const answer = bench.happens(happening);
        if (!answer.ok) throw new Error(`Expected ${JSON.stringify(happening)} to apply, but: ${answer.error.message}`);
      }
      return { when: (happening: Happening) => outcomeOf(bench, happening) };
    },
  };
}

function outcomeOf(bench: Bench, happening: Happening) {
  return {
    /** The whole list of effects, in order. */
    gives(...effects: readonly string[]): Bench {
      const answer = bench.happens(happening);
      expect(answer.ok ? answer.value.effects.map(shown) : answer.error).toStrictEqual(effects);
      return bench;
    },
    rejects(reason: RejectionReason): void {
      const answer = bench.happens(happening);
      expect(answer.ok ? answer.value.effects.map(shown) : answer.error.reason).toBe(reason);
    },
    /** The transition itself, for what is no effect. */
    transition(): Transition {
      const answer = bench.happens(happening);
      if (!answer.ok) throw new Error(answer.error.message);
      return answer.value;
    },
  };
}
