import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Broker } from '../engine/ports/broker.js';
import { Clock } from '../engine/ports/clock.js';
import { AttemptRunner, Handlers } from '../engine/ports/handlers.js';
import { Log } from '../engine/ports/log.js';
import { type Emitter, emitTo } from './built-in/emit.js';
import { type HttpTask, httpTask } from './built-in/http/http.js';
import { log } from './built-in/log.js';
import { sleepOn } from './built-in/sleep.js';
import { DiscoverHandlers } from './discover-handlers.js';
import { HandlerRegistry } from './handler-registry.js';
import { InProcessAttemptRunner } from './in-process-attempt-runner.js';

export interface WorkerOptions {
  /** Modules that provide `Clock` and `Log` (and `Broker`), where they are not global. */
  readonly imports?: NonNullable<DynamicModule['imports']>;
  /** `host` or `host:port` that `http` tasks may reach although private. */
  readonly httpAllow?: readonly string[];
  /** Where `emit` tasks send to. Default: the broker, if the application provides one; else there is no `emit`. */
  readonly emitter?: Emitter;
}

const HTTP_TASK = Symbol('the built-in task http');

/** Finds the application's handlers, adds the built-in ones, and runs attempts. Provides `Handlers` and `AttemptRunner`. */
@Module({})
export class WorkerModule implements OnApplicationShutdown {
  constructor(@Inject(HTTP_TASK) private readonly http: HttpTask) {}

  static with({ imports = [], httpAllow = [], emitter }: WorkerOptions = {}): DynamicModule {
    return {
      module: WorkerModule,
      imports: [DiscoveryModule, ...imports],
      providers: [
        { provide: HTTP_TASK, useFactory: () => httpTask({ allow: httpAllow }) },
        {
          provide: HandlerRegistry,
          inject: [Clock, HTTP_TASK, { token: Broker, optional: true }],
          useFactory: (clock: Clock, http: HttpTask, broker?: Broker) => {
            const emit = emitter ?? (broker && ((events) => broker.announce(events)));
            return registerBuiltIn(new HandlerRegistry(), clock, http, emit);
          },
        },
        { provide: Handlers, useExisting: HandlerRegistry },
        {
          provide: AttemptRunner,
          inject: [Clock, Log],
          useFactory: (clock: Clock, lines: Log) => new InProcessAttemptRunner(clock, lines),
        },
        DiscoverHandlers,
      ],
      exports: [Handlers, HandlerRegistry, AttemptRunner],
    };
  }

  onApplicationShutdown(): Promise<void> {
    return this.http.close();
  }
}

/** Adds `http`, `log`, `sleep` and, where there is somewhere to send to, `emit`. */
export function registerBuiltIn(
  registry: HandlerRegistry,
  clock: Clock,
  http: HttpTask,
  emit?: Emitter,
): HandlerRegistry {
  registry
    .register('http', http.handler, 'the built-in task http')
    .register('log', log, 'the built-in task log')
    .register('sleep', sleepOn(clock), 'the built-in task sleep');
  if (emit) registry.register('emit', emitTo(emit), 'the built-in task emit');
  return registry;
}
