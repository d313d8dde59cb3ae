import type { WideBlock } from './of-blocks.js';
import { type RulesDoes, rulesIn } from './rules/rules-block.js';
import type { StepsDoes } from './steps/steps-block.js';
import type { TaskMore } from './tasks/task-more.js';
import type { TccDoes } from './tcc/tcc-block.js';
import { isDoomed } from './wide-block.js';

/** The constructs that such a block stands for. */
export function markedIn(block: WideBlock): readonly string[] {
  const { does } = block;
  if (does.kind === 'tcc') return markedOfTcc(does);
  const own = isDoomed(block) ? [does.kind, `${does.kind}.doomed`] : [does.kind];
  switch (does.kind) {
    case 'rules':
      return [...own, ...thoseOf(rulesMarks(does))];
    case 'steps':
      return [...own, ...thoseOf(stepsMarks(does))];
    case 'dates':
      return [...own, `dates.${does.wait.how}`];
    case 'merging':
      return [...own, `merging.${does.rule}`];
    case 'arms':
      return [...own, ...thoseOf({ 'arms.holdout': does.holdout > 0, 'arms.forced': does.forced !== null })];
  }
}

/** The constructs that a task says beside its plan. */
export const markedMore = ({ delay, cache, batch, fallback, plays }: TaskMore): readonly string[] => [
  ...(delay ? [`delay.${delay.how}`] : []),
  ...thoseOf({
    'delay.when': typeof delay?.when === 'boolean',
    'delay.max': typeof delay?.maxMs === 'number',
    cache: cache !== undefined,
    batch: batch !== undefined,
    fallback: fallback === true,
    'play.read': plays === true,
  }),
];

type Marks = Readonly<Record<string, boolean>>;
const thoseOf = (marks: Marks): string[] => Object.keys(marks).filter((name) => marks[name]);

const stepsMarks = ({ steps }: StepsDoes): Marks => ({
  'steps.back': steps.some(({ back }) => back !== null),
  'steps.checkpoint': steps.some(({ checkpoint }) => checkpoint),
  'steps.branches': steps.some(({ branches }) => branches.length > 0),
  'steps.context': steps.some(({ branches }) => branches.some(({ context }) => context !== null)),
  'steps.merge': steps.some(({ merge }) => typeof merge === 'string'),
  'steps.mix': steps.some(({ merge }) => merge !== null && typeof merge === 'object'),
});

function rulesMarks({ root }: RulesDoes): Marks {
  const parts = [...rulesIn(root)].map(([, part]) => part);
  return {
    ...Object.fromEntries(parts.map(({ rule }) => [`rules.${rule}`, true])),
    'rules.window': parts.some(({ window }) => window !== undefined),
    'rules.forward': parts.some(({ forward }) => forward !== undefined),
    'rules.inverse': parts.some(({ inverse }) => inverse === true),
    'rules.park': parts.some(({ onError }) => onError === 'park'),
    'rules.error': parts.some(({ onError }) => onError !== undefined && onError !== 'park'),
  };
}

const markedOfTcc = ({ order, participants, withinMs }: TccDoes): readonly string[] => [
  `tcc.${order}`,
  ...(withinMs === null ? [] : ['tcc.within']),
  ...(participants.some(({ says }) => says !== 'yes') ? ['tcc.refused'] : []),
  ...(participants.some(({ settles }) => settles === null) ? ['tcc.by-hand'] : []),
];
