import type { Expression } from '../../expression.js';

/** What can happen to a node instance while it is active, beside its own end. */
export type BorderEvent = BorderMessage | BorderTime;

interface Border {
  /** True: the node instance is withdrawn, and the line is taken instead. False: it goes on, and the line is taken beside. */
  readonly interrupts: boolean;
}

export interface BorderMessage extends Border {
  readonly type: 'message';
  /** The name of the message. */
  readonly message: string;
  /** Members of the payload, and what each must be equal to; empty: the name alone decides. */
  readonly match: ReadonlyMap<string, Expression>;
  /** How old a message may be that came before, in milliseconds; `null`: as old as they are kept. */
  readonly keepMs: number | null;
}

export interface BorderTime extends Border {
  readonly type: 'after';
  /** Counted from when the node was entered, with all its attempts. */
  readonly afterMs: number;
}

/**
 * Watches at the border of one node, for one of its lines, for more items or for the time to try: a node that no file names. It is entered with its host and
 * over when its host is, so that what it waits for is stored, found, paused and repaired like that of every other node.
 */
export interface GuardNode extends GuardRule {
  readonly kind: 'guard';
  /** The id of the host, cut to 58 letters, `@` and the number of the line; or `@more`, or `@within`. */
  readonly id: string;
  readonly title: null;
  readonly tags: readonly string[];
  readonly join: null;
  readonly visits: number;
}

interface GuardRule {
  readonly host: string;
  /** Index of the line that it takes; `null`: a message adds items to the host, which goes on, and time ends its trying. */
  readonly line: number | null;
  readonly on: BorderEvent;
}

export const isBorder = (when: { readonly type: string }): when is BorderEvent =>
  when.type === 'message' || when.type === 'after';

/** Whether a line is taken while the node that it leaves goes on. */
export const goesBeside = (when: { readonly type: string } | null | undefined): boolean =>
  when !== null && when !== undefined && isBorder(when) && !when.interrupts;

/** Whether a line is taken for what happens to a node, and not because it has done its work. */
export const isBoundary = (type: string | undefined): boolean => type !== undefined && BOUNDARIES.has(type);
const BOUNDARIES: ReadonlySet<string> = new Set(['error', 'timeout', 'exhausted', 'message', 'after']);
