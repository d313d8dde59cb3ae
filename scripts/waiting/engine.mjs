// Usage: scripts/waiting.mjs starts it        one built engine that watches a flow of long waits
// Messages to it: { start: n } starts instances by the engine's own way; { report: true } asks for memory and CPU.
import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boot } from '../bench/boot.mjs';

const FLOW = `
flow: waiting
key: input.id
nodes:
  begin: { start: true }
  wait: { timer: 30d }
  done: { end: success }
edges:
  - begin -> wait -> done
`;

const data = mkdtempSync(join(tmpdir(), 'sluice-waiting-'));
process.on('exit', () => rmSync(data, { recursive: true, force: true }));
const { engine, publish, close } = await boot({ data });
await publish(FLOW);
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

process.on('message', async (message) => {
  for (let at = 0; at < (message.start ?? 0); at++) {
    const answer = await engine.startInstance.execute({ flow: 'waiting', input: { id: `template-${at}` } });
    if (!answer.ok) throw new Error(answer.error.message);
  }
  if (message.start) process.send({ started: message.start });
  if (message.report) {
    globalThis.gc?.();
    process.send({ rssMiB: process.memoryUsage().rss / 1_048_576, cpuMs: cpu(), tally: engine.tally.all() });
  }
  if (message.stop) {
    await close();
    process.exit(0);
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ up: true });
