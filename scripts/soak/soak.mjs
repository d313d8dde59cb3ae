// One run, from the first definition to the verdict.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { pause } from '../../test/support/servers/processes.mjs';
import { dice } from './dice.mjs';
import { inject, planFaults, unsupported } from './faults/inject.mjs';
import { flowOf } from './flows.mjs';
import { load, planStarts } from './load.mjs';
import { amqpDoor, httpDoor, openJournal } from './starts.mjs';
import { drainEnds, foretellAll, readBooks, readQueues, readRows } from './verdict/facts.mjs';
import { judge } from './verdict/judge.mjs';
import { pageOf } from './verdict/page.mjs';
import { reportOf } from './verdict/report.mjs';
import { counted, openFleet } from './world/fleet.mjs';
import { openPlace } from './world/place.mjs';
import { untilRest, watch } from './world/watch.mjs';

const ENGINES = 3;
const FLOWS = 12;
const ENDS = 'soak.ends';
/** What has just been declared must be on the broker's disk before the broker may be killed. */
const SETTLED_MS = 5_000;
/** A run with less room than this between its faults cannot wait for the engine's own intervals. */
const SHORT_GAP_MS = 5_000;
const SHORT_TUNING = { sweepEveryMs: 3_000, sweepGraceMs: 10_000, sweepQuietMs: 10_000 };
const LONGEST_MS = { short: 12_000, long: 90_000 };

/** Runs it all; answers `{ report, page }`. Stops every process that it started, also when it fails. */
export async function soak({ options, found, commands, folder, build, ledgerUrl, books, tell }) {
  const { seed, wanted, faultCount, gapMs } = options;
  const began = Date.now();
  const short = gapMs < SHORT_GAP_MS;
  const lengthMs = faultCount * gapMs;
  const secret = `marker-${randomBytes(8).toString('hex')}`;
  const token = `token-${randomBytes(12).toString('hex')}`;
  const place = await openPlace(found, commands);
  let engines = [];
  const closing = [];
  try {
    const definitions = join(folder, 'definitions');
    mkdirSync(definitions, { recursive: true });
    engines = await openFleet({
      count: ENGINES,
      databaseUrl: place.databaseUrl,
      brokerUrl: place.brokerUrl,
      folder,
      settings: {
        SLUICE_DEFINITIONS: definitions,
        SLUICE_TOPOLOGY_PREFIX: place.prefix,
        SLUICE_TOKEN: token,
        SLUICE_MIGRATE: 'true',
        SLUICE_LOG: 'info',
        // Its one partner fails on purpose all the time, for all tasks: circuits would open for nothing that was done.
        SLUICE_WATCH_HEALTH: 'false',
        SOAK_BUILD: build,
        SOAK_LEDGER: ledgerUrl,
        SOAK_TUNING: JSON.stringify(short ? SHORT_TUNING : {}),
      },
    });
    tell(`${ENGINES} engines are up`);
    const flows = Array.from({ length: FLOWS }, (_, at) => flowOf(seed, at + 1));
    const http = httpDoor(engines, token, dice(seed, 'doors'));
    for (const [first] of flows) await http.publish(first.yaml);
    await listen(place);

    const amqp = amqpDoor(place.brokerUrl, place.prefix);
    const journal = openJournal(join(folder, 'accepted.jsonl'));
    const watched = watch(place, short ? 2_000 : 10_000);
    closing.push(
      () => amqp.close(),
      () => journal.close(),
      () => watched.stop(),
    );

    const plan = planStarts({ seed, count: wanted, flows, secret });
    const faultPlan = planFaults({ seed, count: faultCount, lengthMs, place });
    await pause(SETTLED_MS);
    tell(`${wanted} starts and ${faultCount} faults within ${Math.round(lengthMs / 1_000)} s`);
    const under = {
      seed,
      place,
      engines,
      flows: lookUp(flows),
      longestMs: short ? LONGEST_MS.short : LONGEST_MS.long,
      tell,
    };
    const loading = load({ plan, seed, flows, lengthMs, http, amqp, journal, tell });
    const injectedAt = Date.now();
    const faults = await inject({ plan: faultPlan, ...under });
    for (const engine of engines) engine.letGo();
    const lastFaultAt = Date.now();
    tell(`${faults.filter(({ proof }) => proof).length} of ${faults.length} faults are confirmed; waiting for rest`);
    const { accepted, rubbish } = await loading;
    const rest = await untilRest({ place, keys: plan.size, since: lastFaultAt, tell });
    const samples = await watched.stop();

    const rows = await readRows(place.database);
    const ends = await drainEnds(place, ENDS);
    const facts = {
      rows,
      faults,
      began: injectedAt,
      plan,
      accepted,
      rubbish,
      told: foretellAll({ instances: rows.instances, plan, flows }),
      books: readBooks(books),
      ledger: await (await fetch(ledgerUrl)).json(),
      queues: await readQueues(place),
      ends,
      samples: samples.broken,
      rest,
      engines,
      secrets: [secret, token, place.password],
    };
    const invariants = judge(facts);
    const report = reportOf({
      options,
      versions: found.versions,
      source: found.source,
      place,
      faults,
      unsupported: unsupported(place),
      facts,
      counted: counted(engines),
      redelivered: place.api ? samples.redelivered : null,
      invariants,
      times: { began, injectedAt, ended: Date.now() },
    });
    return { report, page: pageOf(report) };
  } finally {
    await Promise.allSettled(closing.map((close) => close()));
    await Promise.allSettled(engines.map((engine) => engine.close()));
    await place.close().catch((fault) => tell(`could not clean up: ${fault.message}`));
  }
}

/** Keeps every end that is told to the outside. */
async function listen({ brokerUrl, prefix }) {
  const connection = await connect(brokerUrl);
  const channel = await connection.createChannel();
  await channel.assertQueue(ENDS, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  for (const how of ['completed', 'failed', 'cancelled'])
    await channel.bindQueue(ENDS, `${prefix}.events`, `instance.${how}.#`);
  await connection.close();
}

/** Which nodes are timers, for whoever forges messages. */
function lookUp(flows) {
  const timers = new Set();
  for (const { flow, version, step } of flows.flat()) {
    const walk = (at) => {
      if (at.kind === 'nap') timers.add(`${flow} ${version} ${at.id}`);
      for (const inner of at.steps ?? at.arms ?? (at.body ? [at.body] : [])) walk(inner);
    };
    walk(step);
  }
  return { isTimer: (flow, version, node) => timers.has(`${flow} ${version} ${node}`) };
}
