import type { Instance } from '../../src/core/flow/instance.js';
import { Engine } from '../../src/engine/engine.js';
import { Catalog, type Published } from '../../src/engine/ports/catalog.js';
import type { TaskHandler } from '../../src/engine/ports/handlers.js';
import { Log } from '../../src/engine/ports/log.js';
import { EMBEDDED_TUNING, type Tuning } from '../../src/engine/ports/tuning.js';
import { compilePlayChecks } from '../../src/language/expression/plays/compile-play-checks.js';
import { compileFormChecks, compileInputCheck } from '../../src/language/input-schema.js';
import { readDefinition } from '../../src/language/read-definition.js';
import { MemoryLimitStore } from '../../src/memory/health/memory-limit-store.js';
import { MemoryBroker } from '../../src/memory/memory-broker.js';
import { MemoryStore } from '../../src/memory/memory-store.js';
import { MemoryRows } from '../../src/memory/memory-store-rows.js';
import { MemoryViews } from '../../src/memory/memory-store-views.js';
import { SystemClock } from '../../src/memory/system-clock.js';
import { KeptSecrets } from '../../src/programs/process/kept-secrets.js';
import { NodeIdentity } from '../../src/programs/process/node-identity.js';
import { HandlerRegistry } from '../../src/worker/handler-registry.js';
import { InProcessAttemptRunner } from '../../src/worker/in-process-attempt-runner.js';

export class KeptLog extends Log {
  readonly errors: string[] = [];
  override info(): void {}
  override warn(): void {}
  override error(message: string): void {
    this.errors.push(message);
  }
}

/** Definitions that a test publishes when it wants to. */
export class LateCatalog extends Catalog {
  private readonly published = new Map<string, Published>();

  publish(source: string, version = 1): void {
    const { definition, problems } = readDefinition(source, 'test.flow.yaml');
    if (!definition) throw new Error(problems.map(({ message }) => message).join('\n'));
    const { flow, input } = definition;
    const checkInput = input === null ? () => [] : compileInputCheck(input);
    const checks = { checkInput, ...compileFormChecks(definition), ...compilePlayChecks(definition) };
    this.published.set(flow, { definition: { ...definition, version }, ...checks });
  }

  override async get(flow: string): Promise<Published | null> {
    return this.cached(flow) ?? null;
  }

  override cached(flow: string): Published | undefined {
    return this.published.get(flow);
  }
}

/** A store, a broker and as many engines on them, one after another, as a test wants. */
export class EngineBench {
  readonly clock = new SystemClock();
  readonly rows = new MemoryRows(this.clock);
  readonly store = new MemoryStore(this.rows);
  readonly views = new MemoryViews(this.rows);
  readonly broker: MemoryBroker = new MemoryBroker(this.clock);
  readonly catalog = new LateCatalog();
  readonly handlers = new HandlerRegistry();
  readonly log = new KeptLog();
  /** What engines of the bench have, by name. */
  readonly secrets: Record<string, string> = {};
  private readonly limits = new MemoryLimitStore(this.clock);
  private readonly engines: Engine[] = [];

  constructor(handlers: Readonly<Record<string, TaskHandler>> = {}, ...sources: readonly string[]) {
    for (const [name, handler] of Object.entries(handlers)) this.handlers.register(name, handler);
    for (const source of sources) this.catalog.publish(source);
  }

  /** An engine that stops at once when it is told to, and leaves what is in the broker to the broker. */
  async engine(tuning: Partial<Tuning> = {}): Promise<Engine> {
    const { clock, store, views, limits, broker, catalog, handlers, log } = this;
    const runner = new InProcessAttemptRunner(clock, log);
    const sizes = { ...EMBEDDED_TUNING, drainMs: 1, abortMs: 50, sweepQuietMs: 60_000, ...tuning };
    const secrets = KeptSecrets.of({ secretsDir: null, secrets: this.secrets });
    const parts = { store, views, limits, broker, catalog, handlers, runner, secrets, clock, log };
    const engine = new Engine({ ...parts, identity: new NodeIdentity(), tuning: sizes });
    this.engines.push(engine);
    await engine.start();
    return engine;
  }

  async start(engine: Engine, flow: string, input: object = {}): Promise<string> {
    const answer = await engine.startInstance.execute({ flow, input });
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value.id;
  }

  async instance(id: string): Promise<Instance | undefined> {
    return (await this.views.states([id])).items[0]?.instance;
  }

  async end(): Promise<void> {
    for (const engine of this.engines) await engine.stop();
    await this.broker.close();
  }
}

/** Asks till the answer is there. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 5_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`Expected ${what} within ${withinMs} ms, but it did not happen.`);
    await new Promise((wake) => setTimeout(wake, 5));
  }
}
