import { expect, it } from 'vitest';
import type { NodeInstance } from '../../../src/core/flow/instance.js';
import { NodeRows, ownCopy, visitTo } from '../../../src/core/flow/walk/world.js';

const row = (node: string, visit = 1): NodeInstance => visitTo({ node, visit }, [], null, 0);
const many = (count: number): NodeInstance[] => Array.from({ length: count }, (_, at) => row('n', at + 1));
const done = (of: NodeInstance): NodeInstance => Object.assign(ownCopy(of), { status: 'done' as const });

// Few rows are looked for one by one, and more by an index.
it.each([1, 2, 15, 16, 17, 18, 60])('finds each of %i rows by node and visit, and no other', (count) => {
  const rows = new NodeRows(many(count));
  for (let visit = 1; visit <= count; visit++) expect(rows.find({ node: 'n', visit })?.visit).toBe(visit);
  expect(rows.find({ node: 'n', visit: count + 1 })).toBeUndefined();
  expect(rows.find({ node: 'm', visit: 1 })).toBeUndefined();
  expect(rows.placeOf({ node: 'm', visit: 1 })).toBe(-1);
});

it.each([2, 16, 17, 60])(
  'keeps the place of each of %i rows when it is written anew, and adds new ones behind',
  (count) => {
    const before = many(count);
    const rows = new NodeRows(before);
    const first = done(before[0] as NodeInstance);
    rows.write(first);
    rows.write(row('m'));
    expect(rows.all).toHaveLength(count + 1);
    expect(rows.all[0]).toBe(first);
    expect(rows.placeOf({ node: 'm', visit: 1 })).toBe(count);
  },
);

it('tells what was written, each once, in the order of its first time and as it is now', () => {
  const rows = new NodeRows([row('a'), row('b')]);
  expect(rows.writtenRows()).toEqual([]);
  rows.write(row('c'));
  rows.write(row('a'));
  const last = done(row('c'));
  rows.write(last);
  expect(rows.writtenRows().map(({ node }) => node)).toEqual(['c', 'a']);
  expect(rows.writtenRows()[0]).toBe(last);
});

it('has a row once that is given twice, as it was given last', () => {
  const last = done(row('a'));
  expect(new NodeRows([row('a'), row('b'), last]).all).toEqual([last, row('b')]);
});
