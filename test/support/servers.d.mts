export interface Servers {
  /** Where they come from: URLs that were given, containers, or installed programs started for this run. */
  readonly source: 'given' | 'docker' | 'private';
  /** `mysql://…/sluice`; the user may create databases. */
  readonly databaseUrl: string;
  /** `amqp://…` */
  readonly brokerUrl: string;
  /** RabbitMQ's management API with credentials in it, where there is one. */
  readonly brokerApiUrl?: string | null;
  /** For people: `MariaDB 10.11.6`, `RabbitMQ 3.10.8`. */
  readonly versions: { readonly database: string; readonly broker: string };
  /** Variables to put into the environment of whatever is to use `freshDatabase`, `freshVhost` and `servers`. */
  readonly env: Readonly<Record<string, string>>;
  /** Stops what was started and removes its data. Safe to call twice. */
  stop(): Promise<void>;
  /** The same at once and without waiting, for an exit handler. */
  stopNow(): void;
}

/**
 * Finds or starts one database and one broker, in this order: SLUICE_DATABASE_URL with SLUICE_BROKER_URL, Docker,
 * installed programs. `null` where there are none of the three. The caller must `stop()`, also after a failure.
 *
 * @throws when only one URL is set, or when a server does not come up.
 */
export function startServers(env?: Readonly<Record<string, string | undefined>>): Promise<Servers | null>;

/** An empty database of its own; `drop()` it afterwards. Needs SLUICE_TEST_DATABASE_URL (`npm test` sets it). */
export function freshDatabase(): Promise<{ url: string; name: string; drop(): Promise<void> }>;

/**
 * A place on the broker of its own. Connect to `url` and declare the topology under `prefix`: either one may be what
 * sets this place apart. `drop()` it afterwards. Needs SLUICE_TEST_BROKER_URL (`npm test` sets it).
 */
export function freshVhost(): Promise<{ url: string; prefix: string; drop(): Promise<unknown> }>;

/** Faults. Only for servers that this run started as processes of its own; ask `canKill()` first. */
export declare const servers: {
  canKill(): boolean;
  /** `kill -9` of the whole process group; resolves when it is gone. */
  kill(which: 'broker' | 'database'): Promise<void>;
  /** Starts it again on the same port and data; resolves when it answers. Does nothing while it is alive. */
  start(which: 'broker' | 'database'): Promise<void>;
};
