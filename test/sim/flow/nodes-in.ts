import { allOf, type Block } from './block.js';
import { nodesOfWide } from './wide/wide-nodes.js';

/** The ids of the nodes that a block becomes, with all within it. */
export const nodesIn = (block: Block): readonly string[] => allOf(block).flatMap(ownOf);

function ownOf(at: Block): readonly string[] {
  switch (at.kind) {
    case 'seq':
      return [];
    case 'task':
    case 'timer':
    case 'compensate':
      return [at.id];
    case 'wait':
    case 'call':
    case 'each':
      return at.body ? [at.id, `${at.id}_merge`] : [at.id];
    case 'catch':
      return [`${at.id}_try`, `${at.id}_merge`];
    case 'xor':
      return [`${at.id}_split`, `${at.id}_merge`];
    case 'and':
    case 'or':
    case 'race':
    case 'copies':
    case 'while':
      return [`${at.id}_split`, `${at.id}_join`];
    case 'scope':
      return [`${at.id}_split`, `${at.id}_try`, `${at.id}_go`, `${at.id}_join`, `${at.id}_merge`];
    case 'border':
      return [`${at.id}_merge`, `${at.id}_aside`];
    case 'loop':
      return [`${at.id}_zero`, `${at.id}_next`, `${at.id}_again`];
    case 'event':
      return [`${at.id}_first`, `${at.id}_merge`, ...at.arms.map(({ id }) => id)];
    case 'fails':
      return [`${at.id}_fail`];
    case 'wide':
      return nodesOfWide(at);
  }
}
