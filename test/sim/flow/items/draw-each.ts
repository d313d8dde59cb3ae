import type { Block, EachBlock, ItemPlan } from '../block.js';
import type { Dice } from '../dice.js';
import { type Drawing, drawPlan } from '../drawing.js';

/** A list with its items; none now and then, some at a time. */
export function drawEach(dice: Dice, drawing: Drawing, path: string, body: (name: number) => Block | null): EachBlock {
  const flow = drawing.callable.length > 0 && dice.chance(0.25) ? dice.pick(drawing.callable) : null;
  const count = dice.chance(0.1) ? 0 : dice.between(1, flow === null ? 5 : 3);
  const { by } = drawPlan(dice, drawing);
  const isUndone = flow === null && drawing.undo && dice.chance(0.5);
  const hasNo = dice.chance(0.4);
  const items = Array.from({ length: count }, (): ItemPlan => {
    const { fails, how, never, polls, undo } = drawPlan(dice, { ...drawing, hands: [] });
    const does = { fails, how, never, polls, reads: 'some' as const, writes: false };
    return {
      ...does,
      ...(isUndone && { undo: undo ?? 0 }),
      no: flow === null && hasNo && dice.chance(0.5),
      ...(by && { by }),
    };
  });
  const isBounded = count > 1 && dice.chance(0.5);
  const bounded = {
    by: dice.chance(0.5) ? ('done' as const) : ('yes' as const),
    count: dice.between(1, Math.max(1, count)),
  };
  return {
    kind: 'each',
    id: `i${path}`,
    listed: dice.chance(0.6),
    items,
    // What a called flow waits for may never come, and must not keep other items from being called.
    parallel: flow === null ? dice.between(1, 3) : 3,
    until: isBounded ? bounded : null,
    rest: dice.chance(0.6) ? 'cancel' : 'ignore',
    onError: dice.chance(0.35) ? 'continue' : 'fail',
    collect: dice.chance(0.6),
    flow,
    writes: dice.chance(0.4),
    body: dice.chance(0.3) ? body(7) : null,
  };
}
