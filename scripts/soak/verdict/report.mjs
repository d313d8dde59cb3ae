// What a run says of itself, as JSON and as a page.
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { dearness, sortQuarantine } from './run.mjs';

/** Paths that must have been taken, or the run has not tried them: how to tell, from what engines and broker counted. */
const PATHS = {
  'deliveries that came again': ({ redelivered }) => redelivered,
  'events rejected as duplicates or late': ({ counted }) => sum(counted, /^rejected\./),
  'deliveries dropped as stale': ({ counted }) => counted['delivery.stale'] ?? 0,
  'dispatches swept and sent again': ({ counted }) => counted.swept ?? 0,
  'successors published again': ({ counted }) => counted['republished.successors'] ?? 0,
  'batches tried again, the database being away': ({ counted }) => counted['commit.away'] ?? 0,
  'starts that were there already': ({ counted }) => counted['start.duplicate'] ?? 0,
};

const sum = (counted, pattern) =>
  Object.entries(counted).reduce((total, [name, value]) => total + (pattern.test(name) ? value : 0), 0);

export function reportOf({
  options,
  versions,
  source,
  place,
  faults,
  unsupported,
  facts,
  counted,
  redelivered,
  invariants,
  times,
}) {
  const kinds = {};
  for (const { kind, proof } of faults) {
    kinds[kind] ??= { requested: 0, confirmed: 0 };
    kinds[kind].requested++;
    if (proof) kinds[kind].confirmed++;
  }
  const paths = Object.fromEntries(Object.entries(PATHS).map(([name, read]) => [name, read({ counted, redelivered })]));
  const never = Object.entries(kinds)
    .filter(([, { confirmed }]) => confirmed === 0)
    .map(([kind]) => kind);
  const violations = invariants.reduce((total, { violations: count }) => total + count, 0);
  const instances = facts.rows.instances.length;
  const recoveries = faults.map((fault) => ({
    ...fault,
    recoveredMs: recoveryOf(fault, facts.rows.instances, times.injectedAt),
  }));
  return {
    passed: violations === 0 && never.length === 0,
    violations,
    instances,
    ...options,
    began: new Date(times.began).toISOString(),
    tookMs: times.ended - times.began,
    git: git(),
    machine: {
      cpus: cpus().length,
      model: cpus()[0]?.model,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    },
    servers: { ...versions, source, managementApi: place.api !== null },
    starts: {
      accepted: facts.accepted.length,
      http: facts.accepted.filter(({ door }) => door === 'http').length,
      amqp: facts.accepted.filter(({ door }) => door === 'amqp').length,
      triedAgain: facts.accepted.reduce((total, { tries }) => total + tries, 0),
    },
    nodeInstances: [...facts.rows.nodes.values()].reduce((total, rows) => total + rows.length, 0),
    taskNodes: [...facts.told.values()].reduce((total, { tasks }) => total + tasks.size, 0),
    homeless: sortQuarantine(facts).homeless.length,
    waiting: facts.rows.instances.filter(({ status }) => status === 'incident').length,
    faults: {
      requested: faults.length,
      confirmed: faults.filter(({ proof }) => proof).length,
      kinds,
      never,
      unsupported,
    },
    invariants,
    ledger: {
      ...facts.ledger,
      callsPerEffect: round(facts.ledger.calls / Math.max(1, facts.ledger.applied)),
      unplannedCallsPerEffect: round(dearness(facts)),
    },
    paths,
    notExercised: Object.entries(paths)
      .filter(([, count]) => !(count > 0))
      .map(([name]) => name),
    restMs: facts.rest.tookMs,
    recoveryMs: spread(recoveries.flatMap(({ recoveredMs }) => recoveredMs ?? [])),
    durationMs: spread(
      facts.rows.instances.flatMap(({ started_at, ended_at }) => (ended_at === null ? [] : [ended_at - started_at])),
    ),
    engines: facts.engines.map(({ name, lives, failedStarts, rss }) => ({
      name,
      lives,
      failedStarts,
      mostMiB: Math.round(Math.max(0, ...rss.map(({ bytes }) => bytes)) / 2 ** 20),
    })),
    counted,
    confidence: confidence(violations, instances),
    notConfirmed: faults.filter(({ proof }) => !proof).map(({ kind, atMs, problem }) => ({ kind, atMs, problem })),
  };
}

/** How long after a fault the last instance that it met ended; null when it met none. */
function recoveryOf({ atMs, tookMs }, instances, began) {
  const [from, to] = [began + atMs, began + atMs + tookMs];
  const met = instances.filter(({ started_at, ended_at }) => started_at < to && ended_at > from);
  return met.length === 0 ? null : Math.max(0, ...met.map(({ ended_at }) => ended_at - to));
}

function spread(values) {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) };
}

const confidence = (violations, instances) =>
  violations > 0
    ? `${violations} violations in ${instances} instances: what follows is not a bound but a list of defects.`
    : `0 violations in ${instances} instances under this mix of faults: with 95 % confidence fewer than 3 in ${instances}, ${(300 / Math.max(1, instances)).toPrecision(2)} %.`;

const round = (value) => Math.round(value * 1_000) / 1_000;

function git() {
  try {
    const ask = (...args) =>
      execFileSync('git', args, { cwd: new URL('../../../', import.meta.url), stdio: 'pipe' })
        .toString()
        .trim();
    return {
      sha: ask('rev-parse', 'HEAD'),
      clean: ask('status', '--porcelain', '--', 'src', 'migrations', 'scripts/soak') === '',
    };
  } catch {
    return { sha: 'unknown', clean: false };
  }
}
