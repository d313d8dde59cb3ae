import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cycleRule } from './cycle-rule.js';
import { layerRules } from './layer-rules.js';
import { sizeRules } from './size-rules.js';
import { readSources, sourceFile } from './source-file.js';
import { wordRules } from './word-rules.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = readSources(root);

it('sees the whole repository', () => {
  for (const folder of ['src/core/', 'src/engine/', 'test/architecture/', 'scripts/']) {
    expect(sources.filter((file) => file.path.startsWith(folder)).length).toBeGreaterThan(2);
  }
});

describe.each([...layerRules, cycleRule, ...wordRules, ...sizeRules])('$name', ({ why, find, seeds }) => {
  it('holds', () => {
    expect(find(sources), why).toEqual([]);
  });

  it.each(seeds.map((seed) => [Object.keys(seed).slice(0, 3).join(', '), seed] as const))('finds %s', (_, seed) => {
    const files = Object.entries(seed).map(([path, text]) => sourceFile(path, text));
    expect(find(files)).not.toEqual([]);
  });
});
