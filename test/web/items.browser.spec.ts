import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { InstanceView } from '../../web/src/api/wire.js';
import { ConsoleStage } from './console-stage.js';

let stage: ConsoleStage;

const SOURCE = `flow: claim
nodes:
  begin: { start: true }
  ask:
    task: log
    each:
      in: input.witnesses
      more: { message: witness.named, match: { claim: input.claim }, last: "false" }
    in: { message: item }
  done: { end: heard }
edges: [begin -> ask -> done]
`;

beforeAll(async () => {
  stage = await ConsoleStage.open();
  await stage.api('/definitions', { source: SOURCE });
}, 240_000);
afterEach(() => stage.closeTabs());
afterAll(() => stage?.close());

/** Set to look at the pages while tests are written. */
const shots = process.env['SLUICE_SHOTS'];

it.each(['light', 'dark'] as const)(
  'adds items to a node that takes more, and closes it, in %s',
  async (colorScheme) => {
    const id = await stage.start('claim', { claim: colorScheme, witnesses: ['ann', 'bob'] });
    const items = async () => {
      const { nodes } = await stage.api<InstanceView>(`/instances/${id}`);
      return nodes.find(({ node, items }) => node === 'ask' && items)?.items;
    };
    await expect.poll(items, { timeout: 10_000 }).toEqual({ done: 2, total: 2, open: true });

    const { page, faults } = await stage.tab({ colorScheme, viewport: { width: 1_280, height: 800 } });
    await page.goto(stage.at(`/instances/${id}?node=ask&visit=1`));
    await page.getByRole('complementary', { name: 'Node ask' }).getByRole('button', { name: 'Add items…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Items of ask' });
    await dialog.getByText('There are 2 items.').waitFor();
    const add = dialog.getByRole('button', { name: 'Add', exact: true });
    expect(await add.isDisabled()).toBe(true);
    await dialog.getByLabel('Items').fill('{');
    await dialog.getByText('Expected a JSON list, but it is none.').waitFor();
    await dialog.getByLabel('Items').fill('["cid"]');
    if (shots) await page.screenshot({ path: `${shots}/items-${colorScheme}.png` });

    // Somebody else is quicker: nothing is added behind what this person has not seen.
    await stage.api(`/instances/${id}/items`, { node: 'ask', items: ['dan'] });
    await dialog.getByText('Others have come since').waitFor();
    await add.click();
    await dialog.getByText('some were added since').waitFor();
    expect(faults.splice(0).filter((one) => !one.includes('409'))).toEqual([]);
    await dialog.getByRole('button', { name: 'Add to these as well' }).click();
    await add.click();
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(items, { timeout: 10_000 }).toEqual({ done: 4, total: 4, open: true });

    await page.getByRole('button', { name: 'Add items…' }).click();
    await dialog.getByRole('checkbox').check();
    await dialog.getByRole('button', { name: 'Close the node' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await expect
      .poll(async () => (await stage.api<InstanceView>(`/instances/${id}`)).outcome, { timeout: 10_000 })
      .toBe('heard');
    expect(faults).toEqual([]);
  },
);
