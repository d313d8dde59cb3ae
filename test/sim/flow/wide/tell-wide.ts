import type { Block } from '../block.js';
import type { WideBlock } from './of-blocks.js';
import { type TccChoices, tellTcc } from './tcc/tell-tcc.js';
import { tellWork } from './tell-work.js';
import { isDoomed, isWork, nodeOf } from './wide-block.js';

/** The oracle, for what is told by this part of it. */
interface Teller {
  readonly enter: (id: string) => number;
  readonly walk: (block: Block) => boolean;
  readonly isGivenUp: (id: string, visit: number) => boolean;
  readonly salt: string;
  readonly fails: Record<string, number>;
  readonly outputs: Record<string, string>;
  readonly asks: Record<string, number>;
  readonly choices: TccChoices;
}

/** Answers whether it came through. */
export function tellWide(at: WideBlock, teller: Teller): boolean {
  const { enter, walk, isGivenUp, salt, fails, outputs, asks } = teller;
  const node = nodeOf(at);
  const visit = enter(node);
  if (visit > 0 && at.does.kind === 'tcc') tellTcc(node, visit, at.does, teller);
  if (isGivenUp(node, visit) || !isWork(at)) return !isGivenUp(node, visit);
  const told = tellWork(at, visit, salt);
  const unit = `${node}.${visit}`;
  fails[unit] = told.fails;
  for (const [part, count] of Object.entries(told.asks)) asks[`${unit}/${part}`] = count;
  if (told.shown !== null) outputs[unit] = told.shown;
  return !isDoomed(at) || (at.branches.every(walk) && enter(`${at.id}_merge`) > 0);
}
