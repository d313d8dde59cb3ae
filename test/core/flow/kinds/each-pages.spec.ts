import { describe, expect, it } from 'vitest';
import { isPage, pageFrom } from '../../../../src/core/definition/work/each.js';
import type { Json } from '../../../../src/core/json.js';
import { end, flow, path, start, task } from '../../../support/build-definition.js';
import { each } from '../../../support/definition/each.js';
import { completed, given, item, listed, started } from '../../../support/flow-spec.js';

const of = (more: object = {}, rule = {}) =>
  flow({ begin: start(), many: task({ each: each({ limit: 100_000, ...rule }), ...more }), done: end() }, [
    'begin -> many -> done',
  ]);
const listing = (list: Json, definition = of()) => {
  const { when } = given(definition).after(started());
  return when(listed('many', list)).transition();
};
const pagesOf = ({ outputs }: ReturnType<typeof listing>) =>
  outputs.filter(({ visit }) => isPage(visit)).map(({ visit, output }) => [pageFrom(visit), output] as const);

describe('the pages of a set', () => {
  it('have at most 500 items each, in their order', () => {
    const list = Array.from({ length: 1_203 }, (_, n) => n);
    const pages = pagesOf(listing(list));
    expect(pages.map(([from]) => from)).toEqual([0, 500, 1_000]);
    expect(pages.flatMap(([, items]) => items)).toEqual(list);
  });

  it('have at most 64 KiB each, unless one item has more', () => {
    const sizes = [30_000, 30_000, 30_000, 90_000, 10];
    const pages = pagesOf(listing(sizes.map((size) => 'x'.repeat(size))));
    expect(pages.map(([from]) => from)).toEqual([0, 2, 3, 4]);
  });

  it('are one number for a whole number, and none for nothing', () => {
    expect(pagesOf(listing(100_000))).toEqual([[0, 100_000]]);
    expect(pagesOf(listing(0))).toEqual([]);
    expect(pagesOf(listing([]))).toEqual([]);
  });

  it('leave the row of the instance as small as it is for few', () => {
    const size = (list: Json) => JSON.stringify(listing(list).instance.state).length;
    expect(size(100_000)).toBeLessThan(size(3) + 20);
  });
});

describe('partners of items', () => {
  const definition = of({ circuit: { name: 'bank', by: path('item') } });

  it('are kept until their item begins, and no longer', () => {
    const bench = given(definition)
      .after(started(), listed('many', ['north', 'south', 'east', 'west']))
      .when(completed('many', {}, item(0)))
      .gives('many#1.2');
    expect(bench.instance.state.facts['many#1']).toMatchObject({ each: { by: ['west'] } });
  });

  it('are too many when more than 2,000 items wait', () => {
    const many = Array.from({ length: 2_001 }, () => 'north');
    expect(listing(many, definition).effects).toMatchObject([{ type: 'incident.raised', code: 'EACH_TOO_MANY' }]);
    expect(listing(many.slice(1), definition).effects.at(-1)).toMatchObject({ dimension: { value: 'north' } });
  });
});
