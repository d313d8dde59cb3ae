import { expect, it } from 'vitest';
import { itemCounts } from '../../../src/core/diagram/items.js';
import { instanceDiagram } from '../../../src/core/diagram/mermaid.js';
import { end, flow, start, task } from '../../support/build-definition.js';
import { compensate, undoable, undoing } from '../../support/definition/compensate.js';
import { each } from '../../support/definition/each.js';
import { Bench, completed, failed, gathered, type Happening, item, listed, started } from '../../support/flow-spec.js';

const drawn = (bench: Bench) => {
  const nodes = [...bench.rows.values()];
  return instanceDiagram(bench.definition, { instance: bench.instance, nodes });
};

it('draws how many items are done, of how many, while they run and afterwards', () => {
  const bench = new Bench(
    flow({ begin: start(), many: task({ each: each({ onError: 'continue' }) }), a: task(), done: end() }, [
      'begin -> many -> a -> done',
    ]),
  );
  const happen = (...all: readonly Happening[]) => {
    for (const one of all) expect(bench.happens(one).ok).toBe(true);
  };
  happen(started(), listed('many', ['x', 'y', 'z']), completed('many', 1, item(0)), failed('many', 'X', item(1)));
  expect(drawn(bench)).toContain('n_many["many, each of input.items 1/3"]');
  const whole = { node: 'many', visit: 1 };
  expect(itemCounts(bench.instance, [...bench.rows.values()], whole)).toEqual({ done: 1, total: 3, open: false });
  expect(itemCounts(bench.instance, [...bench.rows.values()], { node: 'many', ...item(0) })).toBeNull();
  expect(itemCounts(bench.instance, [...bench.rows.values()], { node: 'begin', visit: 1 })).toBeNull();
  happen(completed('many', 3, item(2)), gathered('many', []));
  expect(drawn(bench)).toContain('2/3');
});

it('draws what was undone as such, and what undoes it only while it does', () => {
  const bench = new Bench(
    flow({ begin: start(), a: undoable('do.un'), back: compensate(), b: task(), done: end() }, [
      'begin -> a -> back -> b -> done',
    ]),
  );
  for (const one of [started(), completed('a')]) expect(bench.happens(one).ok).toBe(true);
  expect(drawn(bench)).toMatch(/class n_a queued/);
  expect(drawn(bench)).toContain('n_back[\\"back#58; undo all"\\]');
  expect(bench.happens(completed('a', null, undoing())).ok).toBe(true);
  expect(drawn(bench)).toMatch(/class n_a compensated/);
});
