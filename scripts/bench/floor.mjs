// Usage: node scripts/bench/floor.mjs --mode batched|unbatched|raw --seconds 8     (databaseUrl, brokerUrl in the environment)
// The least that one durable step can cost, with raw clients: consume, one transaction of one update and two inserts of
// about 1 KiB, publish with confirm, acknowledge. One durable quorum queue, noDelay. Prints one line of JSON.
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import amqp from 'amqplib';
import mysql from 'mysql2/promise';
import { Samples } from './samples.mjs';

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'batched' },
    seconds: { type: 'string', default: '8' },
    warmup: { type: 'string', default: '2' },
  },
});

/** Messages in circulation, transactions at once, most messages in a transaction. */
const MODES = {
  batched: { circulating: 1_000, prefetch: 600, committers: 2, batch: 200 },
  unbatched: { circulating: 1_000, prefetch: 64, committers: 64, batch: 1 },
  raw: { circulating: 1, prefetch: 1, committers: 1, batch: 1 },
};

const mode = MODES[values.mode];
if (!mode)
  throw new Error(`Expected --mode to be one of ${Object.keys(MODES).join(', ')}, but it is '${values.mode}'.`);

const PAYLOAD = 'x'.repeat(1_000);
const QUEUE = `sluice.bench.floor.${randomUUID()}`;
const rows = Number(mode.circulating);

const pool = mysql.createPool({ uri: process.env.SLUICE_BENCH_DATABASE_URL, connectionLimit: mode.committers + 2 });
await pool.query('DROP TABLE IF EXISTS floor_state, floor_history, floor_outbox');
await pool.query('CREATE TABLE floor_state (id INT PRIMARY KEY, steps BIGINT NOT NULL) ENGINE=InnoDB');
for (const table of ['floor_history', 'floor_outbox']) {
  await pool.query(
    `CREATE TABLE ${table} (id BIGINT AUTO_INCREMENT PRIMARY KEY, state INT NOT NULL, body VARCHAR(1100) NOT NULL) ENGINE=InnoDB`,
  );
}
await pool.query('INSERT INTO floor_state VALUES ?', [Array.from({ length: rows }, (_, id) => [id, 0])]);

const connection = await amqp.connect(process.env.SLUICE_BENCH_BROKER_URL, { noDelay: true });
const publisher = await (
  await amqp.connect(process.env.SLUICE_BENCH_BROKER_URL, { noDelay: true })
).createConfirmChannel();
const consumer = await connection.createChannel();
await publisher.assertQueue(QUEUE, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
await consumer.prefetch(mode.prefetch);

let steps = 0;
let counting = false;
const latencies = new Samples();
const waiting = [];
let free = mode.committers;

const publish = (bodies) =>
  Promise.all(
    bodies.map(
      (body) =>
        new Promise((done, fail) =>
          publisher.sendToQueue(QUEUE, body, { persistent: true }, (fault) => (fault ? fail(fault) : done())),
        ),
    ),
  );

async function commit(batch) {
  const db = await pool.getConnection();
  const ids = batch.map(({ id }) => id);
  await db.query('BEGIN');
  await db.query('UPDATE floor_state SET steps = steps + 1 WHERE id IN (?)', [ids]);
  await db.query('INSERT INTO floor_history (state, body) VALUES ?', [ids.map((id) => [id, PAYLOAD])]);
  await db.query('INSERT INTO floor_outbox (state, body) VALUES ?', [ids.map((id) => [id, PAYLOAD])]);
  await db.query('COMMIT');
  db.release();
}

async function work() {
  while (free > 0 && waiting.length > 0) {
    free--;
    const batch = waiting.splice(0, mode.batch);
    commit(batch).then(() => {
      free++;
      // Confirms and acknowledgements are answered beside the next transaction.
      publish(batch.map(({ id }) => bodyOf(id))).then(() => {
        for (const { message } of batch) consumer.ack(message);
      });
      if (counting) steps += batch.length;
      void work();
    });
  }
}

/** Each message carries when it was sent, so that the next hop can tell how long a whole step took. */
const bodyOf = (id) => Buffer.from(JSON.stringify({ id, at: performance.now(), pad: PAYLOAD }));

await consumer.consume(QUEUE, (message) => {
  // The place is taken down while the last messages are on their way.
  if (message === null) return;
  const { id, at } = JSON.parse(message.content);
  // From one message in to the next message in: the first is known by the send of the hop before.
  if (counting) latencies.add(performance.now() - (lastIn.get(id) ?? at));
  lastIn.set(id, performance.now());
  waiting.push({ id, message });
  // One turn later: the messages of one packet share a transaction.
  queueMicrotask(work);
});
const lastIn = new Map();
await publish(Array.from({ length: mode.circulating }, (_, id) => bodyOf(id)));

const wait = (seconds) => new Promise((wake) => setTimeout(wake, seconds * 1_000));
await wait(Number(values.warmup));
counting = true;
const begun = performance.now();
await wait(Number(values.seconds));
counting = false;
const seconds = (performance.now() - begun) / 1_000;
await publisher.deleteQueue(QUEUE);
console.log(
  JSON.stringify({
    mode: values.mode,
    stepsPerSecond: steps / seconds,
    p50Ms: latencies.quantile(0.5),
    p99Ms: latencies.quantile(0.99),
  }),
);
process.exit(0);
