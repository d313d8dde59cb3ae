import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import type { Config } from '../config/config.js';
import { parseConfig } from '../config/parse-config.js';
import { Engine } from '../engine/engine.js';
import type { TaskHandler } from '../engine/ports/handlers.js';
import { Log } from '../engine/ports/log.js';
import { Publisher } from '../engine/ports/publisher.js';
import { Views } from '../engine/ports/views.js';
import type { SecretSource } from '../programs/process/kept-secrets.js';
import { type PreparedEngine, prepareEngine } from '../programs/start-engine.js';
import { Sluice } from './sluice.js';

/** What an application says; the settings of docs/configuration.md have the same meaning and the same defaults. */
export interface SluiceOptions {
  /** Folder of `*.flow.yaml`. Default `definitions`. */
  readonly definitions?: string;
  /** Folder of the embedded file. Default `.sluice`. */
  readonly data?: string;
  /** `mysql://…`; with `brokerUrl` it runs on servers, without both embedded. */
  readonly databaseUrl?: string;
  readonly brokerUrl?: string;
  /** true: the MySQL schema is migrated at start. An embedded file always is. */
  readonly migrate?: boolean;
  /** Folder of plugins. Default `plugins`, if there is one. */
  readonly plugins?: string;
  /** Kinds of node, made by `defineNodeType`. */
  readonly nodeTypes?: readonly unknown[];
  /** Handlers by task name, beside `@Task` methods of providers. */
  readonly handlers?: Readonly<Record<string, TaskHandler>>;
  /** Gives a secret by its name, or `null`; asked before every attempt that needs one, and before the settings are. */
  readonly secrets?: SecretSource;
  /** true: a thread of its own writes the embedded file, beside the application. Default false. Of no effect on servers. */
  readonly hasWriter?: boolean;
  /** Which lines are written, or where they go. Default `info`. */
  readonly log?: Config['log'] | Log;
  /** Other settings by their names: `SLUICE_DELAY`, `SLUICE_HTTP_ALLOW` and so on. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Sluice inside another Nest application: flows of a folder, handlers found among all providers (`@Task`), and
 * {@link Sluice} to start instances. It opens no door of its own: no HTTP API and no console.
 */
@Module({})
export class SluiceModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private engine: PreparedEngine | null = null;

  constructor(
    @Inject(ModuleRef) private readonly found: ModuleRef,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** @throws {Error} with every setting that is wrong. */
  static forRoot(options: SluiceOptions = {}): DynamicModule {
    const config = configOf(options);
    const { nodeTypes, handlers = {}, log, secrets, hasWriter = false } = options;
    return {
      module: SluiceModule,
      global: true,
      imports: [
        AppModule.with(config, {
          nodeTypes,
          handlers,
          secrets,
          hasDoors: false,
          hasWriter,
          ...(typeof log === 'object' && { log }),
        }),
      ],
      providers: [
        {
          provide: Sluice,
          inject: [Engine, Views, Publisher],
          useFactory: (engine: Engine, views: Views, publisher: Publisher) => new Sluice(engine, views, publisher),
        },
      ],
      exports: [Sluice],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    this.engine = await prepareEngine((token) => this.found.get(token as never, { strict: false }), this.log);
    await this.engine.begin();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.engine?.stop();
  }
}

function configOf(options: SluiceOptions): Config {
  const { definitions, data, databaseUrl, brokerUrl, migrate, plugins, log, settings } = options;
  const parsed = parseConfig({
    SLUICE_DEFINITIONS: definitions,
    SLUICE_DATA: data,
    SLUICE_DATABASE_URL: databaseUrl,
    SLUICE_BROKER_URL: brokerUrl,
    SLUICE_MIGRATE: migrate === undefined ? undefined : String(migrate),
    SLUICE_PLUGINS: plugins,
    SLUICE_LOG: typeof log === 'string' ? log : undefined,
    ...settings,
  });
  if ('config' in parsed) return parsed.config;
  throw new Error(parsed.faults.join('\n'));
}
