// Usage: npm run soak -- --instances 500 --faults 25 [--seed S] [--gap MS] [--out DIR]
//          [--built]      the build is there and up to date
//          [--kill-database CMD] [--kill-broker CMD] [--start CMD]      only for servers that were given by their URLs
//
// Starts random flows on three engines, hurts engines, wires, database and broker meanwhile, waits for rest, and holds
// what is left against the invariants of docs/durability.md. The last line is one line of JSON; the code is 1 when an
// invariant broke or a kind of fault could never be shown to have happened. Takes --faults × --gap and two minutes.
import { fork } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brokerVersion, databaseVersion } from '../test/support/servers/versions.mjs';
import { startServers } from '../test/support/servers.mjs';
import { build } from './build.mjs';
import { root } from './lib/run.mjs';
import { soak } from './soak/soak.mjs';

const { values } = parseArgs({
  options: {
    instances: { type: 'string', default: '500' },
    faults: { type: 'string', default: '25' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    gap: { type: 'string', default: '4000' },
    out: { type: 'string', default: '' },
    built: { type: 'boolean', default: false },
    'kill-database': { type: 'string' },
    'kill-broker': { type: 'string' },
    start: { type: 'string' },
  },
});
const options = {
  wanted: Number(values.instances),
  faultCount: Number(values.faults),
  seed: values.seed,
  gapMs: Number(values.gap),
};
for (const [name, value] of Object.entries({
  instances: options.wanted,
  faults: options.faultCount,
  gap: options.gapMs,
})) {
  if (!Number.isSafeInteger(value) || value < 1) {
    console.error(`Expected --${name} to be a whole number from 1, but it is '${values[name]}'.`);
    process.exit(2);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'sluice-soak-'));
const tell = (text) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`);
let found = null;
let ledger = null;
process.on('exit', () => {
  ledger?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));

try {
  process.exitCode = await main();
} catch (fault) {
  // A run that broke off has no report, but what it leaves says why.
  if (values.out) keepEvidence(join(values.out, `soak-${values.instances}-${values.seed}`));
  throw fault;
} finally {
  await found?.stop();
}
// A socket of a server that is gone must not keep the run alive.
process.exit();

async function main() {
  if (!values.built && !(await build())) return 1;
  // A copy, so that somebody who builds meanwhile does not put another engine under the same run.
  const copy = join(folder, 'build');
  mkdirSync(copy);
  cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

  found = (await serversOfTests()) ?? (await startServers());
  if (!found) {
    console.error('Expected a database and a broker, but found none. See CONTRIBUTING.md.');
    return 1;
  }
  tell(`seed ${options.seed}: ${found.versions.database}, ${found.versions.broker} (${found.source})`);
  const books = join(folder, 'ledger.jsonl');
  const opened = await openLedger(books);
  const commands = { killDatabase: values['kill-database'], killBroker: values['kill-broker'], start: values.start };
  const { report, page } = await soak({
    options,
    found,
    commands,
    folder,
    build: join(copy, 'dist'),
    ledgerUrl: opened,
    books,
    tell,
  });
  if (values.out) {
    mkdirSync(values.out, { recursive: true });
    const name = join(values.out, `soak-${report.wanted}-${report.seed}`);
    writeFileSync(`${name}.json`, `${JSON.stringify(report, null, 2)}\n`);
    writeFileSync(`${name}.md`, page);
    tell(`written: ${name}.md`);
    // What is needed to find out why; of a run that passed nobody needs it.
    if (!report.passed) keepEvidence(name);
  }
  for (const { id, violations, first } of report.invariants) {
    if (violations > 0) tell(`${id}: ${violations} violations, such as ${first.slice(0, 3).join(' | ')}`);
  }
  for (const name of report.notExercised) tell(`path not exercised: ${name}`);
  if (report.faults.unsupported.length > 0)
    tell(`LEFT OUT, cannot be done to these servers: ${report.faults.unsupported.join(', ')}`);
  tell(report.confidence);
  const { passed, violations, instances, faults, restMs, tookMs } = report;
  console.log(
    JSON.stringify({
      passed,
      seed: options.seed,
      instances,
      violations,
      broken: report.invariants.filter(({ violations: count }) => count > 0).map(({ id }) => id),
      faults: faults.requested,
      confirmed: faults.confirmed,
      neverConfirmed: faults.never,
      unsupported: faults.unsupported,
      notExercised: report.notExercised,
      restMs,
      tookMs,
    }),
  );
  return passed ? 0 : 1;
}

/** Logs, journal and books, of the broker too where it is ours. */
function keepEvidence(name) {
  for (const file of readdirSync(folder).filter((each) => /\.(log|jsonl)$/.test(each))) {
    cpSync(join(folder, file), join(`${name}.evidence`, file));
  }
  const file = found?.env.SLUICE_TEST_SERVERS_FILE;
  const logs = file ? join(file, '../broker/log') : '';
  if (existsSync(logs)) cpSync(logs, join(`${name}.evidence`, 'broker'), { recursive: true });
}

/** Those of the test run that this is a part of, if it is one. */
async function serversOfTests() {
  const { SLUICE_TEST_DATABASE_URL: databaseUrl, SLUICE_TEST_BROKER_URL: brokerUrl, ...env } = process.env;
  if (!databaseUrl || !brokerUrl) return null;
  const [database, broker] = await Promise.all([databaseVersion(databaseUrl), brokerVersion(brokerUrl)]);
  const brokerApiUrl = env.SLUICE_TEST_BROKER_API_URL ?? null;
  return {
    source: 'tests',
    databaseUrl,
    brokerUrl,
    brokerApiUrl,
    env,
    versions: { database, broker },
    stop: async () => {},
  };
}

/** Starts the ledger; answers its URL. */
function openLedger(file) {
  const program = fileURLToPath(new URL('soak/world/ledger.mjs', import.meta.url));
  ledger = fork(program, ['--file', file, '--seed', options.seed], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  return new Promise((done, fail) => {
    ledger.stdout.once('data', (text) => done(String(text).trim()));
    ledger.once('exit', (code) => fail(new Error(`Expected the ledger to run, but it ended with ${code}.`)));
  });
}
