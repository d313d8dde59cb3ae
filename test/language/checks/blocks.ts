import fc from 'fast-check';

/** A part of a flow with one way in and one way out. */
export type Block =
  | { readonly kind: 'task' }
  | { readonly kind: 'row' | 'choice' | 'both' | 'some' | 'loop'; readonly of: readonly Block[] };

const blocksOf = (kinds: readonly Exclude<Block['kind'], 'task' | 'loop'>[]): fc.Arbitrary<Block> =>
  fc.letrec<{ block: Block }>((tie) => {
    const of = (least: number, most: number): fc.Arbitrary<Block[]> =>
      fc.array(tie('block'), { minLength: least, maxLength: most });
    return {
      block: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        fc.constant({ kind: 'task' } as const),
        fc.record({ kind: fc.constantFrom(...kinds), of: of(2, 3) }),
        fc.record({ kind: fc.constant('loop'), of: of(1, 1) }),
      ),
    };
  }).block;

export const blocks = blocksOf(['row', 'choice', 'both', 'both', 'some']);
/** A loop with at least two blocks, one after the other or one in the other, whose branches some are taken of. */
export const loopsOfSome = fc
  .array(blocksOf(['some', 'some', 'row', 'both']), { minLength: 2, maxLength: 3 })
  .map((of): Block => ({ kind: 'loop', of: [{ kind: 'row', of: of.map((part) => withSome(part)) }] }))
  .filter((block) => mostInLoop(block, 'some') > 1);

const withSome = (part: Block): Block =>
  part.kind === 'task' ? { kind: 'some', of: [{ kind: 'task' }, { kind: 'task' }] } : part;

/** The most blocks of a kind that are in one loop, at any depth. */
function mostInLoop(block: Block, kind: Block['kind']): number {
  if (block.kind === 'task') return 0;
  if (block.kind === 'loop') return block.of.reduce((sum, part) => sum + count(part, kind), 0);
  return Math.max(...block.of.map((part) => mostInLoop(part, kind)));
}

const count = (block: Block, kind: Block['kind']): number =>
  (block.kind === kind ? 1 : 0) +
  (block.kind === 'task' ? 0 : block.of.reduce((sum, part) => sum + count(part, kind), 0));

/** The flow `begin -> block -> done`. */
export function textOfBlock(block: Block): string {
  const nodes: string[] = [];
  const edges: string[] = [];
  const name = (rest = ''): string => {
    const id = `n${nodes.length}`;
    nodes.push(`${id}: { ${rest || 'task: demo.work'} }`);
    return id;
  };
  /** Draws a block, and says where it is entered and left. */
  const draw = (part: Block): readonly [string, string] => {
    if (part.kind === 'task') {
      const id = name();
      return [id, id];
    }
    if (part.kind === 'row') {
      const row = part.of.map(draw);
      for (const [place, [into]] of row.entries()) if (place > 0) edges.push(`${row[place - 1]?.[1]} -> ${into}`);
      return [row[0]?.[0] ?? '', row.at(-1)?.[1] ?? ''];
    }
    if (part.kind === 'loop') {
      const first = name();
      const [into, out] = draw(part.of[0] ?? { kind: 'task' });
      const check = name();
      edges.push(`${first} -> ${into}`, `${out} -> ${check}`, `${check} -> ${first}: ${check}.go == false`);
      const next = name();
      edges.push(`${check} -> ${next}: else`);
      return [first, next];
    }
    const inclusive = part.kind === 'some' ? 'gateway: inclusive' : '';
    const first = name(inclusive);
    const branches = part.of.map(draw);
    const join = { choice: '', both: 'join: all', some: 'join: taken' }[part.kind];
    const last = name(join && `task: demo.work, ${join}`);
    if (part.kind === 'both') {
      edges.push(`${first} -> ${branches.map(([into]) => into).join(' & ')}`);
    } else {
      branches.forEach(([into], place) => {
        const side = ['input.left', 'input.right'][place] ?? '';
        const when = part.kind === 'some' ? side : place === 0 ? `${first}.go == true` : `${first}.ok == true`;
        edges.push(`${first} -> ${into}: ${place === branches.length - 1 ? 'else' : when}`);
      });
    }
    for (const [, out] of branches) edges.push(`${out} -> ${last}`);
    return [first, last];
  };
  const [into, out] = draw(block);
  const list = (items: readonly string[], mark: string): string => items.map((item) => `  ${mark}${item}\n`).join('');
  const all = ['begin: { start: true }', 'done: { end: success }', ...nodes];
  return `flow: example\nnodes:\n${list(all, '')}edges:\n${list([`begin -> ${into}`, ...edges, `${out} -> done`], '- ')}`;
}
