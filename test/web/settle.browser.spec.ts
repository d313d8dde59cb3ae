import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { PermanentError } from '../../src/engine/ports/handlers.js';
import type { InstanceView } from '../../web/src/api/wire.js';
import { ConsoleStage } from './console-stage.js';

let stage: ConsoleStage;

const SOURCE = `flow: prize
nodes:
  begin: { start: true }
  grant:
    title: Grant the prize
    tcc:
      budget: { try: a.hold, confirm: a.broken, cancel: a.free, in: { key: secret.budgetKey, plan: input.plan } }
      prize:  { try: a.hold, confirm: a.book, cancel: a.free }
  done: { end: granted }
edges: [begin -> grant -> done]
`;

beforeAll(async () => {
  const fine = () => ({ ok: true });
  const broken = () => {
    throw new PermanentError('LEDGER_CLOSED', 'The ledger of the budget is closed since noon.');
  };
  stage = await ConsoleStage.open({
    handlers: { 'a.hold': fine, 'a.book': fine, 'a.free': fine, 'a.broken': broken },
    secrets: { budgetKey: 'never-to-be-seen' },
  });
  await stage.api('/definitions', { source: SOURCE });
}, 240_000);
afterEach(() => stage.closeTabs());
afterAll(() => stage?.close());

/** Set to look at the pages while tests are written. */
const shots = process.env['SLUICE_SHOTS'];

it.each(['light', 'dark'] as const)(
  'settles a participant that cannot confirm by hand, names the secret it is given, and never shows it, in %s',
  async (colorScheme) => {
    const id = await stage.start('prize', { plan: colorScheme });
    const view = () => stage.api<InstanceView>(`/instances/${id}`);
    await expect.poll(async () => (await view()).incidents.length, { timeout: 10_000 }).toBe(1);
    const visit = (await view()).nodes.find(({ status }) => status === 'incident')?.visit;

    const { page, faults } = await stage.tab({ colorScheme, viewport: { width: 1_280, height: 800 } });
    await page.goto(stage.at(`/instances/${id}?node=grant&visit=${visit}`));
    const panel = page.getByRole('complementary', { name: 'Node grant' });
    await panel.getByText('given the secret budgetKey').waitFor();
    await panel.getByText('LEDGER_CLOSED').first().waitFor();
    if (shots) await page.screenshot({ path: `${shots}/settle-panel-${colorScheme}.png` });
    // The same names as in the panel, in the graph's text alternative.
    await page.getByRole('row', { name: 'budget: confirm' }).waitFor();
    await panel.getByRole('button', { name: 'Settle budget by hand' }).click();
    const dialog = page.getByRole('dialog', { name: 'Settle budget by hand' });
    await dialog.getByText('You say that budget is confirmed at the partner.').waitFor();
    const settled = dialog.getByRole('button', { name: 'It is settled' });
    expect(await settled.isDisabled()).toBe(true);
    await dialog.getByLabel('How it was settled').fill('booked by phone');
    if (shots) await page.screenshot({ path: `${shots}/settle-dialog-${colorScheme}.png` });
    await settled.click();
    await dialog.waitFor({ state: 'hidden' });

    await expect.poll(async () => (await view()).outcome, { timeout: 10_000 }).toBe('granted');
    await page.getByText('granted').first().waitFor();
    if (shots) await page.screenshot({ path: `${shots}/settle-after-${colorScheme}.png` });
    expect(await page.content()).not.toContain('never-to-be-seen');
    expect(JSON.stringify(await view())).toContain('booked by phone');
    expect(faults).toEqual([]);
  },
);
