import type { TaskNode } from '../../../../src/core/definition/definition.js';
import type { EachRule } from '../../../../src/core/definition/work/each.js';
import { call, expr, literal, path, task } from '../../../support/build-definition.js';
import { type EachBlock, MOST_RETRIES } from '../block.js';
import { moreOf } from './added.js';

/** The node of a list. */
export function eachOf(block: EachBlock, behind: Pick<TaskNode, 'handler'> & Partial<Pick<TaskNode, 'circuit'>>) {
  const { id, listed, items, parallel, rest, onError, collect, flow, writes } = block;
  const each: EachRule = {
    list: listed ? path(`input.${id}`) : literal(block.added?.first ?? items.length),
    as: 'item',
    parallel,
    limit: 100,
    until: untilOf(block),
    rest,
    onError,
    collect,
    ...moreOf(block),
  };
  const out = writes ? { out: { [`v_${id}`]: path(`result.${countedBy(block)}`) } } : {};
  if (flow !== null) return call({ flow, each, ...out });
  const given = { item: path('item'), index: path('index'), salt: path('input.salt') };
  const by = items[0]?.by;
  return task({
    ...behind,
    in: given,
    ...out,
    each,
    retry: { remote: [1_000, 4_000], max: MOST_RETRIES },
    ...(by === 'lease' && { lease: true as const }),
    ...(by === 'worker' && { remote: true }),
  });
}

/** What decides when there are enough. */
export const countedBy = ({ until }: Pick<EachBlock, 'until'>): 'done' | 'yes' => until?.by ?? 'done';

function untilOf({ until }: EachBlock): EachRule['until'] {
  if (until === null || until.by === 'done') return until && { count: until.count };
  return { when: expr(`each.yes >= ${until.count}`, ['each.yes'], (yes) => Number(yes) >= until.count) };
}
