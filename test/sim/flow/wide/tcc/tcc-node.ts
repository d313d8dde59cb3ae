import type { TaskNode } from '../../../../../src/core/definition/definition.js';
import { path, task } from '../../../../support/build-definition.js';
import { MOST_RETRIES } from '../../block.js';
import type { TccDoes } from './tcc-block.js';

/** The node of participants, whose handlers are their own. */
export function tccOf(id: string, { order, participants, withinMs }: TccDoes): TaskNode {
  const whole = task({ handler: 'tcc', in: {}, retry: { remote: [1_000, 4_000], max: MOST_RETRIES } })(id);
  const all = participants.map((_, place) => ({
    name: `p${place}`,
    try: `do.${id}.${place}.try`,
    confirm: `do.${id}.${place}.confirm`,
    cancel: `do.${id}.${place}.cancel`,
    in: new Map([['salt', path('input.salt')] as const]),
  }));
  return { ...whole, tcc: { order, participants: all, ...(withinMs !== null && { withinMs }) } };
}

/** How long it waits on purpose: for its retries, and for whoever sees to it. */
export const tccWaitsOf = ({ participants }: TccDoes): number =>
  participants.reduce((sum, { fails, settles }) => sum + (fails + (settles ?? 1)) * 8_000, 30_000);
