/** Everything that can be set, checked. Milliseconds and bytes unless named otherwise. */
export interface Config {
  readonly mode: 'embedded' | 'servers';
  /** `mysql://…`; `null` in embedded mode. */
  readonly databaseUrl: string | null;
  /** `amqp://…` or `amqps://…`; `null` in embedded mode. */
  readonly brokerUrl: string | null;
  readonly delay: 'auto' | 'plugin' | 'ladder' | 'database';
  /** Whether messages in lanes survive a restart of the broker; see docs/messaging.md. */
  readonly lanes: 'durable' | 'transient';
  readonly host: string;
  readonly port: number;
  /** Admin token; `null`: a random one is made and printed once. */
  readonly token: string | null;
  /** JSON file of the people who have tokens of their own; `null`: there is the admin token alone. */
  readonly people: string | null;
  /** Folder of YAML files. */
  readonly definitions: string;
  /** Folder of plugins that bring kinds of node; `null`: `plugins`, if there is one. */
  readonly plugins: string | null;
  /** Folder of the embedded file. */
  readonly data: string;
  /** `host` or `host:port` that `http` tasks may reach although private. */
  readonly httpAllow: readonly string[];
  /** Folder of files, each a secret by its name; `null`: none. */
  readonly secretsDir: string | null;
  /** Secrets by name, out of variables. Never printed. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What this process does; all of them when embedded. */
  readonly roles: readonly Role[];
  /** Engines with the same handlers have the same one; on servers alone. */
  readonly group: string;
  readonly log: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Run migrations of a MySQL schema at start. Embedded files are always migrated. */
  readonly migrate: boolean;
  /** Learn the health of partners, and let circuits and lanes follow it. */
  readonly watchHealth: boolean;
  /** Prefix of exchanges and queues. */
  readonly topologyPrefix: string;
  /** Say yes to plain connections off loopback and to RabbitMQ's guest user there. */
  readonly allowInsecure: boolean;
}

/** `api`: the HTTP API and the console. `worker`: starts, handlers and repair loops. `maintainer`: may judge the health of partners. */
export type Role = 'api' | 'worker' | 'maintainer';
