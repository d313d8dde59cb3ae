import type { SplitRule } from '../../../../../src/core/definition/work/split.js';
import { exclusive, is, path } from '../../../../support/build-definition.js';
import { type Part, part, type Site } from '../../part.js';
import type { WideBlock } from '../of-blocks.js';
import { type ArmsDoes, FORCED } from './arms.js';

/** Adds what an experiment becomes. */
export function addArms({ id, branches }: WideBlock, does: ArmsDoes, { nodes, line, add }: Site): Part {
  const { salt, arms, holdout, by, forced } = does;
  const [open, close] = [`${id}_split`, `${id}_merge`];
  const force = new Map(forced === null ? [] : [[FORCED, forced]]);
  const split: SplitRule = { by: path(`input.${by}`), salt, arms, holdout, force };
  nodes[open] = (own) => ({ ...exclusive()(own), split });
  nodes[close] = exclusive();
  for (const [i, branch] of branches.entries()) {
    const inner = add(branch);
    const arm = arms[i];
    line(open, inner.entry, arm ? is('result.arm', arm.name) : 'else');
    line(inner.exit, close, inner.by);
  }
  return part(open, close);
}
