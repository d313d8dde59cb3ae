import type { WideBlock } from './of-blocks.js';
import { rulesIn } from './rules/rules-block.js';
import type { TccDoes } from './tcc/tcc-block.js';
import { isDoomed, type WorkBlock } from './wide-block.js';

/** The constructs that such a block stands for. */
export function markedIn(block: WideBlock): readonly string[] {
  const { does } = block;
  if (does.kind === 'tcc') return markedOfTcc(does);
  const own = isDoomed(block) ? [does.kind, `${does.kind}.doomed`] : [does.kind];
  const marks: Readonly<Record<string, boolean>> = marksOf(does);
  return [...own, ...Object.keys(marks).filter((name) => marks[name])];
}

function marksOf(does: WorkBlock['does']): Readonly<Record<string, boolean>> {
  if (does.kind === 'steps') {
    const { steps } = does;
    return {
      'steps.back': steps.some(({ back }) => back !== null),
      'steps.checkpoint': steps.some(({ checkpoint }) => checkpoint),
      'steps.branches': steps.some(({ branches }) => branches.length > 0),
      'steps.context': steps.some(({ branches }) => branches.some(({ context }) => context !== null)),
      'steps.merge': steps.some(({ merge }) => typeof merge === 'string'),
      'steps.mix': steps.some(({ merge }) => merge !== null && typeof merge === 'object'),
    };
  }
  const parts = [...rulesIn(does.root)].map(([, part]) => part);
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
