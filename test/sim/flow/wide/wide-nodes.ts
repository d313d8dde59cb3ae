import type { TaskNode } from '../../../../src/core/definition/definition.js';
import { PLAY_MEMBER } from '../../../../src/core/definition/starting/play.js';
import type { JsonObject } from '../../../../src/core/json.js';
import { exclusive, path, task } from '../../../support/build-definition.js';
import { MOST_RETRIES, type TaskBlock } from '../block.js';
import { type Nodes, type Part, part, type Site } from '../part.js';
import { addArms } from './arms/arms-node.js';
import type { AskPlan } from './ask-plan.js';
import { inputOfWait, timerOf } from './dates/dates.js';
import { addMerging } from './merging/merging-node.js';
import type { WideBlock } from './of-blocks.js';
import { momentAt, type RulesDoes, rulesIn } from './rules/rules-block.js';
import { rulesOf } from './rules/rules-node.js';
import { CONFLICT, type StepsDoes } from './steps/steps-block.js';
import { sequenceOf } from './steps/steps-node.js';
import { moreOf, type TaskMore } from './tasks/task-more.js';
import { tccOf, tccWaitsOf } from './tcc/tcc-node.js';
import { type Does, isDoomed, nodeOf } from './wide-block.js';

/** Adds what such a block becomes. */
export function addWide(
  at: WideBlock,
  site: Site,
  behind: (id: string) => Pick<TaskNode, 'handler'> & Partial<Pick<TaskNode, 'circuit'>>,
): Part {
  const { does } = at;
  if (does.kind === 'arms') return addArms(at, does, site);
  if (does.kind === 'merging') return addMerging(at, does, site);
  if (does.kind === 'dates') {
    site.nodes[at.id] = timerOf(at.id, does.wait);
    return part(at.id);
  }
  const { nodes, line, add } = site;
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
function codeOf(does: RulesDoes | StepsDoes): string {
  if (does.kind === 'rules') return 'PARKED';
  return does.kind === 'steps' && does.steps.some(({ name }) => name === CONFLICT) ? 'MERGE_CONFLICT' : 'TOO_MANY_*';
}

/** The ids of the nodes that it becomes, without those of what is in it. */
export function nodesOfWide(at: WideBlock): readonly string[] {
  const { id, does } = at;
  if (does.kind === 'arms') return [`${id}_split`, `${id}_merge`];
  if (does.kind === 'merging') {
    const writers = does.adds.flatMap((all, i) => all.map((_, k) => `${id}_w${i}${k}`));
    return [`${id}_before`, `${id}_split`, ...writers, `${id}_join`];
  }
  return isDoomed(at) ? [nodeOf(at), `${id}_merge`] : [nodeOf(at)];
}

/** What the input says to it. */
export function inputOfWide(block: WideBlock | TaskBlock): JsonObject {
  const { id } = block;
  if (block.kind === 'task') return block.plan.more?.delay ? inputOfWait(id, block.plan.more.delay) : {};
  const { does } = block;
  if (does.kind === 'dates') return inputOfWait(id, does.wait);
  return does.kind === 'rules' && does.at !== null ? { [id]: new Date(momentAt(does.at)).toISOString() } : {};
}

/** As a flow's `play.prize` is compiled. */
const PRIZE = path(`input.${PLAY_MEMBER}.params.prize`);

/** The same task, with what few say. */
export const withMore =
  (plain: Nodes[string], more: TaskMore): Nodes[string] =>
  (id) => {
    const node = plain(id);
    if (node.kind !== 'task') return node;
    const said = { ...node, ...moreOf(id, more) };
    return more.plays ? { ...said, in: new Map([...(node.in ?? []), ['salt', PRIZE]]) } : said;
  };

/** How long it waits on purpose: for its time, or its retries. */
export const wideWaitsOf = ({ does }: WideBlock): number =>
  does.kind === 'tcc' ? tccWaitsOf(does) : does.kind === 'dates' ? does.wait.ms + 4_000 : retriesOf(does);

const retriesOf = (does: Does): number => Math.max(0, ...plansIn(does).map(({ fails }) => fails)) * 8_000;

/** What everybody is asked by it. */
export function plansIn(does: Does): readonly AskPlan[] {
  if (does.kind === 'tcc') return [];
  if (does.kind === 'rules') return [...rulesIn(does.root)].flatMap(([, { ask }]) => ask ?? []);
  if (does.kind !== 'steps') return [];
  return does.steps.flatMap(({ asks, branches, merge }) => [
    ...asks,
    ...branches.flatMap((branch) => [...branch.asks, ...(branch.context ? [branch.context] : [])]),
    ...(merge !== null && typeof merge === 'object' ? [merge.asks] : []),
  ]);
}
