import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleStage } from './console-stage.js';
import { faultsOfPage } from './page-faults.js';

let stage: ConsoleStage;
let hurt = '';
let asked = '';

const MANUAL = `flow: sign_off
title: Sign off
key: input.id
nodes:
  begin: { start: true }
  sign: { manual: { title: Sign it, assignee: "'desk'", form: { type: object, required: [ok], properties: { ok: { type: boolean, title: Ok }, note: { type: string, title: Note } } } }, due: 0s }
  done: { end: done }
edges:
  - begin -> sign -> done
`;
const GIFT = `flow: gift
play: { type: object, required: [reward], properties: { reward: { type: number, title: Reward } } }
input: { type: object, required: [uid], properties: { uid: { type: string } } }
nodes: { begin: { start: true }, give: { set: { reward: play.reward } }, done: { end: given } }
edges: [begin -> give -> done]
`;
const lost = (end: string): string =>
  `flow: lost_way\nkey: input.id\nnodes:\n  begin: { start: true }\n  go: { task: nobody.does }\n  rest: { wait: some.thing }\n  done: { end: ${end} }\nedges:\n  - begin -> go: input.way == 1\n  - begin -> rest: else\n  - go -> done\n  - rest -> done\n`;

beforeAll(async () => {
  stage = await ConsoleStage.open();
  for (const source of [MANUAL, lost('one')]) await stage.api('/definitions', { source });
  hurt = await stage.start('lost_way', { id: 'lost-1', way: 1 });
  await stage.start('lost_way', { id: 'lost-2', way: 2 });
  asked = await stage.start('sign_off', { id: 'sign-1' });
  await stage.api('/definitions', { source: lost('two') });
  await stage.api('/definitions', { source: GIFT });
  await stage.api('/plays', { code: 'gift', title: 'A gift for all', flow: 'gift', params: { reward: 5 } });
  await stage.api('/routing/overrides', { code: 'pin', lane: 'slow', reason: 'to be looked at' });
}, 240_000);
afterEach(() => stage.closeTabs());
afterAll(() => stage?.close());

/** Set to look at the pages while tests are written. */
const shots = process.env['SLUICE_SHOTS'];

/** Every page with something on it, and what says that it is there. */
const pages: readonly (readonly [name: string, path: () => string, ready: (page: Page) => Promise<unknown>])[] = [
  ['instances', () => '/', (page) => page.getByRole('link', { name: 'lost-1' }).waitFor()],
  [
    'instance',
    () => `/instances/${hurt}?node=go`,
    async (page) => {
      await page.locator('.graph-host g.node').first().waitFor();
      await page.getByRole('complementary', { name: 'Node go' }).waitFor();
    },
  ],
  ['incidents', () => '/incidents', (page) => page.getByRole('cell', { name: 'NO_HANDLER' }).waitFor()],
  ['tasks', () => '/tasks', (page) => page.getByRole('link', { name: 'sign-1' }).waitFor()],
  ['routing', () => '/routing', (page) => page.getByRole('cell', { name: 'normal' }).first().waitFor()],
  ['rules', () => '/routing?tab=rules', (page) => page.getByText('to be looked at').waitFor()],
  ['what-if', () => '/routing?tab=what-if', (page) => page.getByRole('heading', { name: 'Routing' }).waitFor()],
  ['delays', () => '/routing?tab=delays', (page) => page.getByText('Nothing waits').waitFor()],
  ['changes', () => '/routing?tab=changes', (page) => page.getByText('set the override').waitFor()],
  ['triggers', () => '/triggers', (page) => page.getByRole('heading', { name: 'Triggers' }).waitFor()],
  ['definitions', () => '/definitions', (page) => page.getByRole('link', { name: 'Sign off' }).waitFor()],
  ['definition', () => '/definitions/lost_way', (page) => page.locator('.graph-host g.node').first().waitFor()],
  [
    'versions',
    () => '/definitions/lost_way?tab=versions',
    (page) => page.getByRole('button', { name: 'Migrate to v2' }).waitFor(),
  ],
  [
    'funnel',
    () => '/definitions/lost_way?tab=funnel&version=1',
    (page) => page.getByText('Of the newest 2 instances').waitFor(),
  ],
  ['plays', () => '/plays', (page) => page.getByRole('link', { name: 'A gift for all' }).waitFor()],
  ['play', () => '/plays/gift', (page) => page.getByRole('heading', { name: 'A gift for all' }).waitFor()],
  ['edit', () => '/edit', (page) => page.getByText('No problem was found.').waitFor()],
  ['audit', () => '/audit', (page) => page.getByRole('cell', { name: 'set the override' }).waitFor()],
];

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  it('every page can be read by everybody: contrast, names, labels, headings', async () => {
    const { page } = await stage.tab({ colorScheme, reducedMotion: 'reduce' });
    const found: Record<string, readonly string[]> = {};
    for (const [name, path, ready] of pages) {
      await page.goto(stage.at(path()));
      await ready(page);
      const faults = await page.evaluate(faultsOfPage);
      if (faults.length > 0) found[name] = faults;
      if (shots) await page.screenshot({ path: `${shots}/a11y-${name}-${colorScheme}.png` });
    }
    expect(found).toEqual({});
  });

  it('dialogs too, and the page that asks for a token', async () => {
    const { page } = await stage.tab({ colorScheme, reducedMotion: 'reduce' });
    const found: Record<string, readonly string[]> = {};
    const look = async (name: string): Promise<void> => {
      const faults = await page.evaluate(faultsOfPage);
      if (faults.length > 0) found[name] = faults;
      if (shots) await page.screenshot({ path: `${shots}/a11y-${name}-${colorScheme}.png` });
    };
    await page.goto(`${stage.origin}/`);
    await page.getByLabel('Token or link').waitFor();
    await look('token');
    await page.goto(stage.at('/definitions/lost_way?tab=versions'));
    await page.getByRole('button', { name: 'Migrate to v2' }).click();
    await page.getByRole('dialog').getByText('2 instances can go on').waitFor();
    await page.waitForTimeout(400);
    await look('migrate');
    await page.goto(stage.at('/tasks'));
    await page.getByRole('button', { name: 'Complete…' }).first().click();
    await page.getByRole('dialog').getByText('For desk').waitFor();
    await page.waitForTimeout(400);
    await look('task');
    await page.goto(stage.at('/plays'));
    const opener = page.getByRole('button', { name: 'New play…' });
    await opener.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Code').waitFor();
    await page.waitForTimeout(400);
    await look('new-play');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await expect.poll(() => opener.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.goto(stage.at('/routing?tab=rules'));
    await page.getByRole('button', { name: 'Override…' }).click();
    await page.getByRole('dialog').getByLabel('Reason').waitFor();
    await page.waitForTimeout(400);
    await look('override');
    expect(found).toEqual({});
  });
});

it('what cannot be read or used is found', async () => {
  const { page } = await stage.tab({ colorScheme: 'light' });
  await page.goto(stage.at('/audit'));
  await page.getByRole('cell', { name: 'set the override' }).waitFor();
  await page.evaluate(() => {
    const add = (tag: string, more: Record<string, string>, text = ''): void => {
      const element = document.createElement(tag);
      for (const [name, value] of Object.entries(more)) element.setAttribute(name, value);
      element.textContent = text;
      document.querySelector('main')?.append(element);
    };
    add('p', { style: 'color: #999' }, 'pale');
    add('p', { style: 'background: #333; color: #555' }, 'dark');
    add('p', { style: 'opacity: 0.4' }, 'faint');
    add('button', { style: 'width: 20px; height: 20px' });
    add('input', { placeholder: 'no label' });
    add('h1', {}, 'another');
    add('p', { id: 'root' }, 'twice');
  });
  const faults = (await page.evaluate(faultsOfPage)).join('\n');
  for (const wanted of [
    "'pale'",
    "'dark'",
    "'faint'",
    'no name: button',
    'no name: input',
    '2 first headings',
    'the id root',
  ]) {
    expect(faults).toContain(wanted);
  }
});

describe('by keyboard alone', () => {
  const focused = (page: Page) =>
    page.evaluate(() => {
      const on = document.activeElement as HTMLElement | null;
      if (!on || on === document.body) return null;
      const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(on);
      const text = on.getAttribute('aria-label') ?? on.textContent ?? '';
      // A node of a graph is framed by its own shape, a field by its border.
      const drawn =
        on.matches('g.node') &&
        getComputedStyle(on.querySelector('rect, circle, polygon, path') ?? on).filter !== 'none';
      const seen =
        drawn || (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' || on.matches('input');
      return { tag: on.tagName.toLowerCase(), text: text.trim().slice(0, 40), seen, borderColor };
    });

  it('every place of a page is come to in turn, is seen, and is left again', async () => {
    const { page } = await stage.tab();
    for (const path of ['/', `/instances/${asked}`, '/definitions/lost_way?tab=versions']) {
      await page.goto(stage.at(path));
      await page.locator('main a, main button').first().waitFor();
      if (path !== '/') await page.locator('.graph-host g.node').first().waitFor();
      const visited: string[] = [];
      for (let steps = 0; steps < 150; steps++) {
        await page.keyboard.press('Tab');
        const on = await focused(page);
        if (on === null) break;
        expect([path, on.text, on.seen]).toEqual([path, on.text, true]);
        visited.push(`${on.tag} ${on.text}`);
      }
      expect(visited.length).toBeGreaterThan(10);
      expect(visited.length).toBeLessThan(150);
      if (path.startsWith('/instances')) expect(visited.join('\n')).toMatch(/^g .*sign/im);
    }
  });

  it('a node is opened, a task is completed, and a dialog gives the focus back where it came from', async () => {
    const id = await stage.start('sign_off', { id: 'sign-keys' });
    const { page } = await stage.tab();
    await page.goto(stage.at(`/instances/${id}`));
    const node = page.locator('.graph-host g.node[role=button]').filter({ hasText: 'Sign it' });
    await node.waitFor();
    await node.focus();
    await page.keyboard.press('Enter');
    const complete = page.getByRole('complementary').getByRole('button', { name: 'Complete…' });
    await complete.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.waitForTimeout(300);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect((await focused(page))?.text).toContain('Complete');
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: 'Yes' }).focus();
    await page.keyboard.press('Space');
    await page.getByLabel('Note').focus();
    await page.keyboard.type('by keys');
    await page.keyboard.press('Tab');
    expect((await focused(page))?.text).toBe('Complete');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await expect.poll(async () => (await stage.api<{ outcome: string }>(`/instances/${id}`)).outcome).toBe('done');
  });
});
