// Usage: node scripts/delays.mjs [--count N] [--longest MS] [--seed N]     how exactly delays end, after npm run build
//
// On the broker of SLUICE_BROKER_URL, with the driver that SLUICE_DELAY says (auto, plugin, ladder). Sends N dispatches with
// delays up to MS, ten at a time and in no order, then the plan's 5 s, 30 s and 120 s as far as MS allows, and receives
// them as an engine does: what comes more than 200 ms early is sent on with what is left. Prints how far from its time each came.
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';

const load = (path) => import(new URL(`../dist/src/${path}.js`, import.meta.url));
const [{ RabbitBroker }, { isDue }] = await Promise.all([load('broker/rabbit-broker'), load('engine/intake/verdict')]);

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '300' },
    longest: { type: 'string', default: '60000' },
    seed: { type: 'string', default: '20261122' },
  },
});
const [count, longestMs] = [Number(values.count), Number(values.longest)];
const EXACT_MS = [5_000, 30_000, 120_000];
const EXACT_EACH = 20;
const SHORTEST_MS = 250;
/** Sent in one go, when the broker has confirmed those before. */
const TOGETHER = 10;

const url = process.env.SLUICE_BROKER_URL ?? 'amqp://127.0.0.1';
const prefix = `delays-${randomBytes(3).toString('hex')}`;
const lines = { info() {}, warn: console.warn, error: console.error };
const broker = new RabbitBroker({ url, prefix, delay: process.env.SLUICE_DELAY ?? 'auto' }, lines);

/** The same delays at every run: a linear congruential generator is enough for that. */
function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function planned() {
  const roll = dice(Number(values.seed));
  const random = Array.from({ length: count }, () => ({
    group: `up to ${longestMs / 1_000} s`,
    delayMs: SHORTEST_MS + Math.floor(roll() * (longestMs - SHORTEST_MS)),
  }));
  const exact = EXACT_MS.flatMap((delayMs) =>
    Array.from({ length: EXACT_EACH }, () => ({ group: `${delayMs / 1_000} s`, delayMs })),
  );
  return [...random, ...exact.filter(({ delayMs }) => delayMs <= Math.max(longestMs, 120_000))];
}

const dispatch = (index, wakeAt, number) => ({
  instance: `d-${index}`,
  flow: 'delays',
  version: 1,
  node: 'wait',
  visit: 1,
  attempt: 1,
  dispatch: number,
  kind: 'task',
  handler: 'none',
  lane: 'retry',
  wakeAt,
});

async function measure() {
  const waits = planned().map((wait, index) => ({ ...wait, index, wakeAt: 0, hops: 0, drift: null }));
  let open = waits.length;
  let over;
  const ended = new Promise((wake) => {
    over = wake;
  });
  const send = (messages) => {
    const now = Date.now();
    return broker.publish(messages.map((message) => ({ message, delayMs: Math.max(1, message.wakeAt - now) })));
  };
  await broker.consume('retry', 500, (delivery) => {
    const { message } = delivery;
    const now = Date.now();
    const wait = waits[Number(message.instance.slice(2))];
    wait.hops++;
    if (!isDue(message, now)) {
      void send([{ ...message, dispatch: message.dispatch + 1 }]).then(() => delivery.ack());
      return;
    }
    delivery.ack();
    if (wait.drift !== null) return;
    wait.drift = now - message.wakeAt;
    if (--open === 0) over();
  });
  for (let from = 0; from < waits.length; from += TOGETHER) {
    const some = waits.slice(from, from + TOGETHER);
    const now = Date.now();
    for (const wait of some) wait.wakeAt = now + wait.delayMs;
    const taken = await send(some.map(({ index, wakeAt }) => dispatch(index, wakeAt, 1)));
    if (taken.includes(false)) throw new Error('Expected the broker to take every delay, but it did not.');
  }
  await ended;
  return waits;
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

function row(group, waits) {
  const drift = waits.map((wait) => wait.drift).sort((a, b) => a - b);
  const off = drift.map(Math.abs).sort((a, b) => a - b);
  const hops = waits.map((wait) => wait.hops);
  const figures = [
    waits.length,
    drift[0],
    at(drift, 0.5),
    at(drift, 0.99),
    drift.at(-1),
    at(off, 0.99),
    Math.max(...hops),
  ];
  return `| ${[group, ...figures].join(' | ')} |`;
}

try {
  await broker.open(AbortSignal.timeout(30_000));
  const { product, version, delay } = broker.state().about;
  console.log(`${product} ${version}, ${delay}; milliseconds after the due time, negative is early`);
  console.log('| delays | count | earliest | p50 | p99 | latest | p99 off either way | most hops |');
  console.log('|---|---|---|---|---|---|---|---|');
  const waits = await measure();
  for (const group of new Set(waits.map((wait) => wait.group)))
    console.log(
      row(
        group,
        waits.filter((wait) => wait.group === group),
      ),
    );
} finally {
  await broker.close();
  await cleanUp();
}

/** What was declared is the run's own. */
async function cleanUp() {
  const [{ connect }, { topologyOf }] = await Promise.all([import('amqplib'), load('broker/topology/topology')]);
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const { queues, exchanges, plugin } = topologyOf(prefix);
  for (const { name } of queues) await channel.deleteQueue(name);
  for (const { name } of [...exchanges, plugin.exchange]) await channel.deleteExchange(name);
  await connection.close();
}
