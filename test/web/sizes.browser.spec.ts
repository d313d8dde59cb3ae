import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleStage } from './console-stage.js';

let stage: ConsoleStage;
beforeAll(async () => {
  stage = await ConsoleStage.open();
}, 240_000);
afterEach(() => stage.closeTabs());
afterAll(() => stage?.close());

/** Set to look at the pages while tests are written. */
const shots = process.env['SLUICE_SHOTS'];

describe('an instance of', () => {
  const chain = (count: number): string => {
    const ids = Array.from({ length: count - 2 }, (_, at) => `step_${at}`);
    const nodes = ids.map(
      (id, at) => `  ${id}: ${at === ids.length - 1 ? '{ wait: never.comes }' : `{ set: { n: ${at} } }`}\n`,
    );
    const lines = [`begin -> ${ids.join(' -> ')} -> done`];
    return `flow: chain_${count}\nnodes:\n  begin: { start: true }\n${nodes.join('')}  done: { end: done }\nedges:\n${lines.map((line) => `  - ${line}\n`).join('')}`;
  };

  it.each([3, 300])(
    '%i nodes has its tables before its graph, and is there at once the second time',
    async (count) => {
      await stage.api('/definitions', { source: chain(count) });
      const id = await stage.start(`chain_${count}`, {});
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, faults } = await stage.tab({ colorScheme });
        const began = performance.now();
        await page.goto(stage.at(`/instances/${id}`));
        await page.getByRole('tab', { name: /Timeline/ }).waitFor();
        const shown = performance.now() - began;
        await page
          .locator('.graph-host g.node')
          .nth(count - 1)
          .waitFor({ state: 'attached', timeout: 90_000 });
        const drawn = performance.now() - began;
        expect(await page.locator('.graph-host g.node').count()).toBe(count);
        // What was drawn once is there at once the second time.
        const again = performance.now();
        await page.reload();
        await page
          .locator('.graph-host g.node')
          .nth(count - 1)
          .waitFor({ state: 'attached', timeout: 90_000 });
        const redrawn = performance.now() - again;
        expect(shown).toBeLessThan(drawn);
        // Its picture is kept: only what happened is painted anew.
        if (count > 100) expect(redrawn).toBeLessThan(drawn);
        if (shots) {
          await page.screenshot({ path: `${shots}/nodes-${count}-${colorScheme}.png` });
          process.stdout.write(
            `${count} nodes, ${colorScheme}: page ${Math.round(shown)} ms, graph ${Math.round(drawn)} ms, again ${Math.round(redrawn)} ms\n`,
          );
        }
        expect(faults).toEqual([]);
        await stage.closeTabs();
      }
    },
    240_000,
  );
});
