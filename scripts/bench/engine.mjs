// Usage: node scripts/bench/engine.mjs --flow linear|fan [--in-flight N] --seconds 8 [--computes 0]
// Runs the built engine, without HTTP, in the mode that the environment chooses (SLUICE_BENCH_WRITER=thread: a thread writes the embedded file), under a closed loop of instances.
// Each handler computes for so many microseconds, and answers with about 1 KiB. Prints one line of JSON.
import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { boot } from './boot.mjs';
import { counters } from './counters.mjs';
import { FLOWS } from './flows.mjs';
import { Samples } from './samples.mjs';

const { values } = parseArgs({
  options: {
    flow: { type: 'string', default: 'linear' },
    'in-flight': { type: 'string' },
    seconds: { type: 'string', default: '8' },
    warmup: { type: 'string', default: '3' },
    computes: { type: 'string', default: '0' },
  },
});
const flow = FLOWS[values.flow];
if (!flow)
  throw new Error(`Expected --flow to be one of ${Object.keys(FLOWS).join(', ')}, but it is '${values.flow}'.`);

const inFlight = Number(values['in-flight'] ?? flow.inFlight);

const data = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const { engine, registry, publish, close } = await boot({
  data,
  hasWriter: process.env.SLUICE_BENCH_WRITER === 'thread',
});
const OUTPUT = { pad: 'x'.repeat(1_000) };
const latencies = new Samples();
const lastIn = new Map();
let counting = false;
let steps = 0;

/**
 * From one handler's call to the next one's in the same instance: one message in to the next message in. Of parallel
 * branches the first call counts, and the join's successor counts from the last.
 */
function step({ id }, { node }) {
  if (!counting) return;
  steps++;
  const now = performance.now();
  const before = lastIn.get(id);
  const sibling = before !== undefined && flow.parallel.includes(node) && flow.parallel.includes(before.node);
  if (before !== undefined && !sibling) latencies.add(now - before.at);
  lastIn.set(id, { at: now, node });
}

const computesMs = Number(values.computes) / 1_000;
function compute() {
  if (computesMs > 0) for (const end = performance.now() + computesMs; performance.now() < end; );
}

let next = 0;
const start = async () => {
  const id = `${process.pid}-${next++}`;
  const answer = await engine.startInstance.execute({ flow: flow.id, input: { id } });
  if (!answer.ok) throw new Error(answer.error.message);
};

registry.register('bench.work', (input, context) => {
  step(input, context);
  compute();
  return OUTPUT;
});
registry.register('bench.last', (input, context) => {
  step(input, context);
  compute();
  lastIn.delete(input.id);
  void start();
  return OUTPUT;
});
await publish(flow.source);
await Promise.all(Array.from({ length: inFlight }, start));

const wait = (seconds) => new Promise((wake) => setTimeout(wake, seconds * 1_000));
await wait(Number(values.warmup));
const database = process.env.SLUICE_DATABASE_URL ? await counters(process.env.SLUICE_DATABASE_URL) : null;
const stored = await database?.read();
const before = engine.tally.all();
const cpu = process.cpuUsage();
counting = true;
const begun = performance.now();
await wait(Number(values.seconds));
counting = false;
const seconds = (performance.now() - begun) / 1_000;
const used = process.cpuUsage(cpu);
const after = engine.tally.all();
const written = stored && (await database.since(stored));
const rose = (name) => (after[name] ?? 0) - (before[name] ?? 0);
console.log(
  JSON.stringify({
    flow: values.flow,
    inFlight,
    stepsPerSecond: steps / seconds,
    p50Ms: latencies.quantile(0.5),
    p99Ms: latencies.quantile(0.99),
    cpuMicrosPerStep: (used.user + used.system) / steps,
    eventsPerBatch: rose('commit.events') / Math.max(1, rose('commit.batches')),
    ...(written && { rowWritesPerStep: written.rowWrites / steps, statementsPerStep: written.statements / steps }),
    swept: rose('swept'),
    rssMiB: process.memoryUsage().rss / 1_048_576,
  }),
);
await Promise.race([close(), wait(5)]);
rmSync(data, { recursive: true, force: true });
process.exit(0);
