import { isOver } from '../../src/core/flow/instance.js';
import { Mask } from '../../src/core/safe/mask.js';
import type { Happened } from '../../src/core/testing/flow-test.js';
import { judge } from '../../src/core/testing/judge.js';
import { Engine } from '../../src/engine/engine.js';
import { mockHandler } from '../../src/engine/intake/work/mock-handlers.js';
import type { Broker } from '../../src/engine/ports/broker.js';
import { Catalog, type Published } from '../../src/engine/ports/catalog.js';
import type { TaskHandler } from '../../src/engine/ports/handlers.js';
import { EMBEDDED_TUNING } from '../../src/engine/ports/tuning.js';
import type { InstanceView } from '../../src/engine/ports/views.js';
import { compilePlayChecks } from '../../src/language/expression/plays/compile-play-checks.js';
import { compileFormChecks, compileInputCheck } from '../../src/language/input-schema.js';
import type { PlacedCase } from '../../src/language/testing/read-flow-test.js';
import { SystemClock } from '../../src/memory/system-clock.js';
import { happenedIn } from '../../src/programs/in-memory/happened-in.js';
import { openCircuits } from '../../src/programs/in-memory/open-circuits.js';
import { Operator } from '../../src/programs/in-memory/operator.js';
import { KeptSecrets } from '../../src/programs/process/kept-secrets.js';
import { NodeIdentity } from '../../src/programs/process/node-identity.js';
import { HandlerRegistry } from '../../src/worker/handler-registry.js';
import { InProcessAttemptRunner } from '../../src/worker/in-process-attempt-runner.js';
import type { Opened } from '../contract/store/opened.js';
import { KeptLog } from '../engine/bench.js';
import type { Pattern } from './patterns.js';

const WITHIN_MS = 15_000;

/** Many flows at once on one engine, in real time: on whatever store and broker it is given. */
export class RealEngine {
  private readonly clock = new SystemClock();
  private readonly calls = new Map<string, Happened['calls'][number][]>();
  private readonly mocks = new Map<string, ReadonlyMap<string, TaskHandler>>();
  private readonly catalog: Catalog;
  private readonly secrets: Readonly<Record<string, string>>;
  private readonly engine: Engine;

  constructor(
    private readonly opened: Opened,
    private readonly broker: Broker,
    private readonly flows: readonly Pattern[],
  ) {
    const log = new KeptLog();
    this.secrets = Object.assign({}, ...flows.flatMap(({ cases }) => cases.map(({ secrets }) => secrets ?? {})));
    this.catalog = new Flows(flows);
    this.engine = new Engine({
      ...opened,
      broker,
      catalog: this.catalog,
      handlers: this.handlers(),
      secrets: KeptSecrets.of({ secretsDir: null, secrets: this.secrets }),
      runner: new InProcessAttemptRunner(this.clock, log),
      clock: this.clock,
      identity: new NodeIdentity(),
      log,
      tuning: { ...EMBEDDED_TUNING, timerEveryMs: 50, drainMs: 100, abortMs: 100 },
    });
  }

  start(): Promise<void> {
    return this.engine.start();
  }

  async stop(): Promise<void> {
    await this.engine.stop();
    await this.broker.close();
    await this.opened.close();
  }

  /** Everything of a case that did not happen as expected; how long it took is the machine's. */
  async judge({ definition }: Pattern, one: PlacedCase): Promise<readonly string[]> {
    const key = one.name;
    const mocks = Object.entries(one.mocks).map(([name, answer]) => [name, mockHandler(answer, this.clock)] as const);
    this.mocks.set(`${definition.flow} ${key}`, new Map(mocks));
    const input = { ...one.input, $case: key };
    openCircuits(this.engine.router.health, one.circuits, this.clock);
    const answer = await this.engine.startInstance.execute({ flow: definition.flow, input });
    if (!answer.ok) return [answer.error.message];
    const { id } = answer.value;
    const operator = new Operator(this.engine, { views: this.opened.views, catalog: this.catalog }, id, 'the test');
    for (const act of one.acts) operator.plan(act, this.clock);
    const end = performance.now() + WITHIN_MS;
    let view = await this.opened.views.instance(id);
    while (!view || !isAtRest(view) || operator.planned > 0) {
      if (performance.now() > end) return [`Expected an end within ${WITHIN_MS} ms, but there was none.`];
      await new Promise((wake) => setTimeout(wake, 20));
      view = await this.opened.views.instance(id);
    }
    const entered = view.nodes.toSorted((a, b) => a.startedAt - b.startedAt || a.via.length - b.via.length);
    const names = entered.map(({ node, visit }) => `${node}#${visit}`);
    const happened = happenedIn(definition, view, names, this.calls.get(id) ?? [], 0);
    const { took: _took, path, ...expected } = one.expect;
    // Rows of one millisecond have no order in a database, so of a path only its nodes are compared.
    const went = happened.nodes.map(({ node }) => node).sort();
    const wrongPath = path && JSON.stringify(went) !== JSON.stringify([...path].sort());
    return [...judge(expected, happened).map(({ message }) => message), ...(wrongPath ? [`went ${went.join()}`] : [])];
  }

  private handlers(): HandlerRegistry {
    const registry = new HandlerRegistry();
    const mask = Mask.byName(this.secrets);
    const names = new Set(this.flows.flatMap(({ cases }) => cases.flatMap(({ mocks }) => Object.keys(mocks))));
    for (const name of [...names].filter((one) => one.includes('.'))) {
      registry.register(name, async (input, context) => {
        const made = this.calls.get(context.instance) ?? [];
        this.calls.set(context.instance, [...made, { handler: name, node: context.node, input: mask.json(input) }]);
        const view = await this.opened.views.instance(context.instance);
        const mocks = this.mocks.get(`${context.flow} ${String(view?.input['$case'])}`);
        const mock = mocks?.get(context.node) ?? mocks?.get(name);
        return mock?.(input, context);
      });
    }
    return registry;
  }
}

/** Over, or every active node is an incident: by one reading of it. */
const isAtRest = ({ instance }: InstanceView): boolean =>
  isOver(instance.status) || instance.active === instance.incidents;

class Flows extends Catalog {
  private readonly published: ReadonlyMap<string, Published>;

  constructor(flows: readonly Pattern[]) {
    super();
    this.published = new Map(
      flows.map(({ definition }) => {
        const checkInput = definition.input === null ? () => [] : compileInputCheck(definition.input);
        return [
          definition.flow,
          {
            definition: { ...definition, version: 1 },
            checkInput,
            ...compileFormChecks(definition),
            ...compilePlayChecks(definition),
          },
        ];
      }),
    );
  }

  override async get(flow: string): Promise<Published | null> {
    return this.cached(flow) ?? null;
  }

  override cached(flow: string): Published | undefined {
    return this.published.get(flow);
  }
}
