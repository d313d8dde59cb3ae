import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule, type AppOptions } from '../app.module.js';
import type { Config } from '../config/config.js';
import { Access } from '../console/access/access.js';
import { createHttp } from '../console/http/create-http.js';
import { Readiness } from '../console/system/readiness.js';
import { Clock } from '../engine/ports/clock.js';
import type { Log } from '../engine/ports/log.js';
import { atMost } from '../engine/while-away.js';
import { NestLogger } from './process/nest-logger.js';
import { PinoLog } from './process/pino-log.js';
import { FAREWELL_MS, prepareEngine } from './start-engine.js';

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
  // Handlers register as the application begins: an engine without them would make incidents of its first deliveries.
  const works = config.roles.includes('worker');
  const prepared = app.init().then(() => prepareEngine((token) => app.get(token as never), log, works));
  const engine = await prepared.catch(async (fault: unknown) => {
    await app.close();
    throw fault;
  });
  const clock = app.get(Clock);
  // The doors open also without a broker: starts are stored, and health says what is missing.
  await engine.begin();
  await app.listen({ host: config.host, port: config.port }).catch(async (fault: unknown) => {
    await engine.stop();
    await app.close();
    throw closedDoor(fault, config);
  });
  const url = await app.getUrl();
  const access = app.get(Access);
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    app.get(Readiness).stop();
    await engine.stop();
    await atMost(clock, FAREWELL_MS, app.close());
  };
  return {
    app,
    link: `${url.replace('[::1]', '127.0.0.1')}/#token=${access.token}`,
    stop: () => (stopped ??= stop()),
  };
}

/** Why it cannot listen, for whoever set where. */
function closedDoor(fault: unknown, { host, port }: Config): unknown {
  const { code } = Object(fault) as { readonly code?: string };
  if (code === 'EADDRINUSE')
    return new Error(
      `Expected port ${port} of ${host} to be free, but another program listens there. Stop that one, or set SLUICE_PORT to another.`,
    );
  if (code === 'EACCES')
    return new Error(
      `Expected a port that may be opened, but the system does not allow ${port}. Set SLUICE_PORT to another.`,
    );
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new Error(
      `Expected SLUICE_HOST to be an address of this machine, but ${host} is none (${code}). Set it to one.`,
    );
  return fault;
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
