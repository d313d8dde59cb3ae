import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveForTest, type TestServer } from '../support/engine/served.js';

/** Without these, Chromium asks its maker's hosts for updates. */
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  server = await serveForTest();
  browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ARGS });
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

describe.each(['light', 'dark'] as const)('a console that somebody watches, %s', (colorScheme) => {
  it('finds an instance by its key and shows a node change within a second, without a console error', async () => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1_400, height: 900 } });
    const page = await context.newPage();
    const faults = heard(page);
    const key = `watched-${colorScheme}`;
    // The reminder waits two seconds between its steps, so that there is time to look at each.
    const started = await server.ask('POST', '/api/instances', {
      flow: 'reminder',
      input: { invoiceId: key, customer: 'never' },
    });
    expect(started.status).toBe(201);

    await page.goto(server.link);
    await page.getByPlaceholder(/key/i).fill(key);
    await page.getByText(key, { exact: true }).first().click();
    await page.waitForURL(`**/instances/${started.body.id}`);
    await page.locator('svg g.node').first().waitFor();

    // A change, as the engine tells it, and when the graph shows the same.
    const seen = await lag(page, started.body.id);
    expect(seen).toBeLessThan(1_000);
    expect(page.url()).not.toContain('token');
    expect(faults).toEqual([]);
    await context.close();
  });
});

function heard(page: Page): string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('requestfailed', (request) => {
    if (!request.url().includes('/api/events')) faults.push(`${request.url()} failed`);
  });
  return faults;
}

/** Milliseconds from a visit's end in the database to the picture that shows one more of it. */
async function lag(page: Page, id: string): Promise<number> {
  const drawn = () => page.locator('svg:has(g.node)').first().innerHTML();
  const state = async () => {
    const { body } = await server.ask('GET', `/api/instances/${id}`);
    return body.nodes.length as number;
  };
  const before = { rows: await state(), picture: await drawn() };
  const end = performance.now() + 20_000;
  while ((await state()) === before.rows) {
    if (performance.now() > end) throw new Error('Expected a node to change within 20 s, but none did.');
    await new Promise((wake) => setTimeout(wake, 20));
  }
  const changedAt = performance.now();
  while ((await drawn()) === before.picture) {
    if (performance.now() - changedAt > 5_000)
      throw new Error('Expected the graph to change within 5 s, but it did not.');
    await new Promise((wake) => setTimeout(wake, 20));
  }
  return performance.now() - changedAt;
}
