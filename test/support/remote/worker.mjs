// Usage: node test/support/remote/worker.mjs      a remote worker that a test may kill
// BROKER: URL; TASK: its name; LEDGER: URL that is told of each task before it is worked on; WORK_MS: how long the work
// takes; BEAT_MS: how often it says that it is still at it (never without); FAULTS: how many tasks are first answered by
// nonsense. Prints `up` when it consumes.
import { connect } from 'amqplib';

const { BROKER, TASK, LEDGER, WORK_MS = '0', BEAT_MS, FAULTS = '0' } = process.env;
const pause = (ms) => new Promise((wake) => setTimeout(wake, ms));
let faults = Number(FAULTS);

async function serve() {
  const connection = await connect(BROKER, { heartbeat: 5 });
  const gone = new Promise((wake) => {
    connection.on('error', () => {});
    connection.on('close', wake);
  });
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => {});
  const queue = `sluice.task.${TASK}`;
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.prefetch(20);
  await channel.consume(queue, (message) => {
    if (message) void work(channel, message).catch(() => {});
  });
  process.stdout.write('up\n');
  await gone;
}

async function work(channel, message) {
  const { idempotencyKey, instance, node, visit, attempt, task, input } = JSON.parse(message.content);
  const answer = (body) => send(channel, message, { idempotencyKey, ...body });
  await fetch(LEDGER, {
    method: 'POST',
    body: JSON.stringify({ idempotencyKey, instance, node, visit, attempt, handler: task }),
  });
  const beats = BEAT_MS ? setInterval(() => answer({ type: 'heartbeat' }).catch(() => {}), Number(BEAT_MS)) : undefined;
  await pause(Number(WORK_MS));
  clearInterval(beats);
  if (faults-- > 0) await answer({ type: 'nonsense' });
  await answer({ type: 'ok', output: { of: input.orderId ?? null } });
  channel.ack(message);
}

async function send(channel, { properties: { replyTo, correlationId } }, body) {
  const options = { correlationId, contentType: 'application/json', persistent: true };
  channel.sendToQueue(replyTo, Buffer.from(JSON.stringify(body)), options);
  await channel.waitForConfirms();
}

for (;;) {
  await serve().catch(() => {});
  await pause(200);
}
