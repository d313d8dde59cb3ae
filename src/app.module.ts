import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { BrokerModule } from './broker/broker.module.js';
import { CatalogModule } from './catalog/catalog.module.js';
import { PublishDefinition } from './catalog/publish-definition.js';
import type { Config } from './config/config.js';
import { ConsoleModule } from './console/console.module.js';
import { EngineModule } from './engine/engine.module.js';
import { OrdersBus } from './engine/health/orders/orders-bus.js';
import { HealthBus } from './engine/health/sharing/health-bus.js';
import { Secrets } from './engine/intake/work/order/secrets.js';
import { Broker } from './engine/ports/broker.js';
import type { Checkpoint } from './engine/ports/checkpoint.js';
import { Clock } from './engine/ports/clock.js';
import type { TaskHandler } from './engine/ports/handlers.js';
import { Identity } from './engine/ports/identity.js';
import { Log } from './engine/ports/log.js';
import { type PublishAnswer, Publisher, type PublishOrder } from './engine/ports/publisher.js';
import { EMBEDDED_TUNING, SERVER_TUNING, THREADED_TUNING, type Tuning } from './engine/ports/tuning.js';
import { CustomKinds } from './language/structure/kinds/task/custom/custom-kinds.js';
import { MemoryHealthBus } from './memory/health/memory-health-bus.js';
import { MemoryOrdersBus } from './memory/health/memory-orders-bus.js';
import { MemoryBroker } from './memory/memory-broker.js';
import { SystemClock } from './memory/system-clock.js';
import { loadNodeTypes } from './programs/load-node-types.js';
import { KeptSecrets, type SecretSource } from './programs/process/kept-secrets.js';
import { NodeIdentity } from './programs/process/node-identity.js';
import { PinoLog } from './programs/process/pino-log.js';
import { WRITER_SCRIPT } from './storage/embedded/open.js';
import { StorageModule } from './storage/storage.module.js';
import { HandlerRegistry } from './worker/handler-registry.js';
import { NodeTypes } from './worker/plugins/node-types.js';
import { WorkerModule } from './worker/worker.module.js';

export interface AppOptions {
  /** Modules whose providers have `@Task` methods: the handlers of the application. */
  readonly modules?: NonNullable<ModuleMetadata['imports']>;
  /** Other sizes and intervals than the mode's own; for tests and measurements. */
  readonly tuning?: Partial<Tuning> | undefined;
  /** Kinds of node, made by `defineNodeType`, beside those of plugins in the folder. */
  readonly nodeTypes?: readonly unknown[] | undefined;
  /** Handlers by task name, beside those that providers have. */
  readonly handlers?: Readonly<Record<string, TaskHandler>>;
  /** false: no HTTP API and no console. */
  readonly hasDoors?: boolean;
  /**
   * Whether a thread of its own writes the embedded file, so that statements run beside handlers; left out: the caller's
   * thread does. Of no effect on servers. It runs compiled sources only.
   */
  readonly hasWriter?: boolean;
  readonly log?: Log;
  /** Where secrets come from before the settings are asked. */
  readonly secrets?: SecretSource | undefined;
  /** Hears of every point at which the process could die; for tests that end it there. No setting can bring one. */
  readonly checkpoint?: Checkpoint;
}

/** The only place where adapters meet. Embedded and on servers the same parts are joined; two of them differ. */
@Module({})
export class AppModule {
  static with(config: Config, options: AppOptions = {}): DynamicModule {
    const {
      modules = [],
      handlers = {},
      hasDoors = true,
      nodeTypes,
      tuning,
      log = new PinoLog(config.log),
      hasWriter = false,
      checkpoint,
      secrets,
    } = options;
    const clock = new SystemClock();
    const embedded = config.mode === 'embedded';
    const sizes = {
      ...(!embedded ? SERVER_TUNING : hasWriter ? THREADED_TUNING : EMBEDDED_TUNING),
      watchHealth: config.watchHealth,
      works: config.roles.includes('worker'),
      maintains: config.roles.includes('maintainer'),
      ...(!embedded && { group: config.group }),
      ...tuning,
    };
    const foundation = everywhere({
      module: Foundation,
      providers: [
        { provide: Clock, useValue: clock },
        { provide: Log, useValue: log },
        { provide: Identity, useClass: NodeIdentity },
        { provide: Secrets, useFactory: () => KeptSecrets.of(config, secrets) },
      ],
      exports: [Clock, Log, Identity, Secrets],
    });
    const broker = embedded
      ? {
          module: EmbeddedBroker,
          providers: [
            { provide: Broker, useValue: new MemoryBroker(clock) },
            { provide: HealthBus, useValue: new MemoryHealthBus() },
            { provide: OrdersBus, useValue: new MemoryOrdersBus() },
          ],
          exports: [Broker, HealthBus, OrdersBus],
        }
      : BrokerModule.with(config, log);
    return {
      module: AppModule,
      imports: [
        foundation,
        everywhere(broker),
        everywhere(
          StorageModule.with(config, clock, log, checkpoint, hasWriter ? { script: WRITER_SCRIPT } : undefined),
        ),
        everywhere({
          module: Plugins,
          providers: [
            { provide: NodeTypes, useFactory: () => loadNodeTypes({ folder: config.plugins, types: nodeTypes }) },
            { provide: CustomKinds, inject: [NodeTypes], useFactory: ({ kinds }: NodeTypes) => kinds },
          ],
          exports: [NodeTypes, CustomKinds],
        }),
        everywhere(CatalogModule.with({ folder: config.definitions })),
        everywhere({
          module: Publishing,
          providers: [{ provide: Publisher, inject: [PublishDefinition], useFactory: publisherOf }],
          exports: [Publisher],
        }),
        everywhere(WorkerModule.with({ httpAllow: config.httpAllow })),
        {
          module: OwnHandlers,
          providers: [
            {
              provide: OWN_HANDLERS,
              inject: [NodeTypes, HandlerRegistry],
              useFactory: (types: NodeTypes, registry: HandlerRegistry) => register(types, handlers, registry),
            },
          ],
        },
        everywhere(EngineModule.using({ tuning: sizes, checkpoint })),
        ...(hasDoors ? [ConsoleModule.with(config)] : []),
        ...modules,
      ],
    };
  }
}

@Module({})
class Foundation {}

@Module({})
class EmbeddedBroker {}

@Module({})
class Publishing {}

@Module({})
class Plugins {}

@Module({})
class OwnHandlers {}

const OWN_HANDLERS = Symbol('handlers that no provider has');

/** What does the work of kinds of node is a handler like any other. */
const register = (
  types: NodeTypes,
  own: Readonly<Record<string, TaskHandler>>,
  registry: HandlerRegistry,
): HandlerRegistry => {
  for (const [name, handler] of Object.entries(own)) registry.register(name, handler, `handlers["${name}"]`);
  for (const { name, handler, place } of types.handlers()) registry.register(name, handler, place);
  return registry;
};

/** The catalog's use case behind the port that the doors know. */
const publisherOf = (publish: PublishDefinition): Publisher => ({
  async execute(order: PublishOrder): Promise<PublishAnswer> {
    const { version, ...rest } = order;
    const answer = await publish.execute({ ...rest, ...(version !== undefined && { version }) });
    if (answer.published) return answer;
    return { flow: answer.flow, version: null, created: false, problems: answer.problems };
  },
  check: (order) => publish.check(order),
});

/** Ports are visible to every module, those of the application's handlers too. */
const everywhere = (module: DynamicModule): DynamicModule => ({ ...module, global: true });
