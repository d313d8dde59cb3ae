/** A setting: what it means, and what it is when nothing is said. The list is the documentation. */
export interface Setting {
  readonly name: string;
  readonly byDefault: string;
  readonly says: string;
  /** Never printed. */
  readonly secret?: true;
}

/** Every environment variable that the server reads. */
export const SETTINGS: readonly Setting[] = [
  { name: 'SLUICE_DATABASE_URL', byDefault: '', says: 'mysql://user:password@host:3306/database', secret: true },
  { name: 'SLUICE_BROKER_URL', byDefault: '', says: 'amqp://user:password@host:5672/vhost, or amqps://', secret: true },
  { name: 'SLUICE_DELAY', byDefault: 'auto', says: 'how delays are kept: auto, plugin, ladder or database' },
  {
    name: 'SLUICE_LANES',
    byDefault: 'durable',
    says: 'durable or transient: whether lanes survive a restart of the broker',
  },
  {
    name: 'SLUICE_ROLES',
    byDefault: 'api,worker,maintainer',
    says: 'what this process does: api, worker, maintainer, with commas; on servers only',
  },
  {
    name: 'SLUICE_GROUP',
    byDefault: 'default',
    says: 'engines that have the same handlers are a group: its name; of no effect without servers',
  },
  { name: 'SLUICE_HOST', byDefault: '127.0.0.1', says: 'address to listen on' },
  { name: 'SLUICE_PORT', byDefault: '3000', says: 'port to listen on; 0 = any free one' },
  { name: 'SLUICE_TOKEN', byDefault: '', says: 'admin token; without it a random one is printed once', secret: true },
  {
    name: 'SLUICE_PEOPLE',
    byDefault: '',
    says: 'JSON file of the people who have tokens of their own, with their roles',
  },
  { name: 'SLUICE_DEFINITIONS', byDefault: 'definitions', says: 'folder of YAML files' },
  { name: 'SLUICE_PLUGINS', byDefault: '', says: 'folder of plugins; without it `plugins`, if there is one' },
  { name: 'SLUICE_DATA', byDefault: '.sluice', says: 'folder of the embedded file' },
  {
    name: 'SLUICE_HTTP_ALLOW',
    byDefault: '',
    says: 'private hosts that http tasks may reach: host or host:port, with commas',
  },
  {
    name: 'SLUICE_SECRETS_DIR',
    byDefault: '',
    says: 'folder of files, each the secret of its name; beside it, or instead, SLUICE_SECRET_<name>',
  },
  { name: 'SLUICE_LOG', byDefault: 'info', says: 'debug, info, warn, error or silent' },
  { name: 'SLUICE_MIGRATE', byDefault: 'false', says: 'true: migrate the MySQL schema at start' },
  {
    name: 'SLUICE_WATCH_HEALTH',
    byDefault: 'true',
    says: 'circuits and lanes follow the health of partners; false: rules and overrides alone decide',
  },
  { name: 'SLUICE_TOPOLOGY_PREFIX', byDefault: 'sluice', says: 'what names of exchanges and queues begin with' },
  {
    name: 'SLUICE_ALLOW_INSECURE',
    byDefault: 'false',
    says: 'true: plain remote connections and the guest user are wanted',
  },
];

/** Variables of others: the command line, tests, benchmarks, the installer, and `docker-compose.yml`. */
export const FOREIGN =
  /^SLUICE_(URL|INSTALL|TEST_.*|BENCH_.*|(DATABASE|BROKER)_(PASSWORD|PORT)|BROKER_API_PORT|DELAY_PLUGIN)$/;
