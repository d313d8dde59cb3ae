import type { Merge } from './merge.js';

/** What every node can say of how it is entered and left, whatever it does. */
export interface Control {
  /** Groups of nodes that it belongs to, each cancelled as a whole; absent: none. */
  readonly scopes?: readonly string[];
  /** Excludes all others of the name: the node alone, or the section of connected nodes that says so too. */
  readonly mutex?: { readonly name: string; readonly section: boolean };
  /** Begins only while that node is active; absent: at once. */
  readonly while?: string;
  /** Variables that the branches which meet here write apart from one another; absent: none. */
  readonly merge?: readonly Merge[];
}

/**
 * `all`: one arrival on every incoming edge; a second arrival on an edge waits for the next round.
 * `taken`: something has arrived, and nothing active can still reach the node.
 * `count`: arrivals on that many distinct edges. The rest of the round is absorbed; or what is still on its way to the
 * join is cancelled; or absorbed too where rounds overtake one another, and the next round is held back until then.
 * `each`: a visit per arrival, said aloud.
 * `arrivals`: a visit for every so many arrivals, whichever edges they came along.
 */
export type JoinRule =
  | { readonly type: 'all' }
  | { readonly type: 'taken' }
  | { readonly type: 'count'; readonly count: number; readonly rest?: 'cancel' | 'hold' }
  | { readonly type: 'each' }
  | { readonly type: 'arrivals'; readonly count: number };
