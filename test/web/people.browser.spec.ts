import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InstanceView } from '../../web/src/api/wire.js';
import { ConsoleStage } from './console-stage.js';

const TOKENS = { vera: 'a-token-of-vera-alone', otto: 'a-token-of-otto-alone' };
const person = (name: keyof typeof TOKENS, more: object): object => {
  return { name, sha256: createHash('sha256').update(TOKENS[name]).digest('hex'), ...more };
};

let stage: ConsoleStage;
beforeAll(async () => {
  stage = await ConsoleStage.open({
    people: [person('vera', { roles: ['viewer'], groups: ['desk'] }), person('otto', { roles: ['operator'] })],
  });
  const source =
    'flow: asked\nkey: input.id\nnodes:\n  begin: { start: true }\n  sign: { manual: { title: Sign it, assignee: "\'desk\'" } }\n' +
    '  go: { task: nobody.does }\n  done: { end: done }\nedges:\n  - begin -> sign -> go -> done\n';
  await stage.api('/definitions', { source });
}, 240_000);
afterEach(() => stage.closeTabs());
afterAll(() => stage?.close());

describe('people with roles', () => {
  it('are offered what they may do, and refused with a sentence what is for somebody else', async () => {
    const id = await stage.start('asked', { id: 'a-1' });
    const otto = await stage.tab();
    await otto.page.goto(stage.at('/tasks', TOKENS.otto));
    await otto.page.getByRole('button', { name: 'Complete…' }).click();
    await otto.page.getByRole('dialog').getByRole('button', { name: 'Complete' }).click();
    await otto.page.getByText("to complete 'Sign it', but otto is neither").waitFor();
    expect((await stage.api<InstanceView>(`/instances/${id}`)).nodes.map(({ node }) => node)).not.toContain('go');

    await otto.page.keyboard.press('Escape');
    await otto.page.getByRole('dialog').waitFor({ state: 'hidden' });
    await otto.page.getByRole('link', { name: 'a-1' }).waitFor();
    await otto.page.getByRole('checkbox', { name: 'Only what I may complete' }).check();
    await otto.page.getByText('Nothing is for you').waitFor();
    expect(otto.page.url()).toContain('mine=true');

    const { page } = await stage.tab();
    await page.goto(stage.at('/tasks?mine=true', TOKENS.vera));
    await page.getByRole('button', { name: 'Complete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Complete' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Incidents' }).click();
    const retry = page.getByRole('row').filter({ hasText: 'a-1' }).getByRole('button', { name: 'Retry' });
    await retry.waitFor();
    expect([await retry.isDisabled(), await retry.getAttribute('title')]).toEqual([
      true,
      'This needs the role operator',
    ]);
    await page.getByRole('link', { name: 'Definitions' }).click();
    await page.getByRole('link', { name: 'asked' }).click();
    expect(await page.getByRole('button', { name: 'Start' }).isDisabled()).toBe(true);
    await page.getByRole('tab', { name: /Versions/ }).click();
    await page.getByRole('button', { name: 'Migrate to v1' }).waitFor();
    expect(await page.getByRole('button', { name: 'Activate v1' }).isDisabled()).toBe(true);
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('row').filter({ hasText: 'vera' }).filter({ hasText: 'completed' }).waitFor();
    await page.getByRole('row').filter({ hasText: 'otto' }).getByText('refused: NOT_THEIRS').waitFor();
  });
});
