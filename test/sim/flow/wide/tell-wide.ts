import type { Block } from '../block.js';
import type { WideBlock } from './of-blocks.js';
import { tellWork } from './tell-work.js';
import { isDoomed, nodeOf } from './wide-block.js';

/** The oracle, for what is told by this part of it. */
interface Teller {
  readonly enter: (id: string) => number;
  readonly walk: (block: Block) => boolean;
  readonly isGivenUp: (id: string, visit: number) => boolean;
  readonly salt: string;
  readonly fails: Record<string, number>;
  readonly outputs: Record<string, string>;
  readonly asks: Record<string, number>;
}

/** Answers whether it came through. */
export function tellWide(at: WideBlock, teller: Teller): boolean {
  const { enter, walk, isGivenUp, salt, fails, outputs, asks } = teller;
  const node = nodeOf(at);
  const visit = enter(node);
  if (isGivenUp(node, visit)) return false;
  const told = tellWork(at, visit, salt);
  const unit = `${node}.${visit}`;
  fails[unit] = told.fails;
  for (const [part, count] of Object.entries(told.asks)) asks[`${unit}/${part}`] = count;
  if (told.shown !== null) outputs[unit] = told.shown;
  return !isDoomed(at) || (at.branches.every(walk) && enter(`${at.id}_merge`) > 0);
}
