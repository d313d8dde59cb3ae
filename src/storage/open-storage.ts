import type { Config } from '../config/config.js';
import type { GroupStore } from '../engine/health/groups/group-store.js';
import type { LaneStore } from '../engine/health/lanes/lane-store.js';
import type { LimitStore } from '../engine/health/limits/limit-store.js';
import type { OrderStore } from '../engine/health/orders/order-store.js';
import type { HealthStore } from '../engine/health/sharing/health-store.js';
import type { AuditTrail } from '../engine/operate/audit/audit-trail.js';
import type { DispatchViews } from '../engine/operate/delays/dispatch-views.js';
import type { Checkpoint } from '../engine/ports/checkpoint.js';
import type { Clock } from '../engine/ports/clock.js';
import type { DefinitionStore } from '../engine/ports/definition-store.js';
import type { Log } from '../engine/ports/log.js';
import type { Store } from '../engine/ports/store.js';
import type { Views } from '../engine/ports/views.js';
import type { Database } from './database.js';
import { openEmbedded, type WriterThread } from './embedded/open.js';
import { SqlHealthStore } from './health/sql-health-store.js';
import { SqlDispatchViews } from './routing/sql-dispatch-views.js';
import { SqlGroupStore } from './routing/sql-group-store.js';
import { SqlLaneStore } from './routing/sql-lane-store.js';
import { SqlLimitStore } from './routing/sql-limit-store.js';
import { SqlOrderStore } from './routing/sql-order-store.js';
import { openServers } from './servers/open.js';
import { SqlStore } from './store/sql-store.js';
import { SqlAuditTrail } from './views/sql-audit-trail.js';
import { SqlDefinitionStore } from './views/sql-definition-store.js';
import { SqlViews } from './views/sql-views.js';

/** The part of the configuration that storage reads. */
export type StorageConfig = Pick<Config, 'mode' | 'databaseUrl' | 'data' | 'migrate' | 'allowInsecure'>;

export interface Storage {
  readonly store: Store;
  readonly definitions: DefinitionStore;
  readonly views: Views;
  readonly health: HealthStore;
  readonly orders: OrderStore;
  readonly groups: GroupStore;
  readonly lanes: LaneStore;
  readonly limits: LimitStore;
  readonly dispatches: DispatchViews;
  readonly audit: AuditTrail;
  readonly database: Database;
}

/**
 * Opens the database that the configuration names. An embedded file is made and migrated; a server's schema is
 * migrated where `migrate` says so, else {@link Database.pending} tells what is missing.
 *
 * @param writer the thread that writes an embedded file; left out: the caller's own thread writes it. Of no
 * effect on servers.
 * @throws when it cannot be opened, or is set up in a way that would lose work.
 */
export async function openStorage(
  config: StorageConfig,
  clock: Clock,
  log: Log,
  checkpoint?: Checkpoint,
  writer?: WriterThread,
): Promise<Storage> {
  const { sql, database } =
    config.databaseUrl === null
      ? await openEmbedded(config.data, clock, writer && { ...writer, ended: (why) => tell(log, why) })
      : await openServers(config.databaseUrl, config, log);
  return {
    store: new SqlStore(sql, checkpoint),
    definitions: new SqlDefinitionStore(sql),
    views: new SqlViews(sql),
    health: new SqlHealthStore(sql),
    orders: new SqlOrderStore(sql),
    groups: new SqlGroupStore(sql),
    lanes: new SqlLaneStore(sql),
    limits: new SqlLimitStore(sql),
    dispatches: new SqlDispatchViews(sql),
    audit: new SqlAuditTrail(sql),
    database,
  };
}

function tell(log: Log, why: unknown): void {
  log.error('The thread that writes the embedded file has ended; the next transaction begins another.', {
    fault: String(why ?? 'no reason is known'),
  });
}
