import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppOptions } from '../../../src/app.module.js';
import type { Config } from '../../../src/config/config.js';
import { parseConfig } from '../../../src/config/parse-config.js';
import { DemoModule } from '../../../src/programs/demo/demo.module.js';
import { type Served, serve } from '../../../src/programs/serve.js';

const TOKEN = 'a-token-for-tests-only';

/** The whole application in this process, on a free port, with the demo's partners. */
export interface TestServer extends Served {
  readonly url: string;
  /** Asks the API; answers status and JSON. */
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ status: number; body: any }>;
}

/** @param settings variables beside the defaults: `SLUICE_DATABASE_URL` and so on; without them it runs embedded. */
export async function serveForTest(
  settings: Readonly<Record<string, string>> = {},
  options: AppOptions = {},
): Promise<TestServer> {
  const data = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  const served = await serve(configOf({ SLUICE_DATA: data, ...settings }), {
    modules: [DemoModule],
    ...options,
  });
  const url = new URL(served.link).origin;
  return {
    ...served,
    url,
    async ask(method, path, body, headers = {}) {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text };
    },
    async stop() {
      await served.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function configOf(settings: Readonly<Record<string, string>>): Config {
  const parsed = parseConfig({
    SLUICE_PORT: '0',
    SLUICE_TOKEN: TOKEN,
    SLUICE_LOG: 'error',
    SLUICE_MIGRATE: 'true',
    SLUICE_ALLOW_INSECURE: 'true',
    ...settings,
  });
  if ('config' in parsed) return parsed.config;
  throw new Error(parsed.faults.join('\n'));
}

/** Asks again and again until the answer is as wanted. */
export async function eventually<T>(
  ask: () => Promise<T>,
  wanted: (answer: T) => boolean,
  withinMs = 30_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (performance.now() > end)
      throw new Error(
        `Expected another answer within ${withinMs} ms, but it is still ${JSON.stringify(answer)?.slice(0, 2_000)}`,
      );
    await new Promise((wake) => setTimeout(wake, 100));
  }
}
