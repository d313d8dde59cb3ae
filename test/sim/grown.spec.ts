import { describe, expect, it } from 'vitest';
import { type EachBlock, PLAIN } from './flow/block.js';
import { Dice } from './flow/dice.js';
import { broughtBy, growLists, saidBy } from './flow/items/added.js';
import type { ItemEnd } from './flow/items/tell-each.js';
import type { Added } from './flow/items/with-added.js';
import { answerOf, type Choices, NO_CHOICES, tell } from './flow/oracle.js';

const list: EachBlock = {
  ...{ kind: 'each', id: 'i', listed: true, parallel: 2, until: null, rest: 'cancel', onError: 'continue' },
  ...{ items: [0, 1].map((fails) => ({ ...PLAIN, fails, no: fails === 1 })), collect: true, flow: null },
  ...{ writes: true, body: null },
};
const growing = (last: Added['last'], first = 1): EachBlock => ({
  ...list,
  added: { first, most: 2, bad: false, last },
});
const came = (...texts: readonly string[]): Choices => ({ ...NO_CHOICES, cameTo: () => texts });
const letter = (block: EachBlock, number: number): readonly string[] =>
  broughtBy(block, 'r', number)['items'] as readonly string[];

describe('the oracle of lists that grow', () => {
  it('tells what has come behind what was there, each by the next plan', () => {
    const told = tell(growing(null), 's', 'r', came('a', 'b'));
    expect(told).toMatchObject({ vars: { v_i: 3 }, fails: { 'i.1.0': 0, 'i.1.1': 1, 'i.1.2': 0 }, finished: true });
    expect(told.outputs['i.1.0']).toBe(answerOf('i#0', 1, 's', 'i has 0'));
    expect(told.outputs['i.1.2']).toBe(answerOf('i#2', 1, 's', 'b'));
    expect(tell(growing(null, 0), 's')).toMatchObject({ vars: { v_i: 0 }, finished: true });
  });

  it('waits for the last of all', () => {
    const total = growing({ by: 'total', count: 3 });
    expect(tell(total, 's', 'r', came('a')).finished).toBe(false);
    expect(tell(total, 's', 'r', came('a', 'b')).finished).toBe(true);
    const word = growing({ by: 'letter', count: 2 });
    expect(tell(word, 's', 'r', came(...letter(word, 1), 'a', 'b')).finished).toBe(false);
    expect(tell(word, 's', 'r', came(...letter(word, 2))).finished).toBe(true);
    expect(tell(word, 's', 'r', came(...saidBy('i', 1, false))).finished).toBe(false);
    expect(tell(word, 's', 'r', came(...saidBy('i', 1, true))).finished).toBe(true);
  });

  it('waits for none when there are enough', () => {
    const open = { ...growing({ by: 'total', count: 9 }), until: { by: 'done', count: 1 } } as const;
    const ends: readonly ItemEnd[] = ['done', 'cancelled'];
    const told = tell(open, 's', 'r', { ...came('a'), item: (_, __, item) => ends[item] ?? 'none' });
    expect(told).toMatchObject({ vars: { v_i: 1 }, finished: true });
  });
});

describe('letters for lists', () => {
  it('bring other items each, and say from one on that there are all', () => {
    const block = growing({ by: 'letter', count: 2 });
    const all = [1, 2, 3, 4].flatMap((number) => letter(block, number));
    expect(new Set(all).size).toBe(all.length);
    expect([1, 2, 3].map((number) => broughtBy(block, 'r', number)['last'])).toEqual([false, true, true]);
  });
});

describe('lists that are drawn', () => {
  it('grow where items are tasks, and stay what they are otherwise', () => {
    const calls: EachBlock = { ...list, id: 'c', flow: 'sub1' };
    const flows = growLists({ flow1: { kind: 'seq', blocks: [list, calls] } }, new Dice(1), ['more']);
    const [grown, same] = (flows['flow1'] as { readonly blocks: readonly EachBlock[] }).blocks;
    const { added, ...rest } = grown as EachBlock;
    expect(added).toBeDefined();
    expect([rest, same]).toEqual([list, calls]);
  });
});
