// Usage: npm test [-- <vitest filters>]     checks, builds, and runs every test that this machine can run.
//
// Servers: SLUICE_DATABASE_URL and SLUICE_BROKER_URL, else Docker, else installed programs as private processes, else,
// with CI=true or SLUICE_INSTALL=1 as root on Debian, installed by apt-get first. Without any of them the tests that
// need servers are left out, and the end of the output says so.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canStartDocker } from '../test/support/servers/docker.mjs';
import { installPackages, mayInstall } from '../test/support/servers/install.mjs';
import { findProgram } from '../test/support/servers/processes.mjs';
import { findPython } from '../test/support/servers/python.mjs';
import { startServers } from '../test/support/servers.mjs';
import { build } from './build.mjs';
import { endChildren, run, tool } from './lib/run.mjs';
import { filesUnder } from './lib/sources.mjs';
import { summarise } from './lib/summary.mjs';

const filters = process.argv.slice(2);
// A taste of the simulation; in CI all of it, which takes nine minutes on two cores. See docs/simulation.md.
const SIMULATIONS =
  process.env.CI === 'true'
    ? [['--schedules', '20000'], ['--schedules', '1000', '--store', 'sqlite'], ['--mutants']]
    : [['--schedules', '500']];
const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
let servers = null;

// Servers that this process started stop themselves when it exits.
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.on(signal, () => {
    endChildren();
    process.exit(code);
  });
}

try {
  process.exitCode = await main();
} finally {
  await servers?.stop();
}

async function main() {
  const failures = [];
  // The architecture tests are part of the run below; here they would only run twice.
  if ((await run(process.execPath, ['scripts/check.mjs', '--without-architecture'])).code !== 0) failures.push('check');
  if (!(await build())) failures.push('build');
  if (filters.length === 0) failures.push(...(await simulate()));

  const installed = install();
  servers = await startServers();
  const versions = await printVersions();
  const left = leftOut(versions);
  const projects = ['unit', ...(servers ? ['servers'] : []), ...(versions.chromium ? ['browser'] : [])];
  const report = join(folder, 'report.json');
  const { code } = await run(
    tool('vitest'),
    [
      'run',
      ...projects.flatMap((name) => ['--project', name]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      '--passWithNoTests',
      ...filters,
    ],
    { env: { ...servers?.env, ...(versions.chromium ? { CHROMIUM: versions.chromium } : {}) } },
  );
  const { passed, failed, skipped } = summarise(read(report), failures);
  for (const name of failures) console.log(`FAILED: ${name} (see above)`);
  for (const line of [...left, ...installed]) console.log(line);
  console.log(`${passed} passed, ${failed} failed, ${skipped + left.length} skipped`);
  const incomplete = process.env.CI === 'true' && left.length > 0;
  return code === 0 && failed === 0 && passed > 0 && !incomplete ? 0 : 1;
}

/** Answers with the simulations that found something, or could not be run. */
async function simulate() {
  const failed = [];
  for (const args of SIMULATIONS)
    if ((await run(process.execPath, ['scripts/sim.mjs', ...args])).code !== 0) failed.push(`sim ${args.join(' ')}`);
  return failed;
}

/** Brings what is missing where that was allowed; answers with lines for the end of the output. */
function install() {
  if (!mayInstall(process.env)) return [];
  const given = process.env.SLUICE_DATABASE_URL || canStartDocker();
  const missing = [
    ...(given || findProgram('mariadbd', 'mysqld') ? [] : ['mariadb-server']),
    ...(given || findProgram('rabbitmq-server') ? [] : ['rabbitmq-server']),
    ...(findChromium() ? [] : ['chromium']),
    ...(findPython() ? [] : ['python3', 'python3-pika']),
  ];
  if (missing.length === 0) return [];
  installPackages(missing, (text) => console.log(text));
  return [`installed for this run: ${missing.join(', ')}`];
}

async function printVersions() {
  const chromium = findChromium();
  console.log(`node:     ${process.version}`);
  console.log(`database: ${servers?.versions.database ?? 'none'}${servers ? ` (${servers.source})` : ''}`);
  console.log(`broker:   ${servers?.versions.broker ?? 'none'}${servers ? ` (${servers.source})` : ''}`);
  console.log(`chromium: ${chromium ?? 'none'}`);
  console.log(`python:   ${findPython() ?? 'none'} (with pika)`);
  return { chromium };
}

function leftOut({ chromium }) {
  const files = filesUnder('test');
  const needServers = files.filter((path) => path.endsWith('.int.spec.ts')).length;
  const needBrowser = files.filter((path) => path.endsWith('.browser.spec.ts')).length;
  return [
    ...(servers || needServers === 0
      ? []
      : [
          `SKIPPED: ${needServers} test files, because there is no database and broker. Start Docker, or see CONTRIBUTING.md.`,
        ]),
    ...(chromium || needBrowser === 0
      ? []
      : [`SKIPPED: ${needBrowser} test files, because there is no Chromium. Install it, or see CONTRIBUTING.md.`]),
    ...(findPython()
      ? []
      : [
          'SKIPPED: the Python worker, because there is no Python with pika. Install python3-pika, or see CONTRIBUTING.md.',
        ]),
  ];
}

function findChromium() {
  return process.env.CHROMIUM ?? findProgram('chromium', 'chromium-browser', 'google-chrome');
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
