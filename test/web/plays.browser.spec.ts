import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleStage } from './console-stage.js';

const FLOW = `flow: gift
title: A gift
play:
  type: object
  required: [reward]
  properties:
    reward: { type: number, title: Reward, description: What everybody gets }
    festive: { type: boolean, title: Festive }
input: { type: object, required: [uid], properties: { uid: { type: string } } }
nodes: { begin: { start: true }, give: { set: { reward: play.reward } }, done: { end: given } }
edges: [begin -> give -> done]
`;

let stage: ConsoleStage;
beforeAll(async () => {
  stage = await ConsoleStage.open({ beside: { 'gift.flow.yaml': FLOW } });
}, 240_000);
afterEach(() => stage.closeTabs());
afterAll(() => stage?.close());

/** Set to look at the pages while tests are written. */
const shots = process.env['SLUICE_SHOTS'];

describe('the page of plays', () => {
  it.each(['light', 'dark'] as const)(
    'puts a play online by a form, changes it and ends it, in %s',
    async (colorScheme) => {
      const code = `gift-${colorScheme}`;
      const { page, faults } = await stage.tab({ colorScheme, viewport: { width: 1_280, height: 860 } });
      page.setDefaultTimeout(15_000);
      const shot = async (what: string): Promise<void> => {
        if (shots) await page.screenshot({ path: `${shots}/plays-${what}-${colorScheme}.png` });
      };
      await page.goto(stage.at('/plays'));
      await page.getByRole('button', { name: 'New play…' }).click();
      const form = page.getByRole('dialog');
      await form.getByRole('combobox', { name: 'Flow' }).click();
      await page.getByRole('option', { name: 'gift' }).click();
      await form.getByLabel('Code').fill(code);
      await form.getByLabel('Reward').fill('5');
      await form.getByRole('radio', { name: 'Yes' }).check();
      await form.getByLabel('Title').fill(`Gifts in ${colorScheme}`);
      await form.getByLabel('From').fill('2026-01-01T00:00');
      await form.getByLabel('Audience').fill('input.nobody == 1');
      await form.getByLabel('Quota').fill('1');
      await form.getByLabel('Of each').fill('input.uid');
      await form.getByLabel('Reason').fill('A trial');
      await form.getByRole('button', { name: 'Put online' }).click();
      await form.getByText('it has no `nobody`').first().waitFor();
      await shot('form');
      await form.getByLabel('Audience').fill('input.uid != "robot"');
      await form.getByRole('button', { name: 'Put online' }).click();
      await page.getByRole('link', { name: `Gifts in ${colorScheme}` }).waitFor();
      await shot('list');

      await stage.api(`/plays/${code}/start`, { input: { uid: 'ann' } });
      await page.getByRole('link', { name: `Gifts in ${colorScheme}` }).click();
      await page.getByText('1 per input.uid').waitFor();
      await page.getByRole('link', { name: /1 completed/ }).waitFor();
      await page.getByRole('button', { name: 'Change…' }).click();
      const change = page.getByRole('dialog');
      expect(await change.getByLabel('Reward').inputValue()).toBe('5');
      expect(await change.getByLabel('From').inputValue()).toBe('2026-01-01T00:00');
      await change.getByLabel('Reward').fill('9');
      await change.getByLabel('Reason').fill('More');
      await change.getByRole('button', { name: 'Change', exact: true }).click();
      await page.getByRole('row').filter({ hasText: 'More' }).getByText('"reward":9').waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.getByRole('button', { name: 'Pause' }).waitFor();
      await page.getByRole('button', { name: 'End…' }).click();
      await shot('play');
      await page.getByRole('button', { name: 'End it for ever' }).click();
      await page.getByRole('row').filter({ hasText: 'ended' }).waitFor();
      expect(await page.getByRole('button', { name: 'Change…' }).count()).toBe(0);

      await page.getByRole('link', { name: /1 completed/ }).click();
      await page.getByRole('button', { name: `play ${code}` }).waitFor();
      await page.getByRole('row').filter({ hasText: 'gift' }).first().click();
      await page.getByRole('link', { name: code }).waitFor();
      await page.getByText('revision 1').waitFor();
      // A refused form is told of by the browser too.
      expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);
    },
  );
});
