import type { Definition } from './core/definition/definition.js';
import { isOver } from './core/flow/instance.js';
import type { JsonObject } from './core/json.js';
import { Engine } from './engine/engine.js';
import type { Published } from './engine/ports/catalog.js';
import { Catalog } from './engine/ports/catalog.js';
import type { TaskHandler } from './engine/ports/handlers.js';
import { EMBEDDED_TUNING } from './engine/ports/tuning.js';
import type { InstanceView } from './engine/ports/views.js';
import { compileInputCheck } from './language/input-schema.js';
import { MemoryBroker } from './memory/memory-broker.js';
import { MemoryStore } from './memory/memory-store.js';
import { MemoryRows } from './memory/memory-store-rows.js';
import { MemoryViews } from './memory/memory-store-views.js';
import { SystemClock } from './memory/system-clock.js';
import { VirtualClock } from './memory/virtual-clock.js';
import { NodeIdentity } from './runtime/node-identity.js';
import { PinoLog } from './runtime/pino-log.js';
import { log } from './worker/built-in/log.js';
import { sleepOn } from './worker/built-in/sleep.js';
import { HandlerRegistry } from './worker/handler-registry.js';
import { InProcessAttemptRunner } from './worker/in-process-attempt-runner.js';

/** What needs no handler of the caller's. */
export const BUILT_IN: readonly string[] = ['log', 'sleep'];
/** Virtual time that a run may take: longer than any timer can be. */
const LONGEST_MS = 400 * 24 * 3_600_000;
/** The engine's loops only repair, and there is nothing to repair here: they need not run often in virtual time. */
const RARELY_MS = 600_000;
/** Turns of the event loop in which everything that needs no time has happened. */
const TURNS = 10;
const LOOK_MS = 20;

export interface RunOrder {
  readonly input: JsonObject;
  readonly handlers: ReadonlyMap<string, TaskHandler>;
  /** Waiting takes no time: the clock jumps from one event to the next. */
  readonly virtual: boolean;
}

export type RunAnswer =
  | { readonly ran: true; readonly view: InstanceView; readonly tookMs: number }
  | { readonly ran: false; readonly message: string };

/** Runs one definition to its end, or until only incidents are left, in this process alone: the real engine on memory. */
export async function runInMemory(definition: Definition, { input, handlers, virtual }: RunOrder): Promise<RunAnswer> {
  const clock = virtual ? new VirtualClock() : new SystemClock();
  const rows = new MemoryRows(clock);
  const views = new MemoryViews(rows);
  const registry = new HandlerRegistry();
  const builtIn = { log, sleep: sleepOn(clock) };
  for (const [name, handler] of Object.entries(builtIn)) if (!handlers.has(name)) registry.register(name, handler);
  for (const [name, handler] of handlers) registry.register(name, handler);
  const lines = new PinoLog('error');
  const engine = new Engine({
    store: new MemoryStore(rows),
    views,
    broker: new MemoryBroker(clock),
    catalog: new SingleCatalog({ ...definition, version: Math.max(1, definition.version) }),
    handlers: registry,
    runner: new InProcessAttemptRunner(clock, lines),
    clock,
    identity: new NodeIdentity(),
    log: lines,
    tuning: {
      ...EMBEDDED_TUNING,
      ...(virtual
        ? {
            sweepEveryMs: RARELY_MS,
            timerEveryMs: RARELY_MS,
            healEveryMs: RARELY_MS,
            auditEveryMs: RARELY_MS,
            holdMs: RARELY_MS,
          }
        : {}),
    },
  });
  await engine.start();
  const startedAt = clock.now();
  const answer = await engine.startInstance.execute({ flow: definition.flow, input });
  if (!answer.ok) return { ran: false, message: answer.error.message };
  const { id } = answer.value;
  while (!(await settled(views, id))) {
    if (clock.now() - startedAt > LONGEST_MS)
      return { ran: false, message: 'Expected the flow to end within 400 days, but it did not.' };
    if (!(clock instanceof VirtualClock)) await new Promise((wake) => setTimeout(wake, LOOK_MS));
    else clock.runNext();
  }
  const view = await views.instance(id);
  if (!view) throw new Error(`Expected the instance ${id} to be there, but it is not.`);
  return { ran: true, view, tookMs: clock.now() - startedAt };
}

/** Over, or at a standstill: every active node is an incident. */
async function settled(views: MemoryViews, id: string): Promise<boolean> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((wake) => setImmediate(wake));
  const instance = (await views.states([id])).items[0]?.instance;
  return instance !== undefined && (isOver(instance.status) || instance.active === instance.incidents);
}

/** The one definition that is run, under whatever version it is asked for. */
class SingleCatalog extends Catalog {
  private readonly published: Published;

  constructor(definition: Definition) {
    super();
    const checkInput = definition.input === null ? () => [] : compileInputCheck(definition.input);
    this.published = { definition, checkInput };
  }

  override async get(flow: string): Promise<Published | null> {
    return this.cached(flow) ?? null;
  }

  override cached(flow: string): Published | undefined {
    return flow === this.published.definition.flow ? this.published : undefined;
  }
}
