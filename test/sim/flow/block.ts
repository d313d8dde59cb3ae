import type { WithAdded } from './items/with-added.js';
import type { Wide, WithMore } from './wide/wide-block.js';

/** What the partner behind a task does, attempt by attempt. */
export interface TaskPlan extends WithMore {
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
  /** Who does it: absent, a handler under its delivery; a handler under a lease; a worker outside. */
  readonly by?: 'lease' | 'worker';
  /** Never under way beside another that says so. */
  readonly mutex?: boolean;
  /** What it has done can be undone, which fails so often first; absent: it cannot. */
  readonly undo?: number;
}

/** What can happen first behind an event gateway: a message, or that some time has passed. */
export interface Arm {
  readonly id: string;
  /** `null`: it waits for a message. */
  readonly ms: number | null;
  /** Somebody sends what it waits for. */
  readonly answered: boolean;
}

/** What a partner does with one item. */
export interface ItemPlan extends TaskPlan {
  /** Its answer is a "no", which is an answer like any other. */
  readonly no: boolean;
}

/** A node that is done once for each item of a list. */
export interface EachBlock extends WithAdded {
  readonly kind: 'each';
  readonly id: string;
  /** The list is in the input; else it is a number. */
  readonly listed: boolean;
  readonly items: readonly ItemPlan[];
  /** Most that are under way at a time. */
  readonly parallel: number;
  /** The others need not be waited for when so many are done, or have said yes. */
  readonly until: { readonly by: 'done' | 'yes'; readonly count: number } | null;
  readonly rest: 'cancel' | 'ignore';
  readonly onError: 'fail' | 'continue';
  readonly collect: boolean;
  /** Items are calls of this flow; `null`: they are tasks. */
  readonly flow: string | null;
  /** Writes how many were done into a variable. */
  readonly writes: boolean;
  /** Where its line for errors leads; `null`: it has none. */
  readonly body: Block | null;
}

/** A body that is entered so often at once, and joined when so many have arrived. */
export interface CopiesBlock {
  readonly kind: 'copies';
  readonly id: string;
  readonly count: number;
  readonly body: Block;
}

/** Something is done only while something else is under way beside it, or else is left out. */
export interface WhileBlock {
  readonly kind: 'while';
  readonly id: string;
  /** What comes before it. */
  readonly first: Block;
  readonly host: TaskBlock;
  /** What comes first beside it. */
  readonly lead: Block;
  readonly guest: TaskBlock;
}

/**
 * A body that is given up as a whole: because a task beside it fails for good, or by a line that says so when some time
 * has passed; or it is not given up, and both are joined.
 */
export interface ScopeBlock {
  readonly kind: 'scope';
  readonly id: string;
  readonly how: 'error' | 'cancels' | 'goes-on';
  readonly ms: number;
  readonly body: Block;
  /** What is done instead. */
  readonly rescue: Block;
}

/** What happens to a node while it is active, by a message or after some time: it is withdrawn, or goes on beside it. */
export interface BorderBlock {
  readonly kind: 'border';
  readonly id: string;
  readonly host: TaskBlock | WaitBlock;
  /** `null`: a message. */
  readonly ms: number | null;
  readonly answered: boolean;
  readonly interrupts: boolean;
  readonly body: Block;
}

/** Undoes what was done: all of it, or of one node. */
export interface CompensateBlock {
  readonly kind: 'compensate';
  readonly id: string;
  readonly what: string;
}

export type ControlBlock = CopiesBlock | WhileBlock | ScopeBlock | BorderBlock | CompensateBlock;

/** Flows made of nested blocks: every one is sound, and what must happen in it can be told by recursion. */
export type Block =
  | { readonly kind: 'task'; readonly id: string; readonly plan: TaskPlan; readonly after: string | null }
  | EachBlock
  | { readonly kind: 'timer'; readonly id: string; readonly ms: number }
  | { readonly kind: 'seq'; readonly blocks: readonly Block[] }
  /** A task that is refused for good, and the line `on error` that leads to the body. */
  | { readonly kind: 'catch'; readonly id: string; readonly body: Block }
  | { readonly kind: 'xor'; readonly id: string; readonly branches: readonly Block[]; readonly pick: number }
  /** All branches, met by a join of all. */
  | { readonly kind: 'and'; readonly id: string; readonly branches: readonly Block[] }
  /** The branches picked (none: the last, by else), met by a join of those taken. */
  | { readonly kind: 'or'; readonly id: string; readonly branches: readonly Block[]; readonly picks: readonly number[] }
  /** All branches, met by a join on the first so many; the others go on and are absorbed, or are cancelled. */
  | {
      readonly kind: 'race';
      readonly id: string;
      readonly branches: readonly Block[];
      readonly count: number;
      readonly rest?: 'cancel' | 'hold';
    }
  | ControlBlock
  | Wide<Block>
  | { readonly kind: 'loop'; readonly id: string; readonly body: Block; readonly times: number }
  /** A wait for a message; the line `on timeout` leads to the body, if there is one. Unanswered, it needs one to go on. */
  | {
      readonly kind: 'wait';
      readonly id: string;
      readonly answered: boolean;
      readonly timeoutMs: number | null;
      readonly writes: boolean;
      readonly body: Block | null;
      /** It is no message that it waits for, but what a person says. */
      readonly person?: boolean;
    }
  /** Of its arms the first that happens goes on with its branch. */
  | { readonly kind: 'event'; readonly id: string; readonly arms: readonly Arm[]; readonly branches: readonly Block[] }
  /** Another flow; the line `on error` leads to the body, if there is one. */
  | {
      readonly kind: 'call';
      readonly id: string;
      readonly flow: string;
      readonly detach: boolean;
      readonly undo?: boolean;
      readonly body: Block | null;
    }
  /** A whole flow whose end is a failure. */
  | { readonly kind: 'fails'; readonly id: string; readonly body: Block };

/** Names of the nodes whose handlers a partner stands behind, but those of lines for errors. */
export const handledIn = (block: Block): readonly string[] =>
  allOf(block).flatMap((one) => (one.kind === 'task' || (one.kind === 'each' && one.flow === null) ? [one.id] : []));

export const PLAIN: TaskPlan = { fails: 0, how: 'error', never: false, polls: 0, reads: 'nothing', writes: false };

export type WaitBlock = Extract<Block, { kind: 'wait' }>;
export type TaskBlock = Extract<Block, { kind: 'task' }>;

/** Most remote retries of a task; more failures than that need a person. */
export const MOST_RETRIES = 2;

export function childrenOf(block: Block): readonly Block[] {
  switch (block.kind) {
    case 'task':
    case 'timer':
    case 'compensate':
      return [];
    case 'seq':
      return block.blocks;
    case 'catch':
    case 'loop':
    case 'fails':
    case 'copies':
      return [block.body];
    case 'scope':
      return [block.body, block.rescue];
    case 'border':
      return [block.host, block.body];
    case 'while':
      return [block.first, block.host, block.lead, block.guest];
    case 'wait':
    case 'call':
    case 'each':
      return block.body ? [block.body] : [];
    default:
      return block.branches;
  }
}

export function tasksOf(block: Block): readonly TaskBlock[] {
  return block.kind === 'task' ? [block] : childrenOf(block).flatMap(tasksOf);
}

/** The block and all within it. */
export const allOf = (block: Block): readonly Block[] => [block, ...childrenOf(block).flatMap(allOf)];

/** What letters for the border of a node are addressed to. */
export const borderOf = (host: string): string => `${host}_b`;

/** Nodes that wait for a message which somebody sends. */
export const answeredIn = (block: Block): readonly string[] =>
  allOf(block).flatMap((one) => {
    if (one.kind === 'wait') return one.answered && !one.person ? [one.id] : [];
    if (one.kind === 'border') return one.answered && one.ms === null ? [borderOf(one.host.id)] : [];
    if (one.kind === 'each') return one.added ? [borderOf(one.id)] : [];
    return one.kind === 'event' ? one.arms.flatMap((arm) => (arm.ms === null && arm.answered ? [arm.id] : [])) : [];
  });

/** Nodes that wait for ever for what nobody sends, and hold their instance by that. */
export const unansweredIn = (block: Block): readonly string[] =>
  allOf(block).flatMap((one) => (one.kind === 'wait' && !one.answered && one.timeoutMs === null ? [one.id] : []));

/** A flow and those that it calls, each once. */
export function flowsFrom(flow: string, flows: Readonly<Record<string, Block>>): readonly string[] {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const block = flows[name];
    if (block === undefined || seen.has(name)) return;
    seen.add(name);
    for (const one of allOf(block)) {
      const called = one.kind === 'call' || one.kind === 'each' ? one.flow : null;
      if (called !== null) visit(called);
    }
  };
  visit(flow);
  return [...seen];
}

/** The failure that ends a flow of kind `fails`. */
export const SUB_FAILED = 'SUB_FAILED';
