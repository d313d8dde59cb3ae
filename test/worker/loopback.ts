import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import type { AttemptOutcome } from '../../src/engine/ports/handlers.js';
import { SystemClock } from '../../src/memory/system-clock.js';
import type { Resolve } from '../../src/worker/built-in/http/guarded-agent.js';
import { type HttpTask, httpTask } from '../../src/worker/built-in/http/http.js';
import { InProcessAttemptRunner } from '../../src/worker/in-process-attempt-runner.js';
import { KeptLog, type OrderParts, orderOf } from './orders.js';

export type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const servers: Server[] = [];
const tasks: HttpTask[] = [];

/** A partner on loopback; answers its origin and what it was asked. */
export async function partner(
  answer: Answer,
): Promise<{ origin: string; host: string; seen: IncomingMessage[]; bodies: string[] }> {
  const seen: IncomingMessage[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      bodies.push(body);
      answer(request, response, body);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin: `http://${host}`, host, seen, bodies };
}

export function ask(parts: OrderParts, allow: readonly string[], resolve?: Resolve): Promise<AttemptOutcome> {
  const task = httpTask({ allow, ...(resolve && { resolve }) });
  tasks.push(task);
  return new InProcessAttemptRunner(new SystemClock(), new KeptLog()).run(
    orderOf(task.handler, { timeoutMs: 5_000, ...parts }),
  );
}

/** Call once in a file: closes what its tests have opened. */
export function closeAfterEach(): void {
  afterEach(async () => {
    await Promise.all(tasks.splice(0).map((task) => task.close()));
    const open = servers.splice(0);
    for (const server of open) server.closeAllConnections();
    await Promise.all(open.map((server) => new Promise((resolve) => server.close(resolve))));
  });
}
