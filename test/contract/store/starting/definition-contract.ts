import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VersionConflict } from '../../../../src/engine/ports/definition-store.js';
import type { Open, Opened } from '../opened.js';

const definition = (flow: string, content: string, version: number | null = null) => ({
  flow,
  version,
  title: 'Kreditauszahlung 😀',
  description: null,
  sha256: content.padEnd(64, '0'),
  source: `flow: ${flow}\n# ${content}\n`,
});

/** What every DefinitionStore promises. */
export function describeDefinitions(name: string, open: Open): void {
  describe(`${name}: definitions`, () => {
    let on: Opened;
    beforeAll(async () => {
      on = await open();
    });
    afterAll(() => on.close());

    it('counts versions up, and answers unchanged content with the version it has', async () => {
      const { definitions } = on;
      expect(await definitions.insert(definition('a', 'one'))).toEqual({ version: 1, created: true });
      expect(await definitions.insert(definition('a', 'two'))).toEqual({ version: 2, created: true });
      expect(await definitions.insert(definition('a', 'one'))).toEqual({ version: 1, created: false });
      expect(await definitions.insert(definition('a', 'ten', 10))).toEqual({ version: 10, created: true });
      expect(await definitions.insert(definition('a', 'next'))).toEqual({ version: 11, created: true });
      expect(await definitions.versions('a')).toEqual([1, 2, 10, 11]);
      expect(await definitions.versions('unknown')).toEqual([]);
    });

    it('refuses other content under a version that exists', async () => {
      const { definitions } = on;
      await definitions.insert(definition('b', 'one', 3));
      await expect(definitions.insert(definition('b', 'two', 3))).rejects.toThrow(VersionConflict);
      expect(await definitions.insert(definition('b', 'one', 3))).toEqual({ version: 3, created: false });
    });

    it('finds one version, the newest, and the newest of all', async () => {
      const { definitions } = on;
      await definitions.insert(definition('d', 'one'));
      await definitions.insert(definition('c', 'one'));
      await definitions.insert(definition('c', 'two'));
      const old = await definitions.find('c', 1);
      expect(old).toEqual({ ...definition('c', 'one'), version: 1, publishedAt: old?.publishedAt });
      expect(old?.publishedAt).toBeGreaterThan(0);
      expect((await definitions.find('c'))?.version).toBe(2);
      expect(await definitions.find('c', 3)).toBeNull();
      expect(await definitions.find('unknown')).toBeNull();
      expect(await definitions.find('größe')).toBeNull();
      expect(await definitions.versions('größe')).toEqual([]);
      const newest = (await definitions.newest()).map(({ flow, version }) => `${flow}${version}`);
      expect(newest.filter((one) => /^[cd]/.test(one))).toEqual(['c2', 'd1']);
    });

    it('keeps what was known of kinds of node, and nothing where there are none', async () => {
      const { definitions } = on;
      const kinds = JSON.stringify([{ name: 'acme.größe', docs: '😀'.repeat(40_000) }]);
      await definitions.insert({ ...definition('k', 'one'), kinds });
      await definitions.insert(definition('k', 'two'));
      expect((await definitions.find('k', 1))?.kinds).toBe(kinds);
      expect(await definitions.find('k', 2)).not.toHaveProperty('kinds');
    });

    it('gives starts what was activated, until a new version is published', async () => {
      const { definitions } = on;
      for (const content of ['one', 'two', 'three']) await definitions.insert(definition('f', content));
      expect(await definitions.activate('f', 1, 'Zoë')).toBe(true);
      expect((await definitions.find('f'))?.version).toBe(1);
      expect((await definitions.find('f', 3))?.version).toBe(3);
      const active = (await definitions.active()).get('f');
      expect(active).toEqual({ version: 1, by: 'Zoë', at: active?.at });
      expect(active?.at).toBeGreaterThan(0);
      // Content that is there already is no new version: engines publish their files whenever they start.
      await definitions.insert(definition('f', 'three'));
      expect((await definitions.find('f'))?.version).toBe(1);
      expect(await definitions.activate('f', 2, 'Al')).toBe(true);
      expect((await definitions.find('f'))?.version).toBe(2);
      expect(await definitions.activate('f', 9, 'Al')).toBe(false);
      expect(await definitions.activate('größe', 1, 'Al')).toBe(false);
      expect((await definitions.find('f'))?.version).toBe(2);
      await definitions.insert(definition('f', 'four'));
      expect((await definitions.find('f'))?.version).toBe(4);
      expect((await definitions.active()).has('f')).toBe(false);
      expect((await definitions.newest()).find(({ flow }) => flow === 'f')?.version).toBe(4);
    });

    it('gives publishers that come at once one version per content', async () => {
      const { definitions } = on;
      const same = await Promise.all(Array.from({ length: 4 }, () => definitions.insert(definition('e', 'same'))));
      expect(same.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(same.map(({ version }) => version))).toEqual(new Set([1]));
      const other = await Promise.all(['p', 'q', 'r'].map((content) => definitions.insert(definition('e', content))));
      expect(other.map(({ version }) => version).sort()).toEqual([2, 3, 4]);
    });
  });
}
