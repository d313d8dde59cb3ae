import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { findProgram } from './processes.mjs';

const GUARD = '/usr/sbin/policy-rc.d';

/** Only where somebody said so: a test run must not change a developer's machine by surprise. */
export const mayInstall = (env) =>
  (env.CI === 'true' || env.SLUICE_INSTALL === '1') &&
  userInfo().uid === 0 &&
  existsSync('/etc/debian_version') &&
  findProgram('apt-get') !== null;

/** Installs Debian packages without letting any of them start a service. */
export function installPackages(packages, log) {
  const earlier = existsSync(GUARD) ? readFileSync(GUARD) : null;
  writeFileSync(GUARD, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    log(`installing ${packages.join(', ')} …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    apt(['update', '-qq'], env);
    apt(['install', '-y', '-qq', '--no-install-recommends', ...packages], env);
  } finally {
    if (earlier === null) rmSync(GUARD, { force: true });
    else writeFileSync(GUARD, earlier, { mode: 0o755 });
  }
}

function apt(args, env) {
  try {
    execFileSync('apt-get', args, { env, stdio: 'pipe', maxBuffer: 64 << 20 });
  } catch (error) {
    throw new Error(`Expected 'apt-get ${args[0]}' to succeed, but it did not.\n${error.stdout}${error.stderr}`);
  }
}
