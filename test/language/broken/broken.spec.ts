import { describe, expect, it } from 'vitest';
import { placesOf } from '../flow-text.js';
import { expectedOf } from './broken.js';
import { EDGES } from './edges.js';
import { EXPRESSIONS } from './expressions.js';
import { GRAPHS } from './graphs.js';
import { KINDS } from './kinds.js';
import { STRUCTURE } from './structure.js';
import { TEXT } from './text.js';

const AREAS = {
  text: TEXT,
  structure: STRUCTURE,
  kinds: KINDS,
  edges: EDGES,
  expressions: EXPRESSIONS,
  graphs: GRAPHS,
};

describe.each(Object.entries(AREAS))('broken by hand: %s', (_, cases) => {
  it.each(cases.map((broken) => [broken[0], expectedOf(broken)] as const))('%s', (_what, { text, problems }) => {
    expect(placesOf(text).sort()).toEqual([...problems].sort());
  });
});

it('there are two hundred of them, and no two are the same', () => {
  const all = Object.values(AREAS).flat();
  expect(all.length).toBeGreaterThanOrEqual(200);
  expect(new Set(all.map((broken) => expectedOf(broken).text)).size).toBe(all.length);
  expect(new Set(all.map(([what]) => what)).size).toBe(all.length);
});
