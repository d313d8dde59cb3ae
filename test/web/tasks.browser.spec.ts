import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InstanceView, Page } from '../../web/src/api/wire.js';
import { ConsoleStage } from './console-stage.js';

let stage: ConsoleStage;

const SOURCE = `flow: loan_approval
title: Loan approval
key: input.loanId
nodes:
  begin: { start: true }
  approve:
    manual:
      title: Approve the loan
      assignee: "'credit desk'"
      form:
        type: object
        required: [approved]
        properties:
          approved: { type: boolean, title: Approved }
          limit: { type: number, title: Limit, description: At most this much, maximum: 1000 }
          risk: { enum: [low, middle, high], title: Risk }
          note: { type: string, title: Note }
    in: { loan: input.loanId, amount: input.amount }
    due: 0s
  sign: { manual: { title: Sign } }
  done: { end: approved }
  refused: { end: refused }
edges:
  - begin -> approve
  - approve -> sign: result.approved
  - approve -> refused: else
  - sign -> done
`;

beforeAll(async () => {
  stage = await ConsoleStage.open();
  await stage.api('/definitions', { source: SOURCE });
}, 240_000);
afterEach(() => stage.closeTabs());
afterAll(() => stage?.close());

const outcomeOf = async (id: string): Promise<string | null> =>
  (await stage.api<InstanceView>(`/instances/${id}`)).outcome;

/** Set to look at the pages while tests are written. */
const shots = process.env['SLUICE_SHOTS'];

describe('the page of tasks', () => {
  it.each(['light', 'dark'] as const)(
    'lists what people are asked for, and takes it by its form, in %s',
    async (colorScheme) => {
      const { page, faults } = await stage.tab({ colorScheme, viewport: { width: 1_280, height: 800 } });
      await page.goto(stage.at('/tasks'));
      await page.getByText('Nobody is asked for anything').waitFor();
      const loanId = `loan-${colorScheme}`;
      const id = await stage.start('loan_approval', { loanId, amount: 5_000 });
      const row = page.getByRole('row').filter({ hasText: loanId });
      await row.getByText('credit desk').waitFor();
      if (shots) await page.screenshot({ path: `${shots}/tasks-${colorScheme}.png` });
      await row.getByRole('button', { name: 'Complete…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Approve the loan' });
      const complete = dialog.getByRole('button', { name: 'Complete' });
      await dialog.getByText('5000').waitFor();
      expect(await complete.isDisabled()).toBe(true);
      await dialog.getByRole('radio', { name: 'Yes' }).check();
      await dialog.getByLabel('Limit').fill('2000');
      await complete.click();
      await dialog.getByText('must be <= 1000').waitFor();
      if (shots) await page.screenshot({ path: `${shots}/task-form-${colorScheme}.png` });
      expect(faults.splice(0).filter((one) => !one.includes('422'))).toEqual([]);
      await dialog.getByLabel('Limit').fill('900');
      await complete.click();
      await dialog.waitFor({ state: 'hidden' });

      await row.getByText('Sign').waitFor();
      await row.getByRole('link', { name: loanId }).click();
      await page.getByRole('complementary', { name: 'Node sign' }).getByRole('button', { name: 'Complete…' }).click();
      if (shots) await page.screenshot({ path: `${shots}/task-json-${colorScheme}.png` });
      await page.getByRole('dialog').getByRole('button', { name: 'Complete' }).click();
      await expect.poll(() => outcomeOf(id), { timeout: 10_000 }).toBe('approved');
      const { nodes } = await stage.api<InstanceView>(`/instances/${id}`);
      expect(nodes.find(({ node }) => node === 'approve')?.output).toEqual({ approved: true, limit: 900 });
      expect(faults).toEqual([]);
    },
  );

  it('is filtered by whom they are for, by its address', async () => {
    const id = await stage.start('loan_approval', { loanId: 'filtered', amount: 1 });
    const { page } = await stage.tab();
    await page.goto(stage.at('/tasks'));
    await page.getByRole('link', { name: 'filtered' }).waitFor();
    await page.getByLabel('Assignee').fill('somebody else');
    await page.getByLabel('Assignee').press('Enter');
    await page.getByText('Nothing is for somebody else').waitFor();
    expect(page.url()).toContain('assignee=');
    await page.getByLabel('Assignee').fill('credit desk');
    await page.getByLabel('Assignee').press('Enter');
    await page.getByRole('link', { name: 'filtered' }).waitFor();
    const { items } = await stage.api<Page<{ instance: string }>>('/tasks?assignee=credit%20desk');
    expect(items.map(({ instance }) => instance)).toEqual([id]);
  });
});
