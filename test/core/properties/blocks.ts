import fc from 'fast-check';
import type { Definition } from '../../../src/core/definition/definition.js';
import {
  end,
  exclusive,
  expr,
  first,
  flow,
  inclusive,
  is,
  join,
  literal,
  parallel,
  set,
  start,
  task,
} from '../../support/build-definition.js';
import type { Colon } from '../../support/definition/colon.js';
import type { Block } from './oracle.js';

type Nodes = Parameters<typeof flow>[0];
type Arrow = string | readonly [string, Colon];

/** Most failures that a generated task survives. */
const MOST_FAILS = 2;

/** The flow `begin -> block -> done`. */
export function definitionOf(block: Block, isMutual: (id: string) => boolean = () => false): Definition {
  const nodes: Nodes = { begin: start(), done: end('done') };
  const arrows: Arrow[] = [];
  /** Adds a block and gives the node it is entered by and the node it is left from. */
  const add = (at: Block): readonly [string, string] => {
    switch (at.kind) {
      case 'task':
        nodes[at.id] = task({
          retry: { remote: [1_000], max: MOST_FAILS },
          ...(isMutual(at.id) && { mutex: { name: 'm', section: false } }),
        });
        return [at.id, at.id];
      case 'seq': {
        const parts = at.blocks.map(add);
        for (const [i, [entry]] of parts.entries()) if (i > 0) arrows.push(`${parts[i - 1]?.[1]} -> ${entry}`);
        return [parts[0]?.[0] ?? '', parts.at(-1)?.[1] ?? ''];
      }
      case 'xor':
        nodes[`${at.id}_split`] = exclusive();
        nodes[`${at.id}_merge`] = exclusive();
        fork(at.id, at.branches, 'merge', (i) => (i === 0 ? 'else' : is(`input.${at.id}`, i)));
        return [`${at.id}_split`, `${at.id}_merge`];
      case 'or':
        nodes[`${at.id}_split`] = inclusive();
        nodes[`${at.id}_join`] = join('taken');
        fork(at.id, at.branches, 'join', (i) =>
          i === at.branches.length - 1 ? 'else' : is(`input.${at.id}.p${i}`, true),
        );
        return [`${at.id}_split`, `${at.id}_join`];
      case 'and':
      case 'race':
      case 'cut':
        nodes[`${at.id}_split`] = parallel();
        nodes[`${at.id}_join`] =
          at.kind === 'cut' ? first(at.count, 'cancel') : join(at.kind === 'and' ? 'all' : at.count);
        fork(at.id, at.branches, 'join', () => undefined);
        return [`${at.id}_split`, `${at.id}_join`];
      case 'loop': {
        const count = `vars.${at.id}`;
        nodes[`${at.id}_zero`] = set({ [at.id]: literal(0) });
        nodes[`${at.id}_next`] = set({ [at.id]: expr(`${count} + 1`, [count], (n) => Number(n) + 1) });
        nodes[`${at.id}_again`] = exclusive();
        const [entry, exit] = add(at.body);
        arrows.push(`${at.id}_zero -> ${at.id}_next -> ${entry}`, `${exit} -> ${at.id}_again`);
        arrows.push([
          `${at.id}_again -> ${at.id}_next`,
          expr(`${count} < ${at.times}`, [count], (n) => Number(n) < at.times),
        ]);
        exits.set(`${at.id}_again`, 'else');
        return [`${at.id}_zero`, `${at.id}_again`];
      }
    }
  };
  const exits = new Map<string, Colon>();
  const fork = (
    id: string,
    branches: readonly Block[],
    close: string,
    when: (i: number) => Colon | undefined,
  ): void => {
    for (const [i, branch] of branches.entries()) {
      const [entry, exit] = add(branch);
      const colon = when(i);
      arrows.push(colon === undefined ? `${id}_split -> ${entry}` : [`${id}_split -> ${entry}`, colon]);
      arrows.push(`${exit} -> ${id}_${close}`);
    }
  };
  const [entry, exit] = add(block);
  arrows.push(`begin -> ${entry}`, `${exit} -> done`);
  const leaving = (arrow: Arrow): Arrow => {
    const colon = typeof arrow === 'string' ? exits.get(arrow.split(' ')[0] ?? '') : undefined;
    return colon === undefined ? arrow : [arrow as string, colon];
  };
  return flow(nodes, arrows.map(leaving));
}

/** The input that makes the gateways pick as the blocks say. */
export function inputOf(block: Block): Record<string, number | Record<string, boolean>> {
  switch (block.kind) {
    case 'task':
      return {};
    case 'seq':
      return Object.assign({}, ...block.blocks.map(inputOf));
    case 'loop':
      return inputOf(block.body);
    case 'xor':
      return Object.assign({ [block.id]: block.pick }, ...block.branches.map(inputOf));
    case 'or':
      return Object.assign(
        { [block.id]: Object.fromEntries(block.picks.map((i) => [`p${i}`, true])) },
        ...block.branches.map(inputOf),
      );
    case 'and':
    case 'race':
    case 'cut':
      return Object.assign({}, ...block.branches.map(inputOf));
  }
}

/** Block with every name in it made its own. */
function named(block: Block, path: string): Block {
  const all = (blocks: readonly Block[]): Block[] => blocks.map((inner, i) => named(inner, `${path}${i}`));
  switch (block.kind) {
    case 'task':
      return { ...block, id: `t${path}` };
    case 'seq':
      return { ...block, blocks: all(block.blocks) };
    case 'loop':
      return { ...block, id: `l${path}`, body: named(block.body, `${path}0`) };
    default:
      return { ...block, id: `${block.kind}${path}`, branches: all(block.branches) };
  }
}

/**
 * Blocks of up to four levels. A race is not put into a loop: its losers may still run when the next round begins,
 * which the language refuses.
 */
export const blocks: fc.Arbitrary<Block> = fc
  .boolean()
  .chain((racing) => nested(4, racing, true))
  .map((block) => named(block, '_'));

function nested(depth: number, racing: boolean, looping: boolean): fc.Arbitrary<Block> {
  const one: fc.Arbitrary<Block> = fc.record({
    kind: fc.constant('task' as const),
    id: fc.constant(''),
    fails: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: MOST_FAILS }) },
    ),
  });
  if (depth === 0) return one;
  const inner = nested(depth - 1, racing, looping);
  const id = fc.constant('');
  const branches = fc.array(inner, { minLength: 2, maxLength: 3 });
  const split = <T extends object>(make: (branches: readonly Block[]) => fc.Arbitrary<T>) =>
    branches.chain(make) as unknown as fc.Arbitrary<Block>;
  const kinds: fc.Arbitrary<Block>[] = [
    fc.record({ kind: fc.constant('seq' as const), blocks: fc.array(inner, { minLength: 1, maxLength: 3 }) }),
    split((b) => fc.record({ kind: fc.constant('xor'), id, branches: fc.constant(b), pick: fc.nat(b.length - 1) })),
    fc.record({ kind: fc.constant('and' as const), id, branches }),
    split((b) =>
      fc.record({
        kind: fc.constant('or'),
        id,
        branches: fc.constant(b),
        picks: fc.subarray(b.slice(1).map((_, i) => i)),
      }),
    ),
  ];
  kinds.push(
    split((b) =>
      fc.record({
        kind: fc.constant('cut'),
        id,
        branches: fc.constant(b),
        count: fc.integer({ min: 1, max: b.length }),
      }),
    ),
  );
  if (racing)
    kinds.push(
      split((b) =>
        fc.record({
          kind: fc.constant('race'),
          id,
          branches: fc.constant(b),
          count: fc.integer({ min: 1, max: b.length }),
        }),
      ),
    );
  else
    kinds.push(
      fc.record({ kind: fc.constant('loop' as const), id, body: inner, times: fc.integer({ min: 1, max: 3 }) }),
    );
  return fc.oneof({ weight: 1, arbitrary: one }, ...kinds.map((arbitrary) => ({ weight: 1, arbitrary })));
}
