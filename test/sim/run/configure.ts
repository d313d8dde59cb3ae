import { draftOf, prizeOf } from '../flow/wide/plays/play-plan.js';
import type { Process } from '../world/process.js';
import type { World } from '../world/world.js';

/** Whatever is to be played is there before the first engine asks for it. */
export async function openPlays({ plays, opened, clock }: World): Promise<void> {
  for (const plan of plays.plans) {
    const { code, flow } = plan;
    const store = plays.watching(opened.store.plays);
    const made = { what: 'created', state: 'live', by: 'an operator', reason: null } as const;
    await store.create({ code, flow, ...draftOf(plan, clock.at), ...made });
  }
}

const HAND = { by: 'an operator', reason: null };

/** An operator does the next thing that he wants to do with a play. Without its database nothing comes of it. */
export function configure({ plays, clock }: World, which: number, process: Process | null): boolean {
  const next = plays.turn(which);
  if (!next || !process || process.dead || process.stopping) return false;
  const { number, plan } = next;
  plays.takeTurn(plan);
  const { writePlay } = process;
  const turn = plan.turns[number] as (typeof plan.turns)[number];
  const done =
    turn === 'prize'
      ? writePlay.change(plan.code, { params: { prize: prizeOf(number + 1) } }, HAND)
      : turn === 'window'
        ? writePlay.change(plan.code, { window: { fromMs: 0, toMs: clock.at + 1_000 } }, HAND)
        : writePlay.turn(plan.code, turn, HAND);
  done.catch(() => {});
  return true;
}
