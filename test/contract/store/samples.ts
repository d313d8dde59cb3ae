import { v7 as uuidv7 } from 'uuid';
import type { Instance, NodeInstance } from '../../../src/core/flow/instance.js';
import type { JsonObject } from '../../../src/core/json.js';
import type { Changes, Locked, StartCandidate, Store } from '../../../src/engine/ports/store.js';

export function instance(id: string, more: Partial<Instance> = {}): Instance {
  return {
    id,
    flow: 'loan',
    version: 1,
    key: null,
    status: 'running',
    seq: 1,
    active: 1,
    incidents: 0,
    outcome: null,
    state: { arrivals: {}, absorbing: {}, visits: {}, facts: {} },
    startedAt: 1000,
    endedAt: null,
    ...more,
  };
}

export function node(name: string, more: Partial<NodeInstance> = {}): NodeInstance {
  return {
    node: name,
    visit: 1,
    status: 'ready',
    attempt: 1,
    dispatch: 1,
    lane: 'normal',
    queue: 2,
    wakeAt: 1000,
    reason: 'default',
    polls: 0,
    via: [],
    cause: null,
    startedAt: 1000,
    endedAt: null,
    error: null,
    ...more,
  };
}

export const done = (one: NodeInstance, at = 2000): NodeInstance => ({
  ...one,
  status: 'done',
  queue: null,
  wakeAt: null,
  endedAt: at,
});

export function changes(of: Instance, more: Partial<Changes> = {}): Changes {
  return {
    instance: of,
    instanceChanged: false,
    nodes: [],
    outputs: [],
    vars: {},
    attempts: [],
    raised: [],
    resolved: [],
    ended: false,
    ...more,
  };
}

export interface Wish {
  readonly flow?: string;
  readonly key?: string | null;
  readonly receipt?: string | null;
  readonly input?: JsonObject;
  readonly play?: string;
  readonly nodes?: readonly NodeInstance[];
  readonly more?: Partial<Instance>;
}

export function candidate(wish: Wish = {}): StartCandidate {
  const id = uuidv7();
  const { play } = wish;
  const { flow = 'loan', key = null, receipt = null, input = {}, nodes = [node('first')], more = {} } = wish;
  return {
    id,
    flow,
    key,
    receipt,
    input,
    ...(play !== undefined && { play }),
    decide: (now) => changes(instance(id, { flow, key, startedAt: now, ...more }), { instanceChanged: true, nodes }),
  };
}

/** Starts one instance and answers its id. */
export async function started(store: Store, wish: Wish = {}): Promise<string> {
  const [answer] = await store.start([candidate(wish)]);
  if (answer === undefined || answer.duplicate) throw new Error('Expected a new instance, but it is a duplicate.');
  return answer.id;
}

/** Applies one decision to one instance, with the named node rows of visit 1. */
export async function change(
  store: Store,
  id: string,
  names: readonly string[],
  decide: (locked: Locked, now: number) => Changes,
): Promise<void> {
  const { skipped } = await store.apply({
    wanted: new Map([[id, names.map((name) => ({ node: name, visit: 1 }))]]),
    wantsActive: () => false,
    decide: (locked, now) => locked.map((one) => decide(one, now)),
  });
  if (skipped.length > 0) throw new Error(`Expected ${id} to be free, but it was skipped.`);
}
