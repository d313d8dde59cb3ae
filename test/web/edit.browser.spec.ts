import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DefinitionView } from '../../web/src/api/wire.js';
import { ConsoleStage } from './console-stage.js';

let stage: ConsoleStage;
beforeAll(async () => {
  stage = await ConsoleStage.open();
}, 240_000);
afterEach(() => stage.closeTabs());
afterAll(() => stage?.close());

/** Set to look at the pages while tests are written. */
const shots = process.env['SLUICE_SHOTS'];

describe('the page of a definition in the making', () => {
  it.each(['light', 'dark'] as const)(
    'draws what is typed, tells every problem at its place, and publishes, in %s',
    async (colorScheme) => {
      const flow = `made_${colorScheme}`;
      const { page, faults } = await stage.tab({ colorScheme, viewport: { width: 1_280, height: 800 } });
      await page.goto(stage.at('/definitions'));
      await page.getByRole('link', { name: 'New' }).click();
      const text = page.getByRole('textbox', { name: 'YAML' });
      const publish = page.getByRole('button', { name: 'Publish' });
      await page.getByText('No problem was found.').waitFor();
      await page.locator('.graph-host g.node').first().waitFor();
      expect(await page.locator('.graph-host g.node').count()).toBe(4);
      if (shots) await page.screenshot({ path: `${shots}/edit-${colorScheme}.png` });

      const source = (await text.inputValue()).replace('my_flow', flow);
      await text.fill(source.replace('-> done:', '-> dnoe:'));
      await page.getByText('1 error. It cannot be published.').waitFor();
      expect(await publish.isDisabled()).toBe(true);
      // What was drawn last stays.
      expect(await page.locator('.graph-host g.node').count()).toBe(4);
      if (shots) await page.screenshot({ path: `${shots}/edit-error-${colorScheme}.png` });
      await page.getByRole('button', { name: /^line \d+$/ }).click();
      const chosen = await text.evaluate((field) => {
        const { value, selectionStart, selectionEnd } = field as HTMLTextAreaElement;
        return value.slice(selectionStart, selectionEnd);
      });
      expect(chosen).toContain('dnoe');

      await text.fill(source);
      await page.getByText('No problem was found.').waitFor();
      await publish.click();
      await page.waitForURL(`**/definitions/${flow}`);
      await page.getByRole('link', { name: 'Edit' }).click();
      await page.getByRole('heading', { name: `Edit ${flow}` }).waitFor();
      await text.fill(source.replace('end: refused', 'end: turned_down'));
      await page.getByText('No problem was found.').waitFor();
      await publish.click();
      await page.waitForURL(`**/definitions/${flow}`);
      await page.getByText('v2 · newest').or(page.locator('input[value="v2 · newest"]')).first().waitFor();
      const stored = await stage.api<DefinitionView>(`/definitions/${flow}`);
      expect([stored.versions, stored.source.includes('turned_down')]).toEqual([[1, 2], true]);
      expect(faults).toEqual([]);
    },
  );
});
