/** What the partner behind a task does, attempt by attempt. */
export interface TaskPlan {
  /** The first so many attempts fail. */
  readonly fails: number;
  /**
   * How they fail: `error` is retried by policy, `timeout` too but the effect has happened, `permanent` needs a person,
   * `poison` gives an output that the store refuses.
   */
  readonly how: 'error' | 'timeout' | 'permanent' | 'poison';
  /** Fails permanently for ever: the incident that stays. */
  readonly never: boolean;
  /** How often the partner says "ask again" first. */
  readonly polls: number;
  /** What the handler's input holds. */
  readonly reads: 'nothing' | 'some' | 'all';
  /** Writes its value into a variable. */
  readonly writes: boolean;
}

/** Flows made of nested blocks: every one is sound, and what must happen in it can be told by recursion. */
export type Block =
  | { readonly kind: 'task'; readonly id: string; readonly plan: TaskPlan; readonly after: string | null }
  | { readonly kind: 'timer'; readonly id: string; readonly ms: number }
  | { readonly kind: 'seq'; readonly blocks: readonly Block[] }
  /** A task that is refused for good, and the line `on error` that leads to the body. */
  | { readonly kind: 'catch'; readonly id: string; readonly body: Block }
  | { readonly kind: 'xor'; readonly id: string; readonly branches: readonly Block[]; readonly pick: number }
  /** All branches, met by a join of all. */
  | { readonly kind: 'and'; readonly id: string; readonly branches: readonly Block[] }
  /** The branches picked (none: the last, by else), met by a join of those taken. */
  | { readonly kind: 'or'; readonly id: string; readonly branches: readonly Block[]; readonly picks: readonly number[] }
  /** All branches, met by a join on the first so many; the others go on and are absorbed. */
  | { readonly kind: 'race'; readonly id: string; readonly branches: readonly Block[]; readonly count: number }
  | { readonly kind: 'loop'; readonly id: string; readonly body: Block; readonly times: number };

export const PLAIN: TaskPlan = { fails: 0, how: 'error', never: false, polls: 0, reads: 'nothing', writes: false };

export type TaskBlock = Extract<Block, { kind: 'task' }>;

/** Most remote retries of a task; more failures than that need a person. */
export const MOST_RETRIES = 2;

export function childrenOf(block: Block): readonly Block[] {
  switch (block.kind) {
    case 'task':
    case 'timer':
      return [];
    case 'seq':
      return block.blocks;
    case 'catch':
    case 'loop':
      return [block.body];
    default:
      return block.branches;
  }
}

export function tasksOf(block: Block): readonly TaskBlock[] {
  return block.kind === 'task' ? [block] : childrenOf(block).flatMap(tasksOf);
}
