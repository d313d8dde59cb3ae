// Usage: node scripts/screenshots.mjs     takes the README's pictures from a running loan, light and dark, into docs/images/
import 'reflect-metadata';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from './build.mjs';

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

if (!(await build())) process.exit(1);
const load = (path) => import(new URL(`../dist/src/${path}.js`, import.meta.url));
const [{ serve }, { readConfig }, { DemoModule }, { Engine }] = await Promise.all([
  load('programs/serve'),
  load('config/read-config'),
  load('programs/demo/demo.module'),
  load('engine/engine'),
]);
const images = new URL('../docs/images/', import.meta.url).pathname;
mkdirSync(images, { recursive: true });

const data = mkdtempSync(join(tmpdir(), 'sluice-pictures-'));
const served = await serve(readConfig({ SLUICE_DATA: data, SLUICE_PORT: '0', SLUICE_LOG: 'error' }), {
  modules: [DemoModule],
});
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGS });
const start = async (loanId, bank) => {
  const { value } = await served.app
    .get(Engine)
    .startInstance.execute({ flow: 'loan_disbursement', input: { loanId, amount: 20_000, bank } });
  return value.id;
};
try {
  for (const colorScheme of ['light', 'dark']) {
    const page = await (await browser.newContext({ colorScheme, viewport: { width: 1_560, height: 620 } })).newPage();
    await page.goto(served.link);
    // Drawn once before, so that the picture is there before the loan has gone on.
    const warm = await start(`warm-${colorScheme}`, 'north');
    await page.goto(new URL(`/instances/${warm}`, served.link).href);
    await page.locator('svg g.node').first().waitFor();
    // This bank is busy for two attempts: caught while the second one waits for its retry.
    const id = await start(`loan-4711${colorScheme === 'dark' ? '-b' : ''}`, 'south');
    await page.goto(new URL(`/instances/${id}`, served.link).href);
    await page.locator('svg g.node').first().waitFor();
    await page.getByText('Retrying').first().waitFor({ timeout: 10_000 });
    await page.waitForTimeout(250);
    await page.screenshot({ path: join(images, `instance-${colorScheme}.png`) });
  }
} finally {
  await browser.close();
  await served.stop();
  rmSync(data, { recursive: true, force: true });
}
process.exit(0);
