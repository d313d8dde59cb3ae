import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { parseConfig } from '../../src/config/parse-config.js';
import type { TaskHandler } from '../../src/engine/ports/handlers.js';
import { DemoModule } from '../../src/programs/demo/demo.module.js';
import { type Served, serve } from '../../src/programs/serve.js';
import { HandlerRegistry } from '../../src/worker/handler-registry.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** A browser that does nothing by itself, so that every request it makes is one of the page. */
const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface StageOptions {
  readonly watchHealth?: boolean;
  /** Files beside the shipped definitions, by name. */
  readonly beside?: Readonly<Record<string, string>>;
  /** What is in the file of people. */
  readonly people?: readonly object[];
  /** Beside those of the demo. */
  readonly handlers?: Readonly<Record<string, TaskHandler>>;
  /** By name. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** All of Sluice in this process, with the built console and the demo's partners, and a Chromium in front of it. */
export class ConsoleStage {
  private constructor(
    private readonly served: Served,
    private readonly browser: Browser,
    private readonly folder: string,
  ) {}

  /** `watchHealth` is off unless asked for: a partner that fails on purpose would open its circuit for later tests. */
  static async open(options: StageOptions = {}): Promise<ConsoleStage> {
    const { watchHealth = false, beside = {}, people, handlers = {}, secrets = {} } = options;
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: ROOT, stdio: 'pipe' });
    const folder = mkdtempSync(join(tmpdir(), 'sluice-console-'));
    const definitions = join(folder, 'definitions');
    cpSync(join(ROOT, 'definitions'), definitions, { recursive: true });
    for (const [name, text] of Object.entries(beside)) writeFileSync(join(definitions, name), text);
    const listed = join(folder, 'people.json');
    if (people) writeFileSync(listed, JSON.stringify({ people }));
    const parsed = parseConfig({
      ...(people && { SLUICE_PEOPLE: listed }),
      SLUICE_DATA: folder,
      SLUICE_DEFINITIONS: definitions,
      SLUICE_PORT: '0',
      SLUICE_LOG: 'error',
      SLUICE_MIGRATE: 'true',
      SLUICE_WATCH_HEALTH: String(watchHealth),
      ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`SLUICE_SECRET_${name}`, value])),
    });
    if (!('config' in parsed)) throw new Error(parsed.faults.join('\n'));
    const served = await serve(parsed.config, { modules: [DemoModule] });
    const registry = served.app.get(HandlerRegistry);
    for (const [name, handler] of Object.entries(handlers)) registry.register(name, handler);
    const named = process.env['SLUICE_TEST_CHROMIUM'];
    const executablePath = [
      ...(named ? [named] : []),
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
    ].find(existsSync);
    if (!executablePath) throw new Error('Expected a Chromium in /usr/bin, but there is none. Install it.');
    return new ConsoleStage(served, await chromium.launch({ executablePath, args: QUIET }), folder);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.served.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Closes every tab, so that none keeps an event stream that the next one needs. */
  async closeTabs(): Promise<void> {
    await Promise.all(this.browser.contexts().map((context) => context.close()));
  }

  /** As printed at the start, with the token in the fragment. */
  get link(): string {
    return this.served.link;
  }

  get origin(): string {
    return new URL(this.link).origin;
  }

  /** A fresh tab that has nothing stored; `faults` gathers what it must not do. */
  async tab(options: BrowserContextOptions = {}): Promise<{ page: Page; faults: string[] }> {
    const context = await this.browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(this.origin) && !url.startsWith('data:')) faults.push(`asked elsewhere: ${url}`);
    });
    return { page, faults };
  }

  /** The address of a page of the console, with the token, or somebody's. */
  at(path: string, token?: string): string {
    return `${this.origin}${path}${token === undefined ? new URL(this.link).hash : `#token=${token}`}`;
  }

  async api<T>(path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.origin}/api${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${new URL(this.link).hash.replace('#token=', '')}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async start(flow: string, input: Readonly<Record<string, unknown>>): Promise<string> {
    return (await this.api<{ id: string }>('/instances', { flow, input })).id;
  }
}
