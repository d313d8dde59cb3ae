import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InstanceView } from '../../web/src/api/wire.js';
import { ConsoleStage } from './console-stage.js';

let stage: ConsoleStage;
beforeAll(async () => {
  stage = await ConsoleStage.open();
}, 240_000);
afterEach(() => stage.closeTabs());
afterAll(() => stage?.close());

/** Set to look at the pages while tests are written. */
const shots = process.env['SLUICE_SHOTS'];

const flowOf = (flow: string, nodes: string, edges: string): string =>
  `flow: ${flow}\nkey: input.id\nnodes:\n  begin: { start: true }\n${nodes}edges:\n${edges}`;
const first = (flow: string): string =>
  flowOf(
    flow,
    '  ask: { wait: bank.paid }\n  extra: { wait: bank.extra }\n  done: { end: old }\n',
    '  - begin -> ask: input.kind == 1\n  - begin -> extra: else\n  - ask -> done\n  - extra -> done\n',
  );
const second = (flow: string): string =>
  flowOf(flow, '  ask: { wait: bank.paid }\n  done: { end: new }\n', '  - begin -> ask -> done\n');

describe('the versions of a flow', () => {
  it.each(['light', 'dark'] as const)(
    'are activated and migrated to, told before with every obstacle, and kept with who did it, in %s',
    async (colorScheme) => {
      const flow = `moving_${colorScheme}`;
      await stage.api('/definitions', { source: first(flow) });
      const ids = await Promise.all(
        [1, 1, 2].map((kind, at) => stage.start(flow, { id: `${colorScheme}-${at}`, kind })),
      );
      await stage.api('/definitions', { source: second(flow) });
      const { page, faults } = await stage.tab({ colorScheme, viewport: { width: 1_280, height: 800 } });
      await page.goto(stage.at(`/definitions/${flow}`));
      await page.getByRole('tab', { name: /Versions/ }).click();
      expect(page.url()).toContain('tab=versions');
      await page
        .getByText('Nobody has done anything here over HTTP.')
        .or(page.getByText('published v'))
        .first()
        .waitFor();
      const row = (version: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name: version }) });
      await row('v2').getByText('starts get it').waitFor();
      if (shots) await page.screenshot({ path: `${shots}/versions-${colorScheme}.png` });

      await row('v1').getByRole('button', { name: 'Activate v1' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Activate v1' }).click();
      await row('v1').getByText('activated by admin').waitFor();
      await page.getByRole('row').filter({ hasText: 'let starts get v1' }).getByText('admin').waitFor();

      await row('v2').getByRole('button', { name: 'Migrate to v2' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('2 instances can go on in v2').waitFor();
      const obstacle = dialog.getByRole('row').filter({ hasText: 'NODE_GONE' });
      await obstacle.getByText('1 instance').waitFor();
      await obstacle.getByRole('link', { name: `${colorScheme}-2` }).waitFor();
      if (shots) await page.screenshot({ path: `${shots}/migrate-${colorScheme}.png` });
      const versions = async () =>
        (await Promise.all(ids.map((id) => stage.api<InstanceView>(`/instances/${id}`)))).map(({ version }) => version);
      expect(await versions()).toEqual([1, 1, 1]);
      await dialog.getByRole('button', { name: 'Move 2 instances' }).click();
      await dialog.getByText('2 instances moved').waitFor();
      if (shots) await page.screenshot({ path: `${shots}/migrated-${colorScheme}.png` });
      expect(await versions()).toEqual([2, 2, 1]);
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      await page.getByRole('row').filter({ hasText: 'moved instances to v2' }).getByText('2 moved, 1 stayed').waitFor();

      await page.getByRole('link', { name: 'Audit' }).click();
      await page.getByRole('row').filter({ hasText: 'moved instances to v2' }).filter({ hasText: flow }).waitFor();
      if (shots) await page.screenshot({ path: `${shots}/audit-${colorScheme}.png` });
      await page.getByLabel('Who').fill('Karl');
      await page.getByLabel('Who').press('Enter');
      await page.getByText('Karl has done nothing').waitFor();
      if (shots) await page.screenshot({ path: `${shots}/audit-empty-${colorScheme}.png` });
      expect(faults).toEqual([]);
    },
  );

  it('say that there is nothing to move, and offer nothing where there is one version', async () => {
    await stage.api('/definitions', { source: first('lonely') });
    const { page } = await stage.tab();
    await page.goto(stage.at('/definitions/lonely?tab=versions'));
    const migrate = page.getByRole('button', { name: 'Migrate to v1' });
    await migrate.waitFor();
    expect(await migrate.isDisabled()).toBe(true);
    await stage.api('/definitions', { source: second('lonely') });
    await page.reload();
    await page.getByRole('button', { name: 'Migrate to v2' }).click();
    await page.getByRole('dialog').getByText('There is nothing to move.').waitFor();
    expect(await page.getByRole('dialog').getByRole('button', { name: 'Move' }).isDisabled()).toBe(true);
    if (shots) await page.screenshot({ path: `${shots}/migrate-none.png` });
  });
});
