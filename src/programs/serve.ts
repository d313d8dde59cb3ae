import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule, type AppOptions } from '../app.module.js';
import { DefinitionFolder, type FolderReport, type Watching } from '../catalog/definition-folder.js';
import { FollowOrders } from '../catalog/orders/follow-orders.js';
import type { Config } from '../config/config.js';
import { Access } from '../console/access/access.js';
import { createHttp } from '../console/http/create-http.js';
import { Readiness } from '../console/system/readiness.js';
import { Engine } from '../engine/engine.js';
import { Broker } from '../engine/ports/broker.js';
import { Catalog } from '../engine/ports/catalog.js';
import { Clock } from '../engine/ports/clock.js';
import { DefinitionStore } from '../engine/ports/definition-store.js';
import { Handlers } from '../engine/ports/handlers.js';
import { Log } from '../engine/ports/log.js';
import { warnOfRemoteTasks } from '../engine/remote/warn-of-remote-tasks.js';
import { atMost } from '../engine/while-away.js';
import { NodeTypes } from '../plugins/node-types.js';
import { NestLogger } from '../runtime/nest-logger.js';
import { PinoLog } from '../runtime/pino-log.js';
import { Database } from '../storage/database.js';

export interface Served {
  readonly app: NestFastifyApplication;
  /** With the token in the fragment, which browsers send to nobody. */
  readonly link: string;
  /** Stops in order; a second call waits for the first. */
  stop(): Promise<void>;
}

/** The whole of Sluice in this process: definitions published, engine working, doors open. */
export async function serve(config: Config, options: AppOptions = {}): Promise<Served> {
  const log = options.log ?? new PinoLog(config.log);
  const app = await createHttp(AppModule.with(config, { ...options, log }), config, { logger: new NestLogger(log) });
  const pending = await app.get(Database).pending();
  if (pending.length > 0) {
    await app.close();
    throw new Error(
      `Expected a migrated database, but ${pending.length} migrations are missing. Run 'sluice migrate', or set SLUICE_MIGRATE=true.`,
    );
  }
  const engine = app.get(Engine);
  const folder = app.get(DefinitionFolder);
  const orders = app.get(FollowOrders);
  engine.lanes.announceBy(() => orders.announce());
  tellPlugins(app.get(NodeTypes), log);
  const loaded = await loadDefinitions(folder, log);
  await orders.start(loaded.routing, (all) => {
    engine.router.follow(all);
    engine.lanes.follow(all);
  });
  followTriggers(loaded.triggers, engine, log);
  await warnOfRemoteTasks(
    {
      broker: app.get(Broker),
      catalog: app.get(Catalog),
      definitions: app.get(DefinitionStore),
      handlers: app.get(Handlers),
    },
    log,
  );
  const watching = watchRouting(folder, orders, log);
  const triggers = watchTriggers(folder, loaded.triggers.version, engine, log);
  const abort = new AbortController();
  // The doors open first: starts are stored whether or not the broker is there, and health says what is missing.
  await app.listen({ host: config.host, port: config.port });
  const working = engine.start(abort.signal).catch((fault: unknown) => {
    if (!abort.signal.aborted) log.error('The engine could not start.', { fault: String(fault) });
  });
  const url = await app.getUrl();
  const access = app.get(Access);
  const clock = app.get(Clock);
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    app.get(Readiness).stop();
    watching.close();
    triggers.close();
    orders.close();
    abort.abort();
    await atMost(clock, FAREWELL_MS, working);
    await engine.stop();
    await app.get(Broker).close();
    await atMost(clock, FAREWELL_MS, app.close());
  };
  return {
    app,
    link: `${url.replace('[::1]', '127.0.0.1')}/#token=${access.token}`,
    stop: () => (stopped ??= stop()),
  };
}

/** How long a server that gives no answer may hold up a stop, at each of two places. */
const FAREWELL_MS = 5_000;

/** Publishes the folder; what is wrong in a file stops that file alone, and its last good version stays. */
async function loadDefinitions(folder: DefinitionFolder, log: Log): Promise<FolderReport> {
  const report = await folder.load();
  const { published, problems, faults, routing } = report;
  log.info('Definitions are published.', { flows: published.map(({ flow, version }) => `${flow} ${version}`) });
  tellProblems(problems, log);
  for (const { file, message } of faults) log.error(message, { file });
  if (routing.version !== null)
    log.info('Routing rules are in force.', { rules: routing.rules.length, overrides: routing.overrides.length });
  return report;
}

/** What is refused stops nothing but the flows that want it. */
function tellPlugins({ loaded, refused }: NodeTypes, log: Log): void {
  if (loaded.length > 0)
    log.info('Plugins are loaded.', { kinds: loaded.map(({ kind }) => `${kind.name} ${kind.version}`) });
  for (const { place, reason } of refused) log.error(reason, { plugin: place });
}

function followTriggers({ triggers }: FolderReport['triggers'], { beside }: Engine, log: Log): void {
  if (triggers.length + beside.triggers.all.length === 0) return;
  beside.triggers.follow(triggers);
  log.info('Triggers are in force.', { triggers: triggers.map(({ code }) => code) });
}

function tellProblems(problems: FolderReport['problems'], log: Log): void {
  for (const { severity, code, message, file, line } of problems) {
    if (severity === 'error') log.error(message, { code, file, line });
    else log.warn(message, { code, file, line });
  }
}

/** Rules and overrides are in force a moment after their file is saved; a file with an error changes nothing. */
function watchRouting(folder: DefinitionFolder, orders: FollowOrders, log: Log): Pick<Watching, 'close'> {
  const failed = (fault: unknown): void =>
    log.warn('The routing rules are not watched; a restart reads them.', { fault: String(fault) });
  try {
    return folder.watchRouting(({ routing, problems, faults }) => {
      tellProblems(problems, log);
      for (const { file, message } of faults) log.error(message, { file });
      if (routing.version === orders.current.files.version) return;
      orders.files(routing);
      log.info('Routing rules are in force.', { rules: routing.rules.length, overrides: routing.overrides.length });
    }, failed);
  } catch (fault) {
    failed(fault);
    return { close: () => {} };
  }
}

/** The same of triggers. */
function watchTriggers(
  folder: DefinitionFolder,
  version: string | null,
  engine: Engine,
  log: Log,
): Pick<Watching, 'close'> {
  let inForce = version;
  const failed = (fault: unknown): void =>
    log.warn('The triggers are not watched; a restart reads them.', { fault: String(fault) });
  try {
    return folder.watchTriggers((report) => {
      tellProblems(report.problems, log);
      for (const { file, message } of report.faults) log.error(message, { file });
      if (report.version === inForce) return;
      inForce = report.version;
      followTriggers(report, engine, log);
    }, failed);
  } catch (fault) {
    failed(fault);
    return { close: () => {} };
  }
}

/** Ends the process on SIGTERM or SIGINT: the first in order, the second at once. Both are safe. */
export function stopOnSignals(served: Served, log: Log): void {
  let asked = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(1);
      asked = true;
      log.info('Stopping: no new work is taken.', { signal });
      served.stop().then(
        () => process.exit(0),
        (fault: unknown) => {
          log.error('The stop failed; the broker and the database have what is unfinished.', { fault: String(fault) });
          process.exit(1);
        },
      );
    });
  }
}

/** How long a stop after a fault may take: longer than the engine drains. */
const LATEST_MS = 60_000;

/**
 * An error that nobody caught, of a handler's forgotten promise for one, may have left anything half done in memory.
 * The database has nothing half done: the process takes no more work, stops in order, and ends with 1 to be started anew.
 */
export function stopOnFaults(served: Served, log: Log): void {
  let asked = false;
  const stop = (kind: string, fault: unknown): void => {
    if (asked) return;
    asked = true;
    const text = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
    log.error('An error that nobody caught: stopping, to be started anew.', { kind, fault: text.slice(0, 4_096) });
    setTimeout(() => process.exit(1), LATEST_MS).unref();
    void served
      .stop()
      .catch((late: unknown) => log.error('The stop failed.', { fault: String(late) }))
      .finally(() => process.exit(1));
  };
  process.on('uncaughtException', (fault) => stop('uncaughtException', fault));
  process.on('unhandledRejection', (fault) => stop('unhandledRejection', fault));
}
