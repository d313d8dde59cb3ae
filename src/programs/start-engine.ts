import { DefinitionFolder } from '../catalog/definition-folder.js';
import { FollowOrders } from '../catalog/orders/follow-orders.js';
import { Engine } from '../engine/engine.js';
import { Secrets } from '../engine/intake/work/order/secrets.js';
import { warnOfSecrets } from '../engine/intake/work/order/warn-of-secrets.js';
import { Broker } from '../engine/ports/broker.js';
import { Catalog } from '../engine/ports/catalog.js';
import { Clock } from '../engine/ports/clock.js';
import { DefinitionStore } from '../engine/ports/definition-store.js';
import { Handlers } from '../engine/ports/handlers.js';
import type { Log } from '../engine/ports/log.js';
import { warnOfRemoteTasks } from '../engine/remote/warn-of-remote-tasks.js';
import { atMost } from '../engine/while-away.js';
import { Database } from '../storage/database.js';
import { NodeTypes } from '../worker/plugins/node-types.js';
import { followTriggers, loadDefinitions, watchRouting, watchTriggers } from './follow-folder.js';

/** Gives what an application provides under a token. */
export type Find = <T>(token: { readonly prototype: T }) => T;

/** How long a server that gives no answer may hold up a stop, at each of two places. */
export const FAREWELL_MS = 5_000;

/** What is started before the broker is there waits for the sweep, half a minute and more: the broker is given a moment. */
const BROKER_MS = 5_000;

export interface PreparedEngine {
  /** Takes work from now on; resolves once the broker is there, or after 5 s without one, and never rejects. */
  begin(): Promise<void>;
  /** Takes no more work, and ends when what is under way is done or handed back. */
  stop(): Promise<void>;
}

/**
 * Publishes the definitions and brings rules, triggers and plugins into force; the engine then only has to begin.
 * @param works whether this process runs handlers.
 * @throws {Error} when the database has not been migrated.
 */
export async function prepareEngine(find: Find, log: Log, works = true): Promise<PreparedEngine> {
  const pending = await find(Database).pending();
  if (pending.length > 0) {
    throw new Error(
      `Expected a migrated database, but ${pending.length} migrations are missing. Run 'sluice migrate', or set SLUICE_MIGRATE=true.`,
    );
  }
  const [engine, folder, orders, broker] = [find(Engine), find(DefinitionFolder), find(FollowOrders), find(Broker)];
  engine.lanes.announceBy(() => orders.announce());
  tellPlugins(find(NodeTypes), log);
  const loaded = await loadDefinitions(folder, log);
  await orders.start(loaded.routing, (all) => {
    engine.router.follow(all);
    engine.lanes.follow(all);
  });
  followTriggers(loaded.triggers, engine, log);
  const [catalog, definitions, handlers] = [find(Catalog), find(DefinitionStore), find(Handlers)];
  await warnOfRemoteTasks({ broker, catalog, definitions, handlers }, log);
  if (works) await warnOfSecrets({ catalog, definitions, secrets: find(Secrets) }, log);
  const watching = watchRouting(folder, orders, log);
  const triggers = watchTriggers(folder, loaded.triggers.version, engine, log);
  const abort = new AbortController();
  let working: Promise<void> = Promise.resolve();
  return {
    begin: () => {
      working = engine.start(abort.signal).catch((fault: unknown) => {
        if (!abort.signal.aborted) log.error('The engine could not start.', { fault: String(fault) });
      });
      return atMost(find(Clock), BROKER_MS, working);
    },
    stop: async () => {
      watching.close();
      triggers.close();
      orders.close();
      abort.abort();
      await atMost(find(Clock), FAREWELL_MS, working);
      await engine.stop();
      await broker.close();
    },
  };
}

/** What is refused stops nothing but the flows that want it. */
function tellPlugins({ loaded, refused }: NodeTypes, log: Log): void {
  if (loaded.length > 0)
    log.info('Plugins are loaded.', { kinds: loaded.map(({ kind }) => `${kind.name} ${kind.version}`) });
  for (const { place, reason } of refused) log.error(reason, { plugin: place });
}
