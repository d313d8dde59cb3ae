import type { Json } from '../../../../src/core/json.js';
import { fingerprint } from '../dice.js';
import type { ArmsDoes } from './arms/arms.js';
import type { AskPlan } from './ask-plan.js';
import type { DatesDoes } from './dates/dates.js';
import type { MergingDoes } from './merging/merging.js';
import type { RulesDoes } from './rules/rules-block.js';
import type { StepsDoes } from './steps/steps-block.js';
import type { TaskMore } from './tasks/task-more.js';
import type { TccDoes } from './tcc/tcc-block.js';

export interface WithMore {
  /** What it says that few tasks say. */
  readonly more?: TaskMore;
}

/** A block of which only this folder knows what it does; to all others it is something with blocks in it. */
export interface Wide<B> {
  readonly kind: 'wide';
  readonly id: string;
  readonly does: Does;
  /** What a line for errors leads to, alone, if it is doomed; else what `does` says. */
  readonly branches: readonly B[];
}

export type Does = RulesDoes | StepsDoes | ArmsDoes | MergingDoes | DatesDoes | TccDoes;

/** Work in one delivery that asks several handlers. */
export type WorkBlock = Wide<unknown> & { readonly does: RulesDoes | StepsDoes };

export const isWork = <B extends { readonly kind: string }>(block: B): block is B & WorkBlock =>
  block.kind === 'wide' && 'does' in block && WORK.includes((block.does as Does).kind);
const WORK: readonly Does['kind'][] = ['rules', 'steps'];

/** It fails for good, and a line for errors takes it up. */
export const isDoomed = ({ does, branches }: Wide<unknown>): boolean => 'doomed' in does && branches.length > 0;

/** The id of the node that does it. */
export const nodeOf = (block: Wide<unknown>): string => (isDoomed(block) ? `${block.id}_try` : block.id);

/** Asks a part for something; `null`: it fails in this attempt. */
export type Ask = (part: string, plan: AskPlan, given: Json) => string | null;

/** Equal values give equal texts, in whatever order their members were written. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** The value that a partner gives for a part of a visit: what it was asked, folded into a short text. */
export const partAnswer = (node: string, visit: number, part: string, given: Json): string =>
  fingerprint(`${node}.${visit}/${part}:${canonical(given)}`);

/** What a part of rules is given: the salt, and the time by which it goes. */
export const givenToRule = (salt: string, at: number): Json => ({ salt, at });
