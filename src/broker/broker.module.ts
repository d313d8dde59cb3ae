import { type DynamicModule, Module } from '@nestjs/common';
import { OrdersBus } from '../engine/health/orders/orders-bus.js';
import { HealthBus } from '../engine/health/sharing/health-bus.js';
import { Broker } from '../engine/ports/broker.js';
import type { Log } from '../engine/ports/log.js';
import { type BrokerConfig, openBroker } from './open-broker.js';

/** Provides `Broker`, `HealthBus` and `OrdersBus` on RabbitMQ, over the same connections. Whoever imports it opens and closes it: the order matters at start and at stop. */
@Module({})
export class BrokerModule {
  static with(config: BrokerConfig, log: Log): DynamicModule {
    return {
      module: BrokerModule,
      providers: [
        { provide: Broker, useFactory: () => openBroker(config, log) },
        { provide: HealthBus, useExisting: Broker },
        { provide: OrdersBus, useExisting: Broker },
      ],
      exports: [Broker, HealthBus, OrdersBus],
    };
  }
}
