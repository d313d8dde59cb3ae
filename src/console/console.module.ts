import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Registry } from 'prom-client';
import type { Config } from '../config/config.js';
import { Broker } from '../engine/ports/broker.js';
import { ReportRepair } from '../engine/repair/report-repair.js';
import { Tally } from '../engine/tally.js';
import { Access } from './access/access.js';
import { AuditController } from './access/audit/audit.controller.js';
import { readPeople } from './access/read-people.js';
import { DefinitionsController } from './definitions/definitions.controller.js';
import { DiffController } from './definitions/diff.controller.js';
import { FunnelController } from './definitions/funnel/funnel.controller.js';
import { KindsController } from './definitions/kinds/kinds.controller.js';
import { PlaysController } from './definitions/plays/plays.controller.js';
import { TriggersController } from './definitions/triggers.controller.js';
import { VersionsController } from './definitions/versions/versions.controller.js';
import { ProblemFilter } from './http/problem.filter.js';
import { IncidentsController } from './incidents/incidents.controller.js';
import { QuarantineController } from './incidents/quarantine.controller.js';
import { InstancesController } from './instances/instances.controller.js';
import { ItemsController } from './instances/items/items.controller.js';
import { MessagesController } from './instances/messages.controller.js';
import { OperationsController } from './instances/operations.controller.js';
import { PartsController } from './instances/parts/parts.controller.js';
import { ShownStates } from './instances/shown-states.js';
import { TasksController } from './instances/tasks/tasks.controller.js';
import { WhyController } from './instances/why.controller.js';
import { EventsController } from './live/events.controller.js';
import { LiveUpdates } from './live/live-updates.js';
import { DelaysController } from './routing/delays.controller.js';
import { ExplainController } from './routing/explain.controller.js';
import { RoutingController } from './routing/routing.controller.js';
import { OverridesController } from './routing/rules/overrides.controller.js';
import { RulesController } from './routing/rules/rules.controller.js';
import { CONFIG } from './system/config-token.js';
import { HealthController } from './system/health.controller.js';
import { metricsOf } from './system/metrics.js';
import { Readiness } from './system/readiness.js';
import { RepairController } from './system/repair.controller.js';
import { SystemController } from './system/system.controller.js';

/**
 * The HTTP doors. Needs, from a global module, the ports `Store`, `Views`, `Catalog`, `DefinitionStore`, `Broker`,
 * `Publisher`, `AuditTrail`, `Identity` and `Log`, and of the engine its use cases, `InHand` and `Tally`.
 */
@Module({})
export class ConsoleModule {
  static with(config: Config): DynamicModule {
    return {
      module: ConsoleModule,
      controllers: [
        InstancesController,
        ItemsController,
        PartsController,
        OperationsController,
        MessagesController,
        DefinitionsController,
        DiffController,
        KindsController,
        VersionsController,
        IncidentsController,
        QuarantineController,
        EventsController,
        HealthController,
        SystemController,
        RepairController,
        RoutingController,
        OverridesController,
        DelaysController,
        ExplainController,
        RulesController,
        WhyController,
        TasksController,
        TriggersController,
        AuditController,
        FunnelController,
        PlaysController,
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        {
          provide: Access,
          useValue: new Access(config.token, config.people === null ? [] : readPeople(config.people)),
        },
        { provide: APP_FILTER, useClass: ProblemFilter },
        {
          provide: Registry,
          inject: [Tally, Broker, ReportRepair, LiveUpdates],
          useFactory: (tally: Tally, broker: Broker, repair: ReportRepair, live: LiveUpdates) =>
            metricsOf({ tally, broker, repair, live }),
        },
        Readiness,
        ShownStates,
        LiveUpdates,
      ],
      exports: [Access, Registry, Readiness],
    };
  }
}
