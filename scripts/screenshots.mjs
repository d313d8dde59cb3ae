// Usage: node scripts/screenshots.mjs     takes the README's pictures from a running loan, light and dark, into docs/images/
import 'reflect-metadata';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
// The flow as it is shipped, but its second attempt takes its time: a slow machine takes the same picture.
const flow = readFileSync(new URL('../definitions/loan-disbursement.flow.yaml', import.meta.url), 'utf8');
const patient = flow.replace('remote: [500ms, 1s]', 'remote: [2m]');
if (patient === flow) throw new Error('Expected the loan to say `remote: [500ms, 1s]`, but it does not.');
writeFileSync(join(data, 'loan-disbursement.flow.yaml'), patient);
const settings = { SLUICE_DATA: data, SLUICE_DEFINITIONS: data, SLUICE_PORT: '0', SLUICE_LOG: 'error' };
const served = await serve(readConfig(settings), { modules: [DemoModule] });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGS });
const start = async (loanId, bank) => {
  const { value } = await served.app
    .get(Engine)
    .startInstance.execute({ flow: 'loan_disbursement', input: { loanId, amount: 20_000, bank } });
  return value.id;
};
try {
  for (const colorScheme of ['light', 'dark']) {
    const page = await (await browser.newContext({ colorScheme, viewport: { width: 1_560, height: 690 } })).newPage();
    await page.goto(served.link);
    // This bank is busy for two attempts: caught while the second one waits for its time.
    const id = await start(`loan-4711${colorScheme === 'dark' ? '-b' : ''}`, 'south');
    await page.goto(new URL(`/instances/${id}`, served.link).href);
    await page.locator('svg g.node').first().waitFor();
    await page.getByText('Retrying').first().waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.mouse.move(0, 0);
    await page.waitForTimeout(2_000);
    await page.screenshot({ path: join(images, `instance-${colorScheme}.png`) });
  }
} finally {
  await browser.close();
  await served.stop();
  rmSync(data, { recursive: true, force: true });
}
process.exit(0);
