import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FollowOrders } from '../../../src/catalog/orders/follow-orders.js';
import type { Config } from '../../../src/config/config.js';
import { parseConfig } from '../../../src/config/parse-config.js';
import { ConsoleModule } from '../../../src/console/console.module.js';
import { createHttp } from '../../../src/console/http/create-http.js';
import { err, ok } from '../../../src/core/result.js';
import { LANE_NAMES, LANES } from '../../../src/core/routing/lane.js';
import { SendMessage } from '../../../src/engine/commit/messages/send-message.js';
import { Health } from '../../../src/engine/health/health.js';
import { KeepLanes } from '../../../src/engine/health/lanes/keep-lanes.js';
import { OrderStore } from '../../../src/engine/health/orders/order-store.js';
import { OrdersInForce } from '../../../src/engine/health/orders/orders-in-force.js';
import { Router } from '../../../src/engine/health/router.js';
import { InHand } from '../../../src/engine/intake/in-hand.js';
import { AddItems } from '../../../src/engine/operate/add-items.js';
import { AuditTrail } from '../../../src/engine/operate/audit/audit-trail.js';
import { CancelInstance } from '../../../src/engine/operate/cancel-instance.js';
import { CompleteManual } from '../../../src/engine/operate/complete-manual.js';
import { CancelDelay } from '../../../src/engine/operate/delays/cancel-delay.js';
import { DispatchViews } from '../../../src/engine/operate/delays/dispatch-views.js';
import { MoveDispatch } from '../../../src/engine/operate/delays/move-dispatch.js';
import { MigrateInstances } from '../../../src/engine/operate/migrate/migrate-instances.js';
import { SettleParticipant } from '../../../src/engine/operate/parts/settle-participant.js';
import { PauseInstance } from '../../../src/engine/operate/pause-instance.js';
import {
  DiscardQuarantined,
  type QuarantineRefusal,
} from '../../../src/engine/operate/quarantine/discard-quarantined.js';
import { ReplayQuarantined } from '../../../src/engine/operate/quarantine/replay-quarantined.js';
import { RetryIncidents } from '../../../src/engine/operate/retry-incidents.js';
import { Broker } from '../../../src/engine/ports/broker.js';
import { Catalog } from '../../../src/engine/ports/catalog.js';
import { DefinitionStore } from '../../../src/engine/ports/definition-store.js';
import { Identity } from '../../../src/engine/ports/identity.js';
import { Log } from '../../../src/engine/ports/log.js';
import { Publisher } from '../../../src/engine/ports/publisher.js';
import { Store } from '../../../src/engine/ports/store.js';
import { Views } from '../../../src/engine/ports/views.js';
import { Loop } from '../../../src/engine/repair/loop.js';
import { ReportRepair, type ReportRepairParts } from '../../../src/engine/repair/report-repair.js';
import { RepublishAll } from '../../../src/engine/repair/republish-all.js';
import { Watermarks } from '../../../src/engine/repair/watermarks.js';
import { WritePlay } from '../../../src/engine/start/plays/write-play.js';
import { type StartCommand, StartInstance } from '../../../src/engine/start/start-instance.js';
import { Triggers } from '../../../src/engine/start/triggers/triggers.js';
import { Tally } from '../../../src/engine/tally.js';
import { MemoryOrdersBus } from '../../../src/memory/health/memory-orders-bus.js';
import { SystemClock } from '../../../src/memory/system-clock.js';
import { CountedIds, MemoryAudit } from './memory-audit.js';
import { MemoryDispatches } from './memory-dispatches.js';
import { MemoryOrders } from './memory-orders.js';
import { MemoryCatalog, MemoryDefinitions, MemoryLog, MemoryPublisher, MemoryViews } from './memory-ports.js';
import { MessageDoor, pauseDoor } from './message-door.js';
import { ORDER, orderDefinition } from './order-flow.js';
import { ID } from './stored.js';

export { ORDER } from './order-flow.js';
export { aNode, anInstance, ID, OTHER } from './stored.js';

export const TOKEN = 'a-token-for-the-tests';
export const AUTH = { authorization: `Bearer ${TOKEN}`, host: 'localhost:3000' };

/** What the router takes for the time. */
export const NOW = 1_000_000;

/** The HTTP doors over ports that live in this process, and handles on what is behind them. */
export class World {
  readonly views = new MemoryViews();
  readonly catalog = new MemoryCatalog();
  readonly definitions = new MemoryDefinitions();
  readonly log = new MemoryLog();
  readonly audit = new MemoryAudit();
  readonly inHand = new InHand(new SystemClock());
  readonly tally = new Tally();
  readonly health = new Health(this.log, this.tally);
  readonly router = new Router(this.health, () => NOW, true);
  /** One lane that a rule has named, beside the built-in ones. */
  readonly lanes: Pick<KeepLanes, 'all' | 'named'> & Partial<Pick<KeepLanes, 'groups'>> = {
    all: [...LANE_NAMES.map((lane) => ({ lane, number: LANES[lane] })), { lane: 'vip', number: 100 }],
    named: [{ name: 'vip', number: 100, concurrency: 4, state: 'closing' }],
  };
  readonly orders = new MemoryOrders(() => NOW);
  readonly inForce = new FollowOrders(this.orders, new SystemClock(), this.log, new MemoryOrdersBus());
  readonly dispatches = new MemoryDispatches();
  readonly starts: StartCommand[] = [];
  readonly messages = new MessageDoor(ID);
  readonly operations: unknown[] = [];
  readonly publisher = new MemoryPublisher(this.definitions);
  /** `METHOD url` of everything that Nest serves. */
  readonly routes = new Set<string>();
  quarantineRefusal: QuarantineRefusal['reason'] | null = null;
  busy = false;
  brokerReady = true;
  databaseAnswers = true;
  app!: NestFastifyApplication;

  static async open(
    environment: Record<string, string> = {},
    pages = join(tmpdir(), 'no-console-here'),
  ): Promise<World> {
    const world = new World();
    const definition = orderDefinition();
    world.catalog.put(definition, (input) => {
      const missing = typeof (input as { id?: unknown }).id !== 'string';
      return missing ? [{ pointer: '/id', message: 'must be there' }] : [];
    });
    const { flow, title, description } = definition;
    await world.definitions.insert({ flow, version: 1, title, description, sha256: 'x', source: ORDER });
    const parsed = parseConfig({ SLUICE_TOKEN: TOKEN, SLUICE_PORT: '0', ...environment });
    if ('faults' in parsed) throw new Error(parsed.faults.join('\n'));
    await world.inForce.start({ rules: [], overrides: [], version: null }, (all) => world.router.follow(all));
    world.inForce.close();
    world.app = await createHttp(world.#module(parsed.config), parsed.config, { pages });
    world.app
      .getHttpAdapter()
      .getInstance()
      .addHook('onRoute', ({ method, url }) => {
        if (method !== 'HEAD' && url !== '/*') world.routes.add(`${String(method)} ${url}`);
      });
    await world.app.init();
    await world.app.getHttpAdapter().getInstance().ready();
    return world;
  }

  /** What the engine does when a dispatch arrives here. */
  takeInHand(instance: string, node: string): void {
    const of = { instance, flow: 'order', version: 1, node, visit: 1, attempt: 1, dispatch: 1 };
    const message = { ...of, kind: 'task', handler: 'card.charge', lane: 'normal', wakeAt: 0 } as const;
    this.inHand.take({ message, redelivered: false, ack: () => {}, release: () => {} });
  }

  async get(url: string, headers: Record<string, string> = AUTH) {
    return this.app.inject({ method: 'GET', url, headers });
  }

  async post(url: string, body: unknown, headers: Record<string, string> = {}) {
    return this.app.inject({ method: 'POST', url, headers: { ...AUTH, ...headers }, payload: body as object });
  }

  #module(config: Config) {
    class PortsModule {}
    const ports = [
      { provide: Views, useValue: this.views },
      { provide: Catalog, useValue: this.catalog },
      { provide: DefinitionStore, useValue: this.definitions },
      { provide: Publisher, useValue: this.publisher },
      { provide: Log, useValue: this.log },
      { provide: AuditTrail, useValue: this.audit },
      { provide: Identity, useValue: new CountedIds() },
      { provide: InHand, useValue: this.inHand },
      { provide: Tally, useValue: this.tally },
      { provide: Router, useValue: this.router },
      { provide: KeepLanes, useValue: this.lanes },
      { provide: OrderStore, useValue: this.orders },
      { provide: DispatchViews, useValue: this.dispatches },
      { provide: OrdersInForce, useValue: this.inForce },
      { provide: Broker, useValue: this.#broker() },
      {
        provide: Store,
        useValue: {
          now: async () => NOW,
          earliest: async () => Object.assign(new Map([[2, NOW - 1_500]]), { now: NOW }),
          triggers: { counts: async () => [] },
        },
      },
      { provide: StartInstance, useValue: { execute: (command: StartCommand) => this.#start(command) } },
      { provide: ReplayQuarantined, useValue: { execute: (command: unknown) => this.#quarantine('replay', command) } },
      {
        provide: DiscardQuarantined,
        useValue: { execute: (command: unknown) => this.#quarantine('discard', command) },
      },
      { provide: RepublishAll, useValue: { execute: async () => 7 } },
      { provide: ReportRepair, useValue: this.#reporting() },
      { provide: PauseInstance, useValue: pauseDoor((what, command) => this.#operate(what, command)) },
      { provide: MigrateInstances, useValue: new MigrateInstances({} as Store, this.views, this.catalog, this.log) },
      ...[Triggers, WritePlay].map((provide) => ({ provide, useValue: new Triggers() })),
      { provide: SendMessage, useValue: this.messages },
      ...[AddItems, SettleParticipant, CancelInstance, RetryIncidents, CancelDelay, MoveDispatch].map((provide, at) => {
        const what = ['add', 'settle', 'cancel', 'retry', 'cancel-delay', 'move'][at] as string;
        return { provide, useValue: { execute: (command: unknown) => this.#operate(what, command) } };
      }),
      { provide: CompleteManual, useValue: { execute: async () => ok({ visit: 1, duplicate: false }) } },
    ];
    Module({ providers: ports, exports: ports.map(({ provide }) => provide) })(PortsModule);
    const portsModule = { module: PortsModule, global: true };
    class AppModule {}
    Module({ imports: [portsModule, ConsoleModule.with(config)] })(AppModule);
    return AppModule;
  }

  /** Starts by the rules of the port: an unknown flow and a bad input are refused, a receipt stands for one instance. */
  async #start(command: StartCommand) {
    if (this.views.failure) throw this.views.failure;
    if (this.busy) return err({ code: 'BUSY', message: 'Expected room, but there is none.' });
    const published = await this.catalog.get(command.flow, command.version);
    if (!published) return err({ code: 'UNKNOWN_FLOW', message: 'Expected a published flow, but there is none.' });
    const violations = published.checkInput(command.input);
    if (violations.length > 0) return err({ code: 'INVALID_INPUT', message: 'Expected the input to fit.', violations });
    const duplicate = this.starts.some(({ receipt }) => receipt !== undefined && receipt === command.receipt);
    this.starts.push(command);
    return ok({ id: ID, flow: command.flow, version: 1, key: command.key ?? null, status: 'running', duplicate });
  }

  #broker() {
    return {
      state: () => ({ ready: this.brokerReady, blocked: false, since: 0, about: { product: 'test' } }),
      depth: async (lane: string) => (lane === 'probe' ? null : 3),
    };
  }

  /** The engine's own report over what stands for its parts here. */
  #reporting() {
    const clock = new SystemClock();
    const writable = () => (this.databaseAnswers ? Promise.resolve() : Promise.reject(new Error('away')));
    const [commits, { inHand, tally }] = [{ waiting: 2, unconfirmed: 1 }, this];
    const loops = [new Loop('sweep', 15_000, async () => {}, clock, this.log, tally)];
    const known = {
      loops,
      named: this.lanes,
      watermarks: new Watermarks(),
      inHand,
      leases: { size: 3 },
      commits,
      store: { writable },
      clock,
      tally,
    };
    return new ReportRepair({ ...known, broker: this.#broker() } as unknown as ReportRepairParts);
  }

  async #quarantine(what: string, command: unknown) {
    const { id } = command as { id: string };
    this.operations.push({ what, ...(command as object) });
    if (this.quarantineRefusal) return err({ reason: this.quarantineRefusal, message: `Expected it, but ${id}.` });
    if (!this.views.quarantineRows.some((row) => row.id === id))
      return err({ reason: 'unknown-quarantined', message: 'Expected a message, but there is none.' });
    return ok({ instance: ID });
  }

  async #operate(what: string, command: unknown) {
    this.operations.push({ what, ...(command as object) });
    const { instance } = this.views.all.get((command as { instance: string }).instance) ?? {};
    if (!instance) return err({ reason: 'unknown-instance', message: 'none' });
    return instance.endedAt === null ? ok(null) : err({ reason: 'instance-over', message: 'Expected it to run.' });
  }
}
