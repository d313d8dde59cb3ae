import type { flow } from '../../support/build-definition.js';
import type { Colon } from '../../support/definition/colon.js';
import type { Block } from './block.js';

export type Nodes = Parameters<typeof flow>[0];

/** A part of the flow: where it is entered, where it is left, and by what line it is left. */
export interface Part {
  readonly entry: string;
  readonly exit: string;
  readonly by: Colon | undefined;
}

export const part = (entry: string, exit = entry, by?: Colon): Part => ({ entry, exit, by });

/** A flow under construction. */
export interface Site {
  readonly nodes: Nodes;
  readonly line: (
    from: string,
    to: string,
    by: Colon | undefined,
    more?: { readonly cancels?: readonly string[]; readonly times?: number },
  ) => void;
  readonly add: (block: Block) => Part;
  /** Adds a task that is refused for good. */
  readonly refused: (id: string) => void;
}
