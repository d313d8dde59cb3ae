import type { Failure } from '../../../../src/core/flow/instance.js';
import type { Json } from '../../../../src/core/json.js';
import { allOf, type Block } from '../block.js';
import { unitAt } from './rules/rules-block.js';
import { rulesShown } from './rules/tell-rules.js';
import { stepsShown } from './steps/tell-steps.js';
import { canonical, isWork, nodeOf, type WorkBlock } from './wide-block.js';

/** The nodes of a flow that do work of several parts. */
export const worksIn = (flow: Block): ReadonlyMap<string, WorkBlock> =>
  new Map(allOf(flow).flatMap((one) => (isWork(one) ? [[nodeOf(one), one] as const] : [])));

/** What such a node gave, as the oracle tells it; `null`: it has failed, and what is kept of it is nothing that it gave. */
export function workShown(
  { does }: WorkBlock,
  { output, error }: { readonly output: Json; readonly error: Failure | null },
): string | null {
  if (error !== null) return null;
  return canonical(does.kind === 'rules' ? rulesShown(output, does, unitAt) : stepsShown(output));
}
