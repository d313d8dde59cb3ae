import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleStage } from './console-stage.js';

let stage: ConsoleStage;
beforeAll(async () => {
  stage = await ConsoleStage.open({
    beside: {
      'cart.triggers.yaml': `triggers:
  - code: notice-new
    title: A notice for new customers
    on: customer.registered
    when: event.country == "DE"
    start: notice
    input: { noticeId: event.id }
    quota: { max: 1, by: event.id }
    window: { from: "2026-01-01T00:00:00Z" }
  - { code: notice-lost, on: customer.registered, start: nowhere }
`,
    },
  });
}, 240_000);
afterEach(() => stage.closeTabs());
afterAll(() => stage?.close());

/** Set to look at the pages while tests are written. */
const shots = process.env['SLUICE_SHOTS'];

describe('the page of triggers', () => {
  it.each(['light', 'dark'] as const)('tells what starts flows, and what it did, in %s', async (colorScheme) => {
    const { page, faults } = await stage.tab({ colorScheme, viewport: { width: 1_280, height: 800 } });
    const payload = { id: `c-${colorScheme}`, country: 'DE' };
    await stage.api('/messages', { name: 'customer.registered', payload });
    await page.goto(stage.at('/triggers'));
    const row = page.getByRole('row').filter({ hasText: 'A notice for new customers' });
    await row.getByText('1 per event.id').waitFor();
    const wanted = colorScheme === 'light' ? '1' : '2';
    await expect.poll(() => row.getByRole('cell').nth(4).textContent(), { timeout: 15_000 }).toBe(wanted);
    const lost = page.getByRole('row').filter({ hasText: 'notice-lost' });
    await expect.poll(() => lost.getByRole('cell').nth(8).textContent(), { timeout: 15_000 }).toBe(wanted);
    if (shots) await page.screenshot({ path: `${shots}/triggers-${colorScheme}.png` });
    await row.getByRole('link', { name: 'notice' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(page.url()).toContain('/definitions/notice');
    expect(faults).toEqual([]);
  });
});
