// Invariants of the run: broker, cost of duplicates, recovery, processes, secrets.

/** Above this, duplicates cost more than they should. */
const DEAREST = 1.25;
const REST_MS = 120_000;
/** Memory of one engine that nothing in a soak needs. */
const MOST_BYTES = 512 * 1024 * 1024;

/** How long after a queue or an exchange was deleted a message may still have found it missing. */
const MISSING_MS = 60_000;

/** Dispatches that fell due while a fault had taken away where they were to go: kept, and sent again by the sweep. */
const isHomeless = ({ source, code, kept_at: at }, { faults, began }) =>
  source === 'dispatch' &&
  code === 'UNROUTED' &&
  faults.some(
    ({ kind, atMs, tookMs, proof }) =>
      proof && kind.startsWith('delete a') && at >= began + atMs && at <= began + atMs + tookMs + MISSING_MS,
  );

/** The quarantine's rows, by why they are there. */
export function sortQuarantine({ rows, rubbish, faults, began }) {
  const markOf = ({ body }) => rubbish.find((text) => body === `{ ${text}`);
  const unexpected = rows.quarantine.filter((row) => !markOf(row));
  return {
    found: new Set(rows.quarantine.map(markOf)),
    homeless: unexpected.filter((row) => isHomeless(row, { faults, began })),
    strange: unexpected.filter((row) => !isHomeless(row, { faults, began })),
  };
}

/** The broker ends empty, and the quarantine holds only what was put there on purpose. */
export function I13(facts) {
  const { found, strange } = sortQuarantine(facts);
  return [
    ...Object.entries(facts.queues)
      .filter(([, count]) => count !== 0)
      .map(([name, count]) => (count === null ? `${name} is gone` : `${name} still has ${count} messages`)),
    ...strange.map(({ id, source, code, reason, body }) => `${id} ${source} ${code} ${reason} ${body.slice(0, 200)}`),
    ...facts.rubbish.filter((mark) => !found.has(mark)).map((mark) => `${mark} is not in the quarantine`),
  ];
}

/** Calls that nobody planned, for one that was needed. */
export const dearness = ({ ledger }) => (ledger.applied + ledger.again - ledger.planned) / Math.max(1, ledger.applied);

/** Duplicates cost time only: calls per applied effect stay near one. */
export const I15 = (facts) =>
  dearness(facts) <= DEAREST ? [] : [`${dearness(facts).toFixed(3)} calls for one effect, more than ${DEAREST}`];

/** After the last fault everything comes to rest. */
export const I16 = ({ rest }) =>
  rest.atRest && rest.tookMs <= REST_MS
    ? []
    : [rest.atRest ? `it took ${rest.tookMs} ms` : `after ${rest.tookMs} ms there were still ${rest.left}`];

/** Engines end as planned, and their memory stays bounded. */
export const I17 = ({ engines }) =>
  engines.flatMap(({ name, unplanned, rss }) => [
    ...unplanned.map(
      ({ code, signal, log }) => `${name} ended with ${signal ?? code}, which nobody planned: …${log.slice(-400)}`,
    ),
    ...rss
      .filter(({ bytes }) => bytes > MOST_BYTES)
      .slice(0, 1)
      .map(({ bytes }) => `${name} held ${Math.round(bytes / 1024 / 1024)} MiB`),
  ]);

/** No secret appears in a log. */
export const I18 = ({ engines, secrets }) =>
  engines.flatMap((engine) => {
    const text = engine.log(Number.POSITIVE_INFINITY);
    return secrets.flatMap((secret) => {
      const at = text.indexOf(secret);
      return at < 0 ? [] : [`${engine.name}: …${text.slice(Math.max(0, at - 300), at)}<the secret>`];
    });
  });
