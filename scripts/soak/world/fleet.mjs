// The engines: child processes with a proxy for each of their two connections, addressed by pid.
import { fork } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, pause } from '../../../test/support/servers/processes.mjs';
import { openProxy } from './proxy.mjs';

const CHILD = fileURLToPath(new URL('engine.mjs', import.meta.url));
const UP_MS = 90_000;

/** Starts `count` engines; `settings` are their environment beside addresses and port. */
export async function openFleet({ count, databaseUrl, brokerUrl, settings, folder }) {
  const ports = await freePorts(count);
  const engines = [];
  for (let at = 0; at < count; at++) {
    const [database, broker] = await Promise.all([proxyFor(databaseUrl, 3306), proxyFor(brokerUrl, 5672)]);
    engines.push(
      new EngineProcess({
        name: `engine-${at + 1}`,
        url: `http://127.0.0.1:${ports[at]}`,
        proxies: { database: database.proxy, broker: broker.proxy },
        logFile: join(folder, `engine-${at + 1}.log`),
        env: {
          ...plain(),
          ...settings,
          SLUICE_DATABASE_URL: database.url,
          SLUICE_BROKER_URL: broker.url,
          SLUICE_PORT: String(ports[at]),
        },
      }),
    );
  }
  // The first one makes the schema; together they would wait for one another all the same.
  for (const engine of engines) await engine.start();
  return engines;
}

async function proxyFor(url, port) {
  const own = new URL(url);
  const proxy = await openProxy({ host: own.hostname, port: Number(own.port || port) });
  own.hostname = '127.0.0.1';
  own.port = String(proxy.port);
  return { proxy, url: own.href };
}

/** This process's environment without any setting of Sluice. */
const plain = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(SLUICE|SOAK)_/.test(name)));

class EngineProcess {
  /** Whether a fault has it, so that no second one takes it. */
  busy = false;
  pid = null;
  lives = 0;
  /** Starts that failed while they were allowed to: a supervisor would try again, and so do we. */
  failedStarts = 0;
  /** Ends that nobody planned. */
  unplanned = [];
  rss = [];
  /** What all its lives have counted, to within a second of each end. */
  counted = {};

  constructor(parts) {
    Object.assign(this, parts);
  }

  /** Resolves when its doors are open. */
  async start(withinMs = UP_MS) {
    for (const end = Date.now() + withinMs; ; ) {
      if (await this.#try()) return;
      this.failedStarts++;
      if (Date.now() > end)
        throw new Error(`Expected ${this.name} to come up within ${withinMs} ms, but it did not: ${this.log(1_500)}`);
      await pause(500);
    }
  }

  async #try() {
    const out = openSync(this.logFile, 'a');
    const child = fork(CHILD, { env: this.env, stdio: ['ignore', out, out, 'ipc'] });
    closeSync(out);
    this.child = child;
    this.pid = child.pid;
    this.planned = false;
    let up = false;
    let tally = {};
    const began = Date.now();
    const opened = new Promise((done) => {
      child.on('message', (message) => {
        if (message.up) {
          up = true;
          this.lives++;
          done(true);
        } else {
          tally = message.tally;
          this.rss.push({ forMs: Date.now() - began, life: this.lives, bytes: message.rss });
          this.running = tally;
        }
      });
      child.once('exit', () => done(false));
    });
    this.gone = new Promise((done) => {
      child.once('exit', (code, signal) => {
        for (const [name, value] of Object.entries(tally)) this.counted[name] = (this.counted[name] ?? 0) + value;
        this.running = {};
        if (up && !this.planned) this.unplanned.push({ code, signal, log: this.log(800) });
        done({ code, signal });
      });
    });
    return opened;
  }

  /** Sends a signal and resolves with `{ code, signal }` when the process is gone. */
  async end(signal) {
    this.planned = true;
    this.signal(signal);
    return this.gone;
  }

  signal(signal) {
    if (this.child.exitCode === null && this.child.signalCode === null) process.kill(this.pid, signal);
  }

  letGo() {
    for (const proxy of Object.values(this.proxies)) proxy.letGo();
  }

  log(chars) {
    return readFileSync(this.logFile, 'utf8').slice(-chars);
  }

  async close() {
    this.planned = true;
    this.signal('SIGCONT');
    this.signal('SIGKILL');
    await this.gone;
    await Promise.all(Object.values(this.proxies).map((proxy) => proxy.close()));
  }
}

/** What all engines have counted in all their lives. */
export function counted(engines) {
  const all = {};
  for (const { counted: ended, running = {} } of engines) {
    for (const part of [ended, running]) {
      for (const [name, value] of Object.entries(part)) all[name] = (all[name] ?? 0) + value;
    }
  }
  return all;
}
