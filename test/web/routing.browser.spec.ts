import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleStage } from './console-stage.js';

let stage: ConsoleStage;

beforeAll(async () => {
  stage = await ConsoleStage.open({ watchHealth: true });
}, 240_000);
afterEach(() => stage.closeTabs());
afterAll(() => stage.close());

/** Fails, and then waits for longer than anybody looks. */
const LATE = `flow: late
key: input.transferId
nodes:
  begin: { start: true }
  transfer: { task: partner.transfer, retry: { remote: [10m], max: 9 } }
  done: { end: done }
edges: [begin -> transfer -> done]
`;

/** Set to look at the pages while tests are written. */
const shots = process.env['SLUICE_SHOTS'];

const LANES = `
lanes: { vip: { concurrency: 8 } }
rules:
  - { code: vip-orders, match: { flow: order }, lane: vip, reason: they have a deadline }
  - { code: bank-d-slowly, match: { dims: { bank: D } }, rate: { max: 30, per: 1m }, reason: by contract }
  - { code: gently, match: { handler: partner.transfer }, limit: 5, retryShare: 0.2, reason: first tries go before }
`;

describe('the page of the router', () => {
  it.each(['light', 'dark'] as const)('has something to say when nothing happened, in %s', async (colorScheme) => {
    const { page, faults } = await stage.tab({ colorScheme, viewport: { width: 1_280, height: 800 } });
    await page.goto(stage.at('/routing'));
    await page.getByText('Nobody was called yet').waitFor();
    expect(await page.getByRole('region', { name: 'Lanes' }).getByRole('row').count()).toBe(6);
    expect(await page.getByRole('region', { name: 'Groups of engines' }).count()).toBe(0);
    if (shots) await page.screenshot({ path: `${shots}/empty-now-${colorScheme}.png` });
    for (const [tab, text] of [
      ['Rules', 'Nobody overrides the router now'],
      ['Delays', 'Nothing waits'],
      ['Changes', 'Nobody has told the router anything'],
      ['What if', 'Where would a message go?'],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByText(text).first().waitFor();
      if (shots) await page.screenshot({ path: `${shots}/empty-${tab.replace(' ', '-')}-${colorScheme}.png` });
    }
    expect(faults).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('shows groups of engines, once there are several, in %s', async (colorScheme) => {
    const { page, faults } = await stage.tab({ colorScheme, viewport: { width: 1_280, height: 800 } });
    const names = [
      'payment.charge',
      'payment.disburse',
      'payment.reverse',
      'bank.status',
      'stock.reserve',
      'parcel.ship',
    ];
    const gone = new Date(Date.now() - 180_000).toISOString();
    const groups = [
      { group: 'mail', own: false, up: 0, upUntil: gone, handlers: ['mail.send'], ready: 412, oldestMs: 171_000 },
      { group: 'shop', own: true, up: 3, upUntil: gone, handlers: [...names, 'kyc.verify'], ready: 0, oldestMs: 0 },
    ];
    await page.route('**/api/routing/groups', (route) => route.fulfill({ json: groups }));
    await page.goto(stage.at('/routing'));
    const table = page.getByRole('region', { name: 'Groups of engines' });
    await table.getByRole('row', { name: 'mail' }).getByText('gone').waitFor();
    expect(await table.getByRole('row', { name: 'mail' }).textContent()).toContain('412');
    expect(await table.getByRole('row', { name: 'shop' }).textContent()).toContain('and 1 more');
    if (shots) await page.screenshot({ path: `${shots}/groups-${colorScheme}.png` });
    expect(faults).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'shows lanes that rules name, and what rules bound, in %s',
    async (colorScheme) => {
      const { page, faults } = await stage.tab({ colorScheme, viewport: { width: 1_280, height: 800 } });
      await stage.api('/routing/rules', { source: LANES });
      await page.goto(stage.at('/routing'));
      const row = page.getByRole('region', { name: 'Lanes' }).getByRole('row', { name: 'vip' });
      await row.getByText('0 of 8').waitFor();
      if (shots) await page.screenshot({ path: `${shots}/lanes-${colorScheme}.png` });
      await page.getByRole('tab', { name: 'Rules' }).click();
      await page.getByText('5 at once, 20 % retries').waitFor();
      await page.getByText('30 in 1 min').waitFor();
      if (shots) await page.screenshot({ path: `${shots}/bounds-${colorScheme}.png` });
      await page.getByRole('tab', { name: 'Changes' }).click();
      await page.getByText('opened the lane').first().waitFor();
      if (shots) await page.screenshot({ path: `${shots}/lane-changes-${colorScheme}.png` });
      await stage.api('/routing/rules', { source: 'rules: []' });
      await page.goto(stage.at('/routing'));
      await page.getByText('closing').first().waitFor();
      if (shots) await page.screenshot({ path: `${shots}/closing-${colorScheme}.png` });
      expect(faults).toEqual([]);
    },
  );

  it('sets an override, shows it, holds by it, and ends it', async () => {
    const { page, faults } = await stage.tab();
    await page.goto(stage.at('/routing?tab=rules'));
    await page.getByRole('button', { name: 'Override…' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Override', exact: true }).isDisabled()).toBe(true);
    await dialog.getByRole('combobox', { name: 'For messages of' }).click();
    await page.getByRole('option', { name: 'Flow' }).click();
    await dialog.getByLabel('Which').fill('order');
    await dialog.getByLabel('Reason').fill('stock-taking');
    if (shots) await page.screenshot({ path: `${shots}/form.png` });
    await dialog.getByRole('button', { name: 'Override', exact: true }).click();
    const row = page.getByRole('row').filter({ hasText: 'stock-taking' });
    await row.waitFor();
    expect(await row.innerText()).toMatch(/by admin[\s\S]*flow order[\s\S]*hold[\s\S]*in (59 min|1 h)/);

    await stage.start('order', { orderId: 'held-1', amount: 20 });
    await page.getByRole('tab', { name: 'Delays' }).click();
    const waiting = page.getByRole('row').filter({ hasText: 'held-1' });
    await waiting.first().waitFor();
    expect(await waiting.first().innerText()).toContain('held');
    if (shots) await page.screenshot({ path: `${shots}/held.png` });

    await page.getByRole('tab', { name: 'Rules' }).click();
    await row.getByRole('button', { name: 'End' }).click();
    await page.getByText('Nobody overrides the router now').waitFor();
    await page.getByRole('tab', { name: 'Changes' }).click();
    await page.getByText('ended the override').waitFor();
    expect(faults).toEqual([]);
  });

  it('pins to a lane of its own, which is offered once it is there', async () => {
    const { page, faults } = await stage.tab();
    await page.goto(stage.at('/routing?tab=rules'));
    const pin = async (reason: string, lane: string): Promise<void> => {
      await page.getByRole('button', { name: 'Override…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('combobox', { name: 'What' }).click();
      await page.getByRole('option', { name: 'Pin to a lane' }).click();
      await dialog.getByRole('combobox', { name: 'For messages of' }).click();
      await page.getByRole('option', { name: 'Flow' }).click();
      await dialog.getByLabel('Which').fill('order');
      await dialog.getByLabel('Reason').fill(reason);
      const submit = dialog.getByRole('button', { name: 'Override', exact: true });
      await dialog.getByLabel('Lane').fill('probe');
      expect(await submit.isDisabled()).toBe(true);
      await dialog.getByLabel('Lane').fill(lane);
      if (reason === 'again') await page.getByRole('option', { name: 'apart-by-hand' }).click();
      await submit.click();
      const row = page.getByRole('row').filter({ hasText: reason });
      await row.waitFor();
      expect(await row.innerText()).toContain('apart-by-hand');
      await row.getByRole('button', { name: 'End' }).click();
    };
    await pin('apart', 'apart-by-hand');
    await expect
      .poll(async () => JSON.stringify(await stage.api('/routing/lanes')), { timeout: 10_000 })
      .toContain('apart-by-hand');
    await page.reload();
    await pin('again', 'apart-by');
    expect(faults).toEqual([]);
  });

  it('lets what waits go at once', async () => {
    const { page, faults } = await stage.tab();
    await stage.api('/definitions', { source: LATE });
    await stage.start('late', { transferId: 'late-1', partner: 'down' });
    await page.goto(stage.at('/routing?tab=delays'));
    const row = page.getByRole('row').filter({ hasText: 'late-1' });
    await row.waitFor();
    expect(await row.innerText()).toContain('retry');
    const attempt = async () => Number(await row.getByRole('cell').nth(3).innerText());
    const before = await attempt();
    await row.getByRole('button', { name: 'Run now' }).click();
    await expect.poll(attempt, { timeout: 8_000 }).toBeGreaterThan(before);
    await row.getByRole('link').click();
    await page.getByText('Why this lane, in full').click();
    await page.getByText('attempt').first().waitFor();
    if (shots) await page.screenshot({ path: `${shots}/node.png` });
    expect(faults).toEqual([]);
  });

  it('cancels what waits, which is an incident then', async () => {
    const { page, faults } = await stage.tab();
    await stage.api('/definitions', { source: LATE });
    await stage.start('late', { transferId: 'late-2', partner: 'down' });
    await page.goto(stage.at('/routing?tab=delays'));
    const row = page.getByRole('row').filter({ hasText: 'late-2' });
    await row.getByRole('button', { name: 'Cancel' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('they are closed');
    await dialog.getByRole('button', { name: 'Cancel the wait' }).click();
    await row.waitFor({ state: 'detached' });
    await page.goto(stage.at('/incidents'));
    await page.getByText('DELAY_CANCELLED').first().waitFor();
    expect(faults).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'tries rules, publishes them, and asks about a message, in %s',
    async (colorScheme) => {
      for (let order = 0; order < 3; order++)
        await stage.start('order', { orderId: `${colorScheme}-${order}`, amount: 20 });
      const { page, faults } = await stage.tab({ colorScheme, viewport: { width: 1_280, height: 1_000 } });
      await page.goto(stage.at('/routing?tab=what-if'));
      const rules = page.getByRole('textbox', { name: 'Rules' });
      await rules.fill('rules:\n  - { code: orders, match: { flow: order }, lane: Express, reason: apart }\n');
      await page.getByRole('button', { name: 'Publish' }).click();
      await page.getByText('line 2').waitFor();
      if (shots) await page.screenshot({ path: `${shots}/refused-${colorScheme}.png` });
      const lane = colorScheme === 'light' ? 'slow' : 'retry';
      await rules.fill(`rules:\n  - { code: orders, match: { flow: order }, lane: ${lane}, reason: apart }\n`);
      await page.getByRole('button', { name: 'Try on the latest decisions' }).click();
      await page.getByText(/latest decisions \d+ would have gone elsewhere/).waitFor();
      await page.getByRole('button', { name: 'Publish' }).click();
      await page.getByText(/Version \d+ is in force, with 1 rule\./).waitFor();
      await page.getByRole('combobox', { name: 'Flow' }).click();
      await page.getByRole('option', { name: 'order' }).click();
      await page.getByRole('combobox', { name: 'Node' }).click();
      await page.getByRole('option', { name: 'charge' }).click();
      await page.getByLabel('Attempt').fill('4');
      await page.getByRole('button', { name: 'Ask' }).click();
      await page.getByRole('region', { name: 'A message' }).getByText(`${lane}: apart`).waitFor();
      if (shots) await page.screenshot({ path: `${shots}/what-if-${colorScheme}.png`, fullPage: true });
      if (shots) {
        const pin = {
          code: `pin-${colorScheme}`,
          lane: 'slow',
          reason: 'kept apart while they move',
          until: undefined,
        };
        const match = { subject: 'bank.pay[bank=south]', attemptTo: 3, dims: { bank: 'south' } };
        await stage.api('/routing/overrides', { ...pin, match });
        for (let at = 0; at < 12; at++)
          await stage.start('late', { transferId: `f-${colorScheme}-${at}`, partner: 'down' });
        await page.waitForTimeout(6_000);
        for (const tab of ['Now', 'Rules', 'Delays', 'Changes']) {
          await page.getByRole('tab', { name: tab }).click();
          await page.waitForTimeout(3_500);
          await page.screenshot({ path: `${shots}/full-${tab}-${colorScheme}.png`, fullPage: true });
        }
      }
      // The refusal, and nothing else.
      expect(faults).toEqual([expect.stringContaining('422')]);
    },
  );
});
