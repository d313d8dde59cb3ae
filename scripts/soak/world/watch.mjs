// Looks at a run while it is under way, and tells when it has come to rest.
import { callApi } from '../../../test/support/servers/broker-api.mjs';
import { pause } from '../../../test/support/servers/processes.mjs';

/**
 * Longest wait for rest; far above what is allowed. I16 says how long it took, and all others are asked of a run that is over:
 * of one that still goes on they would only say so a thousand times.
 */
const PATIENCE_MS = 600_000;

/** Counts of an instance against its rows, in one statement and so in one state of the database. */
const MISCOUNTED = `
  SELECT i.id, i.active AS said, COUNT(n.node) AS found
  FROM instance i LEFT JOIN node_instance n
    ON n.instance = i.id AND n.status IN ('ready', 'waiting', 'incident', 'cancelling')
  WHERE i.id IN (SELECT id FROM (SELECT id FROM instance ORDER BY id DESC LIMIT 300) AS latest)
  GROUP BY i.id, i.active HAVING said <> found OR said < 0`;

/** Samples every `everyMs` until stopped; `stop()` answers what was broken and how much was redelivered. */
export function watch({ database, api, name }, everyMs) {
  const broken = new Map();
  let redelivered = 0;
  let last = 0;
  let on = true;
  const looking = (async () => {
    while (on) {
      const [rows] = await database.query(MISCOUNTED).catch(() => [[]]);
      for (const { id, said, found } of rows)
        broken.set(id, `${id} said ${said} active, but had ${found}, while faults were under way`);
      if (api) {
        const queues = await callApi(api, 'GET', `/api/queues/${name}`).catch(() => []);
        const now = queues.reduce((total, { message_stats: stats }) => total + (stats?.redeliver ?? 0), 0);
        // Counts of a broker die with it.
        redelivered += Math.max(0, now >= last ? now - last : now);
        last = now;
      }
      for (const end = Date.now() + everyMs; on && Date.now() < end; ) await pause(100);
    }
  })();
  return {
    async stop() {
      on = false;
      await looking;
      return { broken: [...broken.values()], redelivered };
    },
  };
}

/** Resolves when every key has its instance, and nothing runs any more; or when patience is over. */
export async function untilRest({ place: { database }, keys, since, tell }) {
  for (let told = 0; ; await pause(500)) {
    const left = await whatIsLeft(database, keys).catch((fault) => `an error: ${fault.message}`);
    const tookMs = Date.now() - since;
    if (left === '') return { atRest: true, tookMs, left };
    if (tookMs > PATIENCE_MS) return { atRest: false, tookMs, left };
    if (tookMs - told > 15_000) {
      told = tookMs;
      tell(`after ${Math.round(tookMs / 1_000)} s there are still ${left}`);
    }
  }
}

async function whatIsLeft(database, keys) {
  const count = async (sql) => Number((await database.query(sql))[0][0].many);
  const missing = keys - (await count('SELECT COUNT(DISTINCT business_key) AS many FROM instance'));
  if (missing > 0) return `${missing} keys without an instance`;
  const running = await count(
    "SELECT COUNT(*) AS many FROM instance WHERE status NOT IN ('completed', 'failed', 'cancelled', 'incident')",
  );
  if (running > 0) return `${running} running instances`;
  const dispatched = await count('SELECT COUNT(*) AS many FROM node_instance WHERE queue IS NOT NULL');
  return dispatched > 0 ? `${dispatched} dispatched node instances` : '';
}
