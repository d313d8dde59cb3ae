// Usage: scripts/flood.mjs starts it        one built engine whose handlers wait until the gate is opened
// Messages to it: { open: true } lets its handlers answer, { report: true } asks for what it has counted.
import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boot } from '../bench/boot.mjs';

const FLOW = `
flow: flood
nodes:
  begin: { start: true }
  work: { task: flood.work, timeout: 5m }
  done: { end: success }
edges:
  - begin -> work -> done
`;

const data = mkdtempSync(join(tmpdir(), 'sluice-flood-'));
process.on('exit', () => rmSync(data, { recursive: true, force: true }));

// The flood is larger than the backlog at which starts are put off; here it is to be taken whole. That all handlers stand
// still is what is tested, and would open their circuit.
const tuning = { backlog: Number.MAX_SAFE_INTEGER, watchHealth: false };
const { engine, registry, publish, close } = await boot({ data, tuning });
let open = () => {};
const gate = new Promise((wake) => (open = wake));
const seen = new Set();
const counts = { calls: 0, again: 0, mostMiB: 0 };

registry.register('flood.work', async (_input, { idempotencyKey }) => {
  counts.calls += 1;
  if (seen.has(idempotencyKey)) counts.again += 1;
  seen.add(idempotencyKey);
  await gate;
  return { ok: true };
});
await publish(FLOW);
setInterval(() => {
  counts.mostMiB = Math.max(counts.mostMiB, process.memoryUsage().rss / 1_048_576);
}, 500).unref();

process.on('message', async (message) => {
  if (message.open) open();
  if (message.report) process.send({ ...counts, tally: engine.tally.all() });
  if (message.stop) {
    await close();
    process.exit(0);
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ up: true });
