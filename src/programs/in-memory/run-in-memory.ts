import type { Definition } from '../../core/definition/definition.js';
import { isActive, isOver, type NodeInstance } from '../../core/flow/instance.js';
import type { JsonObject } from '../../core/json.js';
import { Mask } from '../../core/safe/mask.js';
import type { Act, FlowTestCase, Happened } from '../../core/testing/flow-test.js';
import { Engine } from '../../engine/engine.js';
import type { Clock } from '../../engine/ports/clock.js';
import type { TaskHandler } from '../../engine/ports/handlers.js';
import type { Store } from '../../engine/ports/store.js';
import { EMBEDDED_TUNING, type Tuning } from '../../engine/ports/tuning.js';
import type { InstanceView, Views } from '../../engine/ports/views.js';
import { MemoryLimitStore } from '../../memory/health/memory-limit-store.js';
import { MemoryBroker } from '../../memory/memory-broker.js';
import { MemoryStore } from '../../memory/memory-store.js';
import { MemoryRows } from '../../memory/memory-store-rows.js';
import { MemoryViews } from '../../memory/memory-store-views.js';
import { SystemClock } from '../../memory/system-clock.js';
import { VirtualClock } from '../../memory/virtual-clock.js';
import { log } from '../../worker/built-in/log.js';
import { sleepOn } from '../../worker/built-in/sleep.js';
import { HandlerRegistry } from '../../worker/handler-registry.js';
import { InProcessAttemptRunner } from '../../worker/in-process-attempt-runner.js';
import { KeptSecrets } from '../process/kept-secrets.js';
import { NodeIdentity } from '../process/node-identity.js';
import { PinoLog } from '../process/pino-log.js';
import { happenedIn } from './happened-in.js';
import { openCircuits } from './open-circuits.js';
import { Operator } from './operator.js';
import { SingleCatalog } from './single-catalog.js';
import { type Stage, startByTrigger, type TriggerOrder } from './start-by-trigger.js';

/** What needs no handler of the caller's. */
export const BUILT_IN: readonly string[] = ['log', 'sleep'];
/** Virtual time that a run may take: longer than any timer can be. */
const LONGEST_MS = 11 * 365 * 24 * 3_600_000;
/** The engine's loops only repair, and there is nothing to repair here: they need not run often in virtual time. */
const RARELY_MS = 24 * 3_600_000;
const VIRTUAL_TUNING: Tuning = {
  ...EMBEDDED_TUNING,
  // Every loop there is: one that is forgotten here makes a run of a month take minutes.
  ...Object.fromEntries(
    Object.keys(EMBEDDED_TUNING)
      .filter((name) => name.endsWith('EveryMs'))
      .map((name) => [name, RARELY_MS]),
  ),
  holdMs: RARELY_MS,
  leaseMs: RARELY_MS,
  leaseEveryMs: RARELY_MS,
  watchHealth: false,
};
/** Turns of the event loop in which everything that needs no time has happened. */
const TURNS = 10;
const LOOK_MS = 20;
const BY = 'the run in memory';

export interface RunOrder {
  readonly input: JsonObject;
  /** Made for each run, on its clock. */
  readonly handlers: (clock: Clock) => ReadonlyMap<string, TaskHandler>;
  /** Waiting takes no time: the clock jumps from one event to the next. */
  readonly virtual: boolean;
  /** When virtual time begins: milliseconds since the epoch. */
  readonly startAt?: number | undefined;
  /** What tasks are given, by name; in calls that are looked at, `secret.NAME` stands in their place. */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  /** What a play has configured; for a flow that says `play`. */
  readonly play?: JsonObject | null;
  /** What starts it instead: a message that a trigger hears, or its clock. On virtual time alone. */
  readonly by?: TriggerOrder | null;
  /** What an operator does meanwhile; a run does not end before. */
  readonly acts?: readonly Act[];
  /** By subject, how long its circuit is open from the start, in milliseconds. */
  readonly circuits?: FlowTestCase['circuits'] | undefined;
}

export type RunAnswer =
  | { readonly ran: true; readonly view: InstanceView; readonly happened: Happened; readonly tookMs: number }
  /** `nothing`: what was to start it has started nothing. */
  | { readonly ran: false; readonly message: string; readonly nothing?: true };

/**
 * Runs one definition to its end, or until nothing but incidents and waits for messages is left, in this process alone:
 * the real engine on memory.
 */
export async function runInMemory(definition: Definition, order: RunOrder): Promise<RunAnswer> {
  const clock = order.virtual ? new VirtualClock(order.startAt) : new SystemClock();
  const calls: Happened['calls'][number][] = [];
  const rows = new MemoryRows(clock);
  const views = new MemoryViews(rows);
  const lines = new PinoLog('error');
  const catalog = new SingleCatalog({ ...definition, version: Math.max(1, definition.version) });
  const store = new MemoryStore(rows);
  const engine = new Engine({
    store,
    views,
    limits: new MemoryLimitStore(clock),
    broker: new MemoryBroker(clock, ...(order.virtual ? [LONGEST_MS] : [])),
    catalog,
    handlers: registered(order.handlers(clock), clock, calls, Mask.byName(order.secrets ?? {})),
    secrets: KeptSecrets.of({ secretsDir: null, secrets: order.secrets ?? {} }),
    runner: new InProcessAttemptRunner(clock, lines),
    clock,
    identity: new NodeIdentity(),
    log: lines,
    tuning: order.virtual ? VIRTUAL_TUNING : EMBEDDED_TUNING,
  });
  await engine.start();
  openCircuits(engine.router.health, order.circuits ?? {}, clock);
  const begun = await begin(engine, store, definition.flow, order, {
    async jump() {
      await turns();
      if (clock instanceof VirtualClock) clock.advance(engine.beside.ticks.soonMs() ?? 0);
      await turns();
    },
    started: () => [...rows.instances.keys()][0],
  });
  if ('message' in begun) return { ran: false, ...begun };
  const { id } = begun;
  const startedAt = clock.now();
  const operator = new Operator(engine, { views, catalog }, id, BY);
  for (const act of order.acts ?? []) operator.plan(act, clock);
  while (!(await settled(views, id)) || operator.planned > 0) {
    if (clock.now() - startedAt > LONGEST_MS)
      return { ran: false, message: 'Expected the flow to end within eleven years, but it did not.' };
    if (!(clock instanceof VirtualClock)) await new Promise((wake) => setTimeout(wake, LOOK_MS));
    else clock.runNext();
  }
  const refused = operator.refused[0];
  if (refused !== undefined) return { ran: false, message: refused };
  const view = await views.instance(id);
  if (!view) throw new Error(`Expected the instance ${id} to be there, but it is not.`);
  const tookMs = (view.instance.endedAt ?? clock.now()) - startedAt;
  const entered = rows.entriesOf(id).map(({ node }) => `${node.node}#${node.visit}`);
  return { ran: true, view, tookMs, happened: happenedIn(definition, view, entered, calls, tookMs) };
}

/** Starts it, or lets a trigger do so. */
async function begin(
  engine: Engine,
  store: Store,
  flow: string,
  { input, play = null, by }: RunOrder,
  stage: Pick<Stage, 'jump' | 'started'>,
): Promise<{ readonly id: string } | { readonly message: string; readonly nothing?: true }> {
  if (by) {
    const id = await startByTrigger(by, { engine, store, flow, params: play, ...stage });
    if (id !== null) return { id };
    await engine.beside.tellCounts();
    const why = (await store.triggers.counts()).find(({ trigger }) => trigger === by.trigger.code);
    const told = why?.failed ? 'what came is in the quarantine' : 'it passed';
    return { message: `Expected the trigger '${by.trigger.code}' to start something, but ${told}.`, nothing: true };
  }
  const pinned = play ? { pinned: { code: 'here', revision: 1, params: play } } : {};
  const answer = await engine.startInstance.execute({ flow, input, ...pinned });
  return answer.ok ? { id: answer.value.id } : { message: answer.error.message };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((wake) => setImmediate(wake));
}

async function settled(views: Views, id: string): Promise<boolean> {
  await turns();
  return settledIn(views, id);
}

/** Over, an incident, or waiting for a message or a person, and nobody comes by here. */
const standsStill = ({ status, wakeAt }: NodeInstance): boolean =>
  !isActive(status) || status === 'incident' || (status === 'waiting' && wakeAt === null);

/** Over, or at a standstill: nothing brings it on. */
async function settledIn(views: Views, id: string): Promise<boolean> {
  const state = (await views.states([id])).items[0];
  return state !== undefined && (isOver(state.instance.status) || state.nodes.every(standsStill));
}

/** The handlers of the run and the built-in ones, with every call of the flow's own noted. */
function registered(
  handlers: ReadonlyMap<string, TaskHandler>,
  clock: Clock,
  calls: Happened['calls'][number][],
  mask: Mask,
): HandlerRegistry {
  const registry = new HandlerRegistry();
  const all = new Map<string, TaskHandler>([['log', log], ['sleep', sleepOn(clock)], ...handlers]);
  for (const [name, handler] of all) {
    registry.register(name, (input, context) => {
      calls.push({ handler: name, node: context.node, input: mask.json(input) });
      return handler(input, context);
    });
  }
  return registry;
}
