import type { Json } from '../../../../src/core/json.js';
import type { Block } from '../block.js';
import type { ArmsDoes } from './arms/arms.js';
import type { WideChoices } from './choices.js';
import { type MergingDoes, mergedIn, written } from './merging/merging.js';
import type { WideBlock } from './of-blocks.js';
import { mergeBy } from './steps/tell-steps.js';
import { cachedAnswer, fallbackOf, type TaskMore } from './tasks/task-more.js';
import { type TccChoices, tellTcc } from './tcc/tell-tcc.js';
import { tellWork } from './tell-work.js';
import { canonical, isDoomed, isWork, nodeOf, type WorkBlock } from './wide-block.js';

/** The oracle, for what is told by this part of it. */
interface Teller {
  readonly enter: (id: string) => number;
  readonly walk: (block: Block) => boolean;
  readonly isGivenUp: (id: string, visit: number) => boolean;
  readonly choices: WideChoices & TccChoices;
  readonly salt: string;
  readonly receipt: string;
  readonly fails: Record<string, number>;
  readonly outputs: Record<string, string>;
  readonly vars: Record<string, Json>;
  readonly asks: Record<string, number>;
}

/** Answers whether it came through. */
export function tellWide(at: WideBlock, teller: Teller): boolean {
  const { does, id } = at;
  if (isWork(at)) return tellAsked(at, teller);
  if (does.kind === 'arms') return tellArms(at, does, teller);
  if (does.kind === 'merging') return tellMerging(at, does, teller);
  const visit = teller.enter(id);
  if (visit > 0 && does.kind === 'tcc') tellTcc(id, visit, does, teller);
  return !teller.isGivenUp(id, visit);
}

function tellAsked(at: WideBlock & WorkBlock, { enter, walk, isGivenUp, salt, fails, outputs, asks }: Teller): boolean {
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

function tellArms({ id, branches }: WideBlock, { arms, by }: ArmsDoes, teller: Teller): boolean {
  const { enter, walk, choices, outputs, salt, receipt } = teller;
  const split = `${id}_split`;
  const visit = enter(split);
  const arm = choices.arm(split, visit);
  if (arm === undefined) return false;
  outputs[`${split}.${visit}`] = canonical({ arm, by: by === 'salt' ? salt : receipt });
  const place = arms.findIndex(({ name }) => name === arm);
  const branch = place < 0 ? branches.at(-1) : branches[place];
  return branch !== undefined && walk(branch) && enter(`${id}_merge`) > 0;
}

/** Each branch sees what was there before, and what it has written itself. */
function tellMerging({ id, branches }: WideBlock, { rule, before, adds }: MergingDoes, teller: Teller): boolean {
  const { enter, walk, vars } = teller;
  const name = mergedIn(id);
  if (before !== null) {
    enter(`${id}_before`);
    vars[name] = rule === 'concat' || rule === 'union' ? [before] : before;
  }
  enter(`${id}_split`);
  const values: Json[] = [];
  let isWhole = true;
  for (const [i, branch] of branches.entries()) {
    let seen: Json = vars[name] ?? null;
    for (const [k, value] of (adds[i] ?? []).entries()) {
      enter(`${id}_w${i}${k}`);
      seen = written(rule, seen, value);
    }
    if ((adds[i] ?? []).length > 0) values.push(seen);
    isWhole = walk(branch) && isWhole;
  }
  if (!isWhole) return false;
  if (values.length > 0) vars[name] = mergeBy(rule, values);
  return enter(`${id}_join`) > 0;
}

/** What such a task gives, if that is not what its partner would; then it is not told either how often it has failed. */
export function givenInstead(
  id: string,
  { cache, fallback }: TaskMore,
  salt: string,
  isDegraded: boolean,
): string | null {
  if (fallback && isDegraded) return fallbackOf(id);
  return cache ? cachedAnswer(cache, salt) : null;
}
