import { Engine } from '../../src/engine/engine.js';
import { Catalog, type Published } from '../../src/engine/ports/catalog.js';
import type { TaskHandler } from '../../src/engine/ports/handlers.js';
import { EMBEDDED_TUNING } from '../../src/engine/ports/tuning.js';
import type { InstanceView, NodeView } from '../../src/engine/ports/views.js';
import { readDefinition } from '../../src/language/read-definition.js';
import { MemoryLimitStore } from '../../src/memory/health/memory-limit-store.js';
import { MemoryBroker } from '../../src/memory/memory-broker.js';
import { MemoryStore } from '../../src/memory/memory-store.js';
import { MemoryRows } from '../../src/memory/memory-store-rows.js';
import { MemoryViews } from '../../src/memory/memory-store-views.js';
import { VirtualClock } from '../../src/memory/virtual-clock.js';
import { NodeIdentity } from '../../src/programs/process/node-identity.js';
import { HandlerRegistry } from '../../src/worker/handler-registry.js';
import { InProcessAttemptRunner } from '../../src/worker/in-process-attempt-runner.js';
import { KeptLog } from './bench.js';

const PAYING = `
flow: paying
nodes:
  begin: { start: true }
  pay: { task: bank.pay, circuit: { by: input.bank }, retry: { remote: [5s], max: 50 } }
  done: { end: paid }
edges:
  - begin -> pay -> done
`;

/** One handler, a bank per message, and time that a test moves. */
export class Partners {
  readonly clock = new VirtualClock();
  readonly broker = new MemoryBroker(this.clock);
  readonly engine: Engine;
  /** Calls by bank. */
  readonly calls = new Map<string, number>();
  readonly down = new Set<string>();
  answersAfterMs = 0;
  private readonly views: MemoryViews;

  constructor(more: Partial<{ readonly handler: TaskHandler; readonly source: string }> = {}) {
    const rows = new MemoryRows(this.clock);
    const log = new KeptLog();
    const handlers = new HandlerRegistry();
    handlers.register(
      'bank.pay',
      more.handler ?? ((input) => this.pay(String((input['input'] as { bank: unknown }).bank))),
    );
    this.views = new MemoryViews(rows);
    this.engine = new Engine({
      store: new MemoryStore(rows),
      views: this.views,
      limits: new MemoryLimitStore(this.clock),
      broker: this.broker,
      catalog: new OneFlow(more.source ?? PAYING),
      handlers,
      runner: new InProcessAttemptRunner(this.clock, log),
      clock: this.clock,
      identity: new NodeIdentity(),
      log,
      tuning: { ...EMBEDDED_TUNING, watchHealth: true, prefetch: { ...EMBEDDED_TUNING.prefetch, normal: 300 } },
    });
  }

  private async pay(bank: string): Promise<object> {
    this.calls.set(bank, (this.calls.get(bank) ?? 0) + 1);
    const { answersAfterMs } = this;
    if (answersAfterMs > 0) await new Promise<void>((wake) => this.clock.schedule(answersAfterMs, wake));
    if (this.down.has(bank)) throw new Error(`${bank} does not answer`);
    return { bank };
  }

  async start(bank: string): Promise<string> {
    const answer = await this.engine.startInstance.execute({ flow: 'paying', input: { bank } });
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value.id;
  }

  /** Moves time on, in steps in which everything that needs no time happens. */
  async pass(ms: number): Promise<void> {
    for (const until = this.clock.now() + ms; ; ) {
      for (let turn = 0; turn < 10; turn++) await new Promise((wake) => setImmediate(wake));
      const next = this.clock.nextAt();
      if (next === null || next > until) return this.clock.advance(until - this.clock.now());
      this.clock.runNext();
    }
  }

  async show(id: string): Promise<Pick<InstanceView['instance'], 'status' | 'outcome'> & { readonly pay: NodeView }> {
    const { instance, nodes } = await this.drawn(id);
    const { status, outcome } = instance;
    return { status, outcome, pay: nodes.find(({ node }) => node === 'pay') as NodeView };
  }

  async drawn(id: string): Promise<InstanceView> {
    return (await this.views.instance(id)) as InstanceView;
  }

  async attemptsOf(id: string): Promise<InstanceView['attempts']> {
    return ((await this.views.instance(id)) as InstanceView).attempts;
  }

  stateOf(subject: string): string | undefined {
    return this.engine.router.health.subjects.get(subject)?.circuit.state;
  }
}

class OneFlow extends Catalog {
  private readonly published: Published;

  constructor(source: string) {
    super();
    const { definition } = readDefinition(source, 'paying.flow.yaml');
    if (!definition) throw new Error('Expected a sound flow.');
    this.published = { definition: { ...definition, version: 1 }, checkInput: () => [] };
  }

  override async get(): Promise<Published> {
    return this.published;
  }

  override cached(): Published {
    return this.published;
  }
}
