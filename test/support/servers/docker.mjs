import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { freePorts, waitFor } from './processes.mjs';
import { brokerVersion, databaseVersion } from './versions.mjs';

const DATABASE_IMAGE = 'mysql:8.4';
const BROKER_IMAGE = 'rabbitmq:4-management';

export function canStartDocker() {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

/** Two containers on free loopback ports, removed by `stop`. */
export async function startDocker() {
  const run = `sluice-test-${randomBytes(4).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const [sqlPort, amqpPort, apiPort] = await freePorts(3);
  const names = { database: `${run}-database`, broker: `${run}-broker` };
  const stopNow = () => {
    docker('rm', '--force', '--volumes', names.database, names.broker);
  };
  process.once('exit', stopNow);
  try {
    const sqlPublish = ['--publish', `127.0.0.1:${sqlPort}:3306`, '--env', `MYSQL_ROOT_PASSWORD=${password}`];
    docker(
      'run',
      '--detach',
      '--name',
      names.database,
      ...sqlPublish,
      '--env',
      'MYSQL_DATABASE=sluice',
      DATABASE_IMAGE,
    );
    const amqpPublish = ['--publish', `127.0.0.1:${amqpPort}:5672`, '--publish', `127.0.0.1:${apiPort}:15672`];
    const user = ['--env', 'RABBITMQ_DEFAULT_USER=sluice', '--env', `RABBITMQ_DEFAULT_PASS=${password}`];
    docker('run', '--detach', '--name', names.broker, ...amqpPublish, ...user, BROKER_IMAGE);
    const databaseUrl = `mysql://root:${password}@127.0.0.1:${sqlPort}/sluice`;
    const brokerUrl = `amqp://sluice:${password}@127.0.0.1:${amqpPort}`;
    const wait = { database: () => databaseVersion(databaseUrl), broker: () => brokerVersion(brokerUrl) };
    const ready = (which) => waitFor(`the ${which} container`, wait[which], { timeoutMs: 180_000 });
    await Promise.all([ready('database'), ready('broker')]);
    return {
      databaseUrl,
      brokerUrl,
      brokerApiUrl: `http://sluice:${password}@127.0.0.1:${apiPort}`,
      async stop() {
        process.off('exit', stopNow);
        stopNow();
      },
      stopNow,
    };
  } catch (error) {
    process.off('exit', stopNow);
    stopNow();
    throw error;
  }
}

function docker(...args) {
  execFileSync('docker', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
