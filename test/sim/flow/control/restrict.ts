import { type Block, PLAIN } from '../block.js';

type Change = (block: Block) => Block;

/** Changes every block in a block, the innermost first. */
function everywhere(block: Block, change: Change): Block {
  return JSON.parse(JSON.stringify(block), (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'kind' in value ? change(value as Block) : value,
  ) as Block;
}

/** Nothing in it is told apart by when it happens: many of it may be under way at once. */
export const side = (block: Block): Block =>
  everywhere(block, (at) => {
    switch (at.kind) {
      case 'task':
        return { ...at, after: null, plan: { ...at.plan, writes: false } };
      case 'wait':
      case 'each':
        return { ...at, writes: false };
      case 'loop':
      case 'copies':
        return at.body;
      case 'or':
      case 'race':
        return { kind: 'and', id: at.id, branches: at.branches };
      case 'scope':
        return { kind: 'seq', blocks: [at.body, at.rescue] };
      case 'while':
        return { kind: 'seq', blocks: [at.first, at.host, at.lead, at.guest] };
      default:
        return at;
    }
  });

/** All of it comes to an end by itself, or with a person's help. */
export const sure = (block: Block): Block =>
  everywhere(block, (at) => {
    switch (at.kind) {
      case 'task':
        return { ...at, plan: { ...at.plan, never: false } };
      case 'call':
      case 'each':
        return { kind: 'task', id: at.id, plan: PLAIN, after: null };
      case 'wait':
      case 'border':
        return { ...at, answered: true };
      default:
        return at;
    }
  });

/** It may be given up at any moment: what of it has happened by then is plain to see from what is there. */
export const losable = (block: Block): Block =>
  everywhere(block, (at) => {
    if (at.kind === 'or') return { kind: 'and', id: at.id, branches: at.branches };
    if (at.kind === 'border') return { ...at, interrupts: true };
    return at.kind === 'race' ? { ...at, rest: 'cancel' } : at;
  });
