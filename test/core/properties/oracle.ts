/**
 * Flows made of nested blocks, and what must happen in them, told by recursion over the blocks: an answer to compare
 * `advance` with that knows no edges, arrivals or events.
 */
export type Block =
  | { readonly kind: 'task'; readonly id: string; readonly fails: number }
  | { readonly kind: 'seq'; readonly blocks: readonly Block[] }
  /** One branch, by an exclusive gateway; `merge` says whether the branches meet at a gateway or at what follows. */
  | { readonly kind: 'xor'; readonly id: string; readonly branches: readonly Block[]; readonly pick: number }
  /** All branches, met by a join of all. */
  | { readonly kind: 'and'; readonly id: string; readonly branches: readonly Block[] }
  /** The branches picked (none: the last, by else), met by a join of those taken. */
  | { readonly kind: 'or'; readonly id: string; readonly branches: readonly Block[]; readonly picks: readonly number[] }
  /** All branches, met by a join on the first so many; the others go on and are absorbed. */
  | { readonly kind: 'race'; readonly id: string; readonly branches: readonly Block[]; readonly count: number }
  /** The same, but the first so many cancel the others. */
  | { readonly kind: 'cut'; readonly id: string; readonly branches: readonly Block[]; readonly count: number }
  /** A body that is gone through so many times. */
  | { readonly kind: 'loop'; readonly id: string; readonly body: Block; readonly times: number };

export interface Told {
  /** How many times each node is entered. */
  readonly visits: Readonly<Record<string, number>>;
  /** How many times each task is dispatched, retries included. */
  readonly dispatches: Readonly<Record<string, number>>;
  /** Nodes in branches that may be cancelled: of these, the numbers are the most that can be. */
  readonly loose: ReadonlySet<string>;
}

/** What must have happened when a flow `begin -> block -> done` has ended. */
export function tell(block: Block): Told {
  const visits: Record<string, number> = { begin: 1, done: 1 };
  const dispatches: Record<string, number> = {};
  const loose = new Set<string>();
  let cuts = 0;
  const add = (to: Record<string, number>, name: string, count = 1): void => {
    to[name] = (to[name] ?? 0) + count;
    if (cuts > 0) loose.add(name);
  };

  const walk = (at: Block): void => {
    switch (at.kind) {
      case 'task':
        add(visits, at.id);
        add(dispatches, at.id, 1 + at.fails);
        return;
      case 'seq':
        for (const inner of at.blocks) walk(inner);
        return;
      case 'xor':
        add(visits, `${at.id}_split`);
        walk(at.branches[at.pick] as Block);
        add(visits, `${at.id}_merge`);
        return;
      case 'and':
      case 'race':
        add(visits, `${at.id}_split`);
        for (const branch of at.branches) walk(branch);
        add(visits, `${at.id}_join`);
        return;
      case 'cut':
        add(visits, `${at.id}_split`);
        cuts++;
        for (const branch of at.branches) walk(branch);
        cuts--;
        add(visits, `${at.id}_join`);
        return;
      case 'or': {
        add(visits, `${at.id}_split`);
        const picks = at.picks.length > 0 ? at.picks : [at.branches.length - 1];
        for (const pick of picks) walk(at.branches[pick] as Block);
        add(visits, `${at.id}_join`);
        return;
      }
      case 'loop':
        add(visits, `${at.id}_zero`);
        for (let round = 0; round < at.times; round++) {
          add(visits, `${at.id}_next`);
          walk(at.body);
          add(visits, `${at.id}_again`);
        }
        return;
    }
  };
  walk(block);
  return { visits, dispatches, loose };
}
