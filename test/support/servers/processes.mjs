import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';

/** The server's own user where we are root (both servers refuse or dislike root); nothing otherwise. */
export function userOf(name) {
  if (userInfo().uid !== 0) return {};
  try {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, name], { stdio: 'pipe' })));
    return { uid, gid };
  } catch {
    return {};
  }
}

/** The first of `names` that is an executable on PATH or in the usual places of system programs. */
export function findProgram(...names) {
  for (const name of names) {
    try {
      const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` };
      return execFileSync('sh', ['-c', 'command -v "$1"', 'sh', name], { env, stdio: 'pipe' }).toString().trim();
    } catch {
      // not this one
    }
  }
  return null;
}

/** `count` different loopback ports that were free a moment ago. */
export async function freePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve, reject) => {
          const server = createServer();
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * Starts a server in a process group of its own, so that one signal reaches everything it started, and a Ctrl-C in
 * the terminal reaches none of it before we had our turn.
 */
export function launch({ program, args, env, cwd, logFile, uid, gid }) {
  const log = openSync(logFile, 'a');
  try {
    const owner = uid === undefined ? {} : { uid, gid };
    const child = spawn(program, args, { env, cwd, detached: true, stdio: ['ignore', log, log], ...owner });
    child.on('error', () => {});
    child.unref();
    if (child.pid === undefined) throw new Error(`Expected '${program}' to start, but it did not.`);
    return child.pid;
  } finally {
    closeSync(log);
  }
}

/**
 * Whether any process of the group lives. The leader may be gone while what it started is still dying, and a zombie
 * answers signals although it is over; so each member's state is read where the system shows it.
 */
export function isAlive(pid) {
  try {
    process.kill(-pid, 0);
  } catch {
    return false;
  }
  if (!existsSync('/proc/self/stat')) return true;
  return readdirSync('/proc').some((name) => /^\d+$/.test(name) && isLivingMember(name, pid));
}

function isLivingMember(name, group) {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    const [state, , member] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(member) === group && state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}

export function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Asks the group to stop, and kills it when it has not within `graceMs`. */
export async function endGroup(pid, graceMs) {
  if (graceMs > 0) {
    signalGroup(pid, 'SIGTERM');
    for (const end = Date.now() + graceMs; Date.now() < end && isAlive(pid); ) await pause(50);
  }
  signalGroup(pid, 'SIGKILL');
  for (const end = Date.now() + 5_000; Date.now() < end && isAlive(pid); ) await pause(20);
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Calls `ask` until it answers; gives up with the log's end when the time is over or the process has gone. */
export async function waitFor(what, ask, { timeoutMs = 90_000, pid, logFile } = {}) {
  let last;
  for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
    try {
      return await ask();
    } catch (error) {
      last = error;
    }
    if (pid !== undefined && !isAlive(pid)) break;
    await pause(150);
  }
  const tail = logFile ? `\n${readFileSync(logFile, 'utf8').split('\n').slice(-25).join('\n')}` : '';
  throw new Error(`Expected ${what} to answer, but it did not (${last?.message}).${tail}`);
}

/** The kernel may close a dead server's sockets a little after the process is gone. */
export async function untilRefused(port) {
  const isRefused = () =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => socket.destroy());
      socket.once('error', (error) => resolve(error.code === 'ECONNREFUSED'));
      socket.once('close', () => resolve(false));
    });
  for (const end = Date.now() + 5_000; Date.now() < end && !(await isRefused()); ) await pause(20);
}
