import type { TaskNode } from '../../../../src/core/definition/definition.js';
import type { JsonObject } from '../../../../src/core/json.js';
import { exclusive, path, task } from '../../../support/build-definition.js';
import { MOST_RETRIES } from '../block.js';
import { type Part, part, type Site } from '../part.js';
import type { AskPlan } from './ask-plan.js';
import type { WideBlock } from './of-blocks.js';
import { momentAt, rulesIn } from './rules/rules-block.js';
import { rulesOf } from './rules/rules-node.js';
import { CONFLICT } from './steps/steps-block.js';
import { sequenceOf } from './steps/steps-node.js';
import { tccOf, tccWaitsOf } from './tcc/tcc-node.js';
import { type Does, isDoomed, nodeOf } from './wide-block.js';

/** Adds what such a block becomes. */
export function addWide(
  at: WideBlock,
  { nodes, line, add }: Site,
  behind: (id: string) => Pick<TaskNode, 'handler'> & Partial<Pick<TaskNode, 'circuit'>>,
): Part {
  const { does } = at;
  const id = nodeOf(at);
  if (does.kind === 'tcc') {
    nodes[id] = () => tccOf(id, does);
    return part(id);
  }
  const about = behind(id);
  const plain = task({
    ...about,
    in: { salt: path('input.salt') },
    retry: { remote: [1_000, 4_000], max: MOST_RETRIES },
  })(id);
  const work = does.kind === 'rules' ? rulesOf(at.id, does, about.handler) : sequenceOf(does, about.handler);
  nodes[id] = () => ({ ...plain, work });
  const [rescue] = at.branches;
  if (!isDoomed(at) || !rescue) return part(id);
  const merge = `${at.id}_merge`;
  nodes[merge] = exclusive();
  const inner = add(rescue);
  line(id, merge, undefined);
  line(id, inner.entry, `on error ${codeOf(does)}`);
  line(inner.exit, merge, inner.by);
  return part(id, merge);
}

/** What a doomed one fails with; an outage before that is no such failure. */
function codeOf(does: Does): string {
  if (does.kind === 'rules') return 'PARKED';
  return does.kind === 'steps' && does.steps.some(({ name }) => name === CONFLICT) ? 'MERGE_CONFLICT' : 'TOO_MANY_*';
}

/** The ids of the nodes that it becomes, without those of what is in it. */
export const nodesOfWide = (at: WideBlock): readonly string[] =>
  isDoomed(at) ? [nodeOf(at), `${at.id}_merge`] : [nodeOf(at)];

/** What the input says to it. */
export const inputOfWide = ({ id, does }: WideBlock): JsonObject =>
  does.kind === 'rules' && does.at !== null ? { [id]: new Date(momentAt(does.at)).toISOString() } : {};

/** How long it waits on purpose: for its retries. */
export const wideWaitsOf = ({ does }: WideBlock): number =>
  does.kind === 'tcc' ? tccWaitsOf(does) : Math.max(0, ...plansIn(does).map(({ fails }) => fails)) * 8_000;

/** What everybody is asked by it. */
export function plansIn(does: Does): readonly AskPlan[] {
  if (does.kind === 'tcc') return [];
  if (does.kind === 'rules') return [...rulesIn(does.root)].flatMap(([, { ask }]) => ask ?? []);
  return does.steps.flatMap(({ asks, branches, merge }) => [
    ...asks,
    ...branches.flatMap((branch) => [...branch.asks, ...(branch.context ? [branch.context] : [])]),
    ...(merge !== null && typeof merge === 'object' ? [merge.asks] : []),
  ]);
}
