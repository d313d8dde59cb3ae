import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InstanceView } from '../../web/src/api/wire.js';
import { ConsoleStage } from './console-stage.js';

let stage: ConsoleStage;
beforeAll(async () => {
  stage = await ConsoleStage.open();
});
afterEach(() => stage.closeTabs());
afterAll(() => stage?.close());

const statusOf = async (id: string): Promise<string> => (await stage.api<InstanceView>(`/instances/${id}`)).status;
const over = (id: string, status: string): Promise<void> =>
  expect.poll(() => statusOf(id), { timeout: 20_000 }).toBe(status);
const drawn = (page: Page) => page.locator('.graph-host .node[aria-label]').first().waitFor({ timeout: 30_000 });

/** Node id to the state that is drawn. */
const painted = (page: Page): Promise<Record<string, string>> =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll<SVGElement>('.graph-host .node')].map((each) => [
        each.dataset['node'] ?? '',
        each.dataset['shown'] ?? '',
      ]),
    ),
  );

describe('the way in', () => {
  it('takes the token from the link, out of the address, and keeps it for the tab', async () => {
    const { page, faults } = await stage.tab();
    await page.goto(stage.link);
    await page.getByRole('heading', { name: 'Instances' }).waitFor();
    expect(page.url()).toBe(`${stage.origin}/`);
    await page.reload();
    await page.getByRole('heading', { name: 'Instances' }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(faults).toEqual([]);
  });

  it('asks for a token without one, refuses a wrong one, and takes the pasted link', async () => {
    const { page } = await stage.tab();
    await page.goto(`${stage.origin}/incidents`);
    const field = page.getByLabel('Token or link');
    await field.fill('wrong');
    await page.getByRole('button', { name: 'Open the console' }).click();
    await page.getByText('did not take the last one').waitFor();
    await field.fill(stage.link);
    await page.getByRole('button', { name: 'Open the console' }).click();
    await page.getByRole('heading', { name: 'Incidents' }).waitFor();
  });
});

describe('the list', () => {
  it('offers what is new instead of pushing it in, and filters by the address', async () => {
    await over(await stage.start('notice', { noticeId: 'list-1' }), 'completed');
    const { page, faults } = await stage.tab();
    await page.goto(stage.at('/'));
    await page.getByRole('link', { name: 'list-1' }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await over(await stage.start('notice', { noticeId: 'list-2' }), 'completed');
    const news = page.getByRole('button', { name: /^\d+ new instances? · show$/ });
    await news.waitFor();
    expect(await page.getByRole('link', { name: 'list-2' }).count()).toBe(0);
    await news.click();
    await page.getByRole('link', { name: 'list-2' }).waitFor();
    expect(await news.count()).toBe(0);

    await page.getByLabel('Search by business key').fill('list-2');
    await page.waitForURL(`${stage.origin}/?key=list-2`);
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.goto(`${stage.origin}/?key=list-2&status=failed`);
    await page.getByText('No instance matches').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('link', { name: 'list-1' }).waitFor();
    expect(faults).toEqual([]);
  });

  it('shows the end of a running instance in its row', async () => {
    await stage.start('order', { orderId: 'slow-row', amount: 25 });
    const { page } = await stage.tab();
    await page.goto(stage.at('/?key=slow-row'));
    const row = page.getByRole('row').filter({ hasText: 'slow-row' });
    await row.getByText('Completed').waitFor({ timeout: 15_000 });
    await row.getByText('shipped').waitFor();
  });
});

describe('an instance', () => {
  it('is painted as it runs, edge by edge, without being drawn again', async () => {
    const id = await stage.start('loan_disbursement', { loanId: 'paint-1', amount: 20_000, bank: 'south' });
    const { page, faults } = await stage.tab();
    await page.goto(stage.at(`/instances/${id}`));
    await drawn(page);
    await page.evaluate(() => document.querySelector('.graph-host svg')?.setAttribute('data-first', 'yes'));
    await over(id, 'completed');
    const { nodes } = await stage.api<InstanceView>(`/instances/${id}`);
    const wanted = Object.fromEntries(nodes.map(({ node, shown }) => [node, shown]));
    await expect.poll(() => painted(page), { timeout: 3000 }).toMatchObject(wanted);
    const taken = new Set(nodes.flatMap(({ via }) => via)).size;
    expect(await page.locator('.graph-host path.taken').count()).toBe(taken);
    expect(await page.locator('.graph-host svg').getAttribute('data-first')).toBe('yes');
    expect(await page.locator('.node[data-node="disburse"]').getAttribute('aria-label')).toMatch(/attempt 3/);
    expect(faults).toEqual([]);
  });

  it('says why it stands still, opens the node by keyboard, and goes on when it is retried', async () => {
    const id = await stage.start('incident', { transferId: 'stuck-1', partner: 'down' });
    await over(id, 'incident');
    const { page, faults } = await stage.tab();
    await page.goto(stage.at('/incidents'));
    await page.getByRole('link', { name: 'stuck-1' }).click();
    const banner = page.getByRole('alert');
    await banner.getByText('transfer', { exact: true }).waitFor();
    await banner.getByText(/Lane/).waitFor();
    await drawn(page);
    await page.locator('.node[data-node="begin"]').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Node begin' }).waitFor();
    await banner.getByRole('button', { name: 'Show node' }).click();
    const panel = page.getByRole('complementary', { name: 'Node transfer' });
    expect(await panel.getByRole('listitem').count()).toBeGreaterThanOrEqual(3);
    await panel.getByText(`${id}.transfer.1`).waitFor();
    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    await page.locator('.page-head').getByText('Completed').waitFor({ timeout: 15_000 });
    await expect.poll(() => page.locator('.banner[data-tone="bad"]').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('is cancelled only after a question', async () => {
    // One that is still running however slow the browser is.
    const nodes = 'nodes: { begin: { start: true }, rest: { timer: 1h }, done: { end: success } }';
    await stage.api('/definitions', { source: `flow: patient\n${nodes}\nedges: [begin -> rest -> done]\n` });
    const id = await stage.start('patient', {});
    const { page } = await stage.tab();
    await page.goto(stage.at(`/instances/${id}`));
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Cancel instance…' }).click();
    expect(await statusOf(id)).toBe('running');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel instance' }).click();
    await page.locator('.page-head').getByText('Cancelled').waitFor();
    expect(await statusOf(id)).toBe('cancelled');
  });
});

describe('a definition', () => {
  it('starts an instance from an input in its own shape', async () => {
    const { page, faults } = await stage.tab();
    await page.goto(stage.at('/definitions'));
    await page.getByRole('link', { name: 'Loan disbursement' }).click();
    await drawn(page);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    const input = page.getByLabel('Input');
    expect(Object.keys(JSON.parse(await input.inputValue()))).toEqual(['loanId', 'amount', 'bank']);
    await input.fill('{ "loanId": 1');
    await page.getByText('Expected JSON').waitFor();
    await input.fill('{ "loanId": "form-1", "amount": 10, "bank": "north" }');
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
    await page.waitForURL(/\/instances\/[0-9a-f-]{36}$/);
    await page.getByRole('heading', { name: 'form-1' }).waitFor();
    expect(faults).toEqual([]);
  });

  it('shows markup in a title as text, and fetches nothing for it', async () => {
    const title = '<img src="https://example.com/x.png" onerror="alert(1)"> & "quotes" #42;';
    const source = `flow: odd\ntitle: ${JSON.stringify(title)}\nnodes:\n  begin: { start: true }\n  ask: { task: guarantor.review, title: ${JSON.stringify(title)} }\n  done: { end: success }\nedges:\n  - begin -> ask -> done\n`;
    await stage.api('/definitions', { source });
    const { page, faults } = await stage.tab();
    await page.goto(stage.at('/definitions/odd'));
    await drawn(page);
    expect((await page.locator('.node[data-node="ask"]').textContent())?.trim()).toBe(title);
    expect(await page.locator('main img').count()).toBe(0);
    expect(faults).toEqual([]);
  });
});

describe('the look', () => {
  it.each(['light', 'dark'] as const)(
    'is legible in %s, and keeps still for those who ask for it',
    async (colorScheme) => {
      const id = await stage.start('incident', { transferId: `look-${colorScheme}`, partner: 'down' });
      await over(id, 'incident');
      const { page, faults } = await stage.tab({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(stage.at(`/instances/${id}?node=transfer`));
      await drawn(page);
      const [ink, paper] = await page.evaluate(() => {
        const style = getComputedStyle(document.querySelector('.panel h2') as Element);
        return [style.color, getComputedStyle(document.querySelector('.panel') as Element).backgroundColor];
      });
      expect(contrast(ink ?? '', paper ?? '')).toBeGreaterThan(7);
      expect(
        await page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length),
      ).toBe(0);
      expect(faults).toEqual([]);
    },
  );
});

/** Contrast ratio of two `rgb(…)` colours, 1 to 21. */
function contrast(a: string, b: string): number {
  const light = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((part) => {
      const value = Number(part) / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [high = 0, low = 0] = [light(a), light(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}
