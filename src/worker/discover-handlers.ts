import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { HandlerRegistry } from './handler-registry.js';
import { tasksOf } from './task.decorator.js';

/**
 * Registers every provider's `@Task` handlers once all providers exist, and before anything consumes: a duplicate
 * stops the application at start.
 */
@Injectable()
export class DiscoverHandlers implements OnModuleInit {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(HandlerRegistry) private readonly registry: HandlerRegistry,
  ) {}

  onModuleInit(): void {
    // One provider can be reached under several tokens (useExisting) and is still one handler.
    const seen = new Set<object>();
    for (const provider of this.discovery.getProviders()) {
      const instance: unknown = provider.instance;
      if (typeof instance !== 'object' || instance === null || seen.has(instance)) continue;
      seen.add(instance);
      for (const { name, place, handler } of tasksOf(instance)) {
        if (!provider.isDependencyTreeStatic()) {
          throw new TypeError(
            `Expected ${place} (@Task("${name}")) to be a singleton, but it, or something it is given, is request-scoped. ` +
              'There is no request when a task runs: remove the scope.',
          );
        }
        this.registry.register(name, handler, place);
      }
    }
  }
}
