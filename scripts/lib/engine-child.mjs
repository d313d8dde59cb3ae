// Usage: import { forkEngine, stopWithSignals } from './lib/engine-child.mjs'
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** How long a child may take to stop before it is killed. */
const STOP_MS = 40_000;

/**
 * A script with an engine in it, as a process on these servers; resolves with its first message. `ask` sends a message
 * and resolves with the next one that comes; it rejects when the process ends instead.
 */
export async function forkEngine(script, { database, vhost }, execArgv = []) {
  const child = fork(script, {
    execArgv,
    env: {
      ...process.env,
      SLUICE_DATABASE_URL: database.url,
      SLUICE_BROKER_URL: vhost.url,
      SLUICE_TOPOLOGY_PREFIX: vhost.prefix,
    },
  });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`Expected the engine to stay, but it ended with ${code}.`);
  });
  died.catch(() => {});
  const heard = async () => (await Promise.race([once(child, 'message'), died]))[0];
  await heard();
  return {
    tell: (word) => child.send(word),
    ask(question) {
      child.send(question);
      return heard();
    },
    async stop() {
      if (child.exitCode !== null) return;
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      child.send({ stop: true });
      await once(child, 'exit');
      clearTimeout(timer);
    },
    kill: () => child.kill('SIGKILL'),
  };
}

/** Ends this process with what it started, when it is asked to. `before` ends what the servers know nothing of. */
export function stopWithSignals(found, before = () => {}) {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ]) {
    process.once(signal, () => {
      before();
      found.stopNow();
      process.exit(code);
    });
  }
}
