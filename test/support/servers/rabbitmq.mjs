import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, freePorts, userOf } from './processes.mjs';

// Debian's /usr/sbin/rabbitmq-server changes user, folder and HOME; the script behind it does as it is told.
const PLAIN_SCRIPT = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** Where the installed broker is, or null. */
export const findBroker = () => (existsSync(PLAIN_SCRIPT) ? PLAIN_SCRIPT : findProgram('rabbitmq-server'));

/**
 * Says how to run an installed RabbitMQ as a private node: own name, ports, name daemon, cookie and data, everything
 * on 127.0.0.1. The management plugin is on: virtual hosts are made by its API in milliseconds, where the command
 * line takes seconds.
 */
export async function prepareBroker(program, folder) {
  const owner = userOf('rabbitmq');
  const [port, distPort, epmdPort, apiPort] = await freePorts(4);
  const files = {
    'rabbitmq.conf': [
      `listeners.tcp.1 = 127.0.0.1:${port}`,
      'management.tcp.ip = 127.0.0.1',
      `management.tcp.port = ${apiPort}`,
      'management_agent.disable_metrics_collector = false',
      '',
    ].join('\n'),
    enabled_plugins: `[${['rabbitmq_management', ...delayedExchange(program)].join(',')}].\n`,
    'env.conf': '',
    '.erlang.cookie': randomBytes(16).toString('hex').toUpperCase(),
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: name === '.erlang.cookie' ? 0o400 : 0o644 });
    if (owner.uid !== undefined) chownSync(path, owner.uid, owner.gid);
  }
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);

  const env = {
    PATH: process.env.PATH,
    LC_ALL: 'C.UTF-8',
    HOME: folder,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(epmdPort),
    RABBITMQ_NODENAME: `sluice-${randomBytes(4).toString('hex')}@localhost`,
    RABBITMQ_DIST_PORT: String(distPort),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'env.conf'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_PID_FILE: join(folder, 'broker.pid'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'generated'),
    RABBITMQ_SCHEMA_DIR: join(folder, 'schema'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  };
  return {
    program,
    args: [],
    env,
    cwd: folder,
    logFile: join(folder, 'broker.log'),
    ...owner,
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    apiUrl: `http://guest:guest@127.0.0.1:${apiPort}`,
    // Started by us and not by the node, which would leave its daemon behind.
    epmd: { program: findEpmd(), args: ['-address', '127.0.0.1', '-port', String(epmdPort)] },
  };
}

function findEpmd() {
  const found = findProgram('epmd');
  if (!found) throw new Error("Expected 'epmd' beside RabbitMQ, but found none. Install Erlang's base package.");
  return found;
}

/** The delayed exchange is no part of RabbitMQ; it is used where somebody has put it beside the other plugins. */
function delayedExchange(program) {
  const libraries = join(program, '..', '..', 'lib');
  const folders = existsSync(libraries) ? readdirSync(libraries).map((name) => join(libraries, name, 'plugins')) : [];
  const plugins = folders.filter((path) => existsSync(path)).flatMap((path) => readdirSync(path));
  return plugins.some((name) => name.startsWith('rabbitmq_delayed_message_exchange-'))
    ? ['rabbitmq_delayed_message_exchange']
    : [];
}
