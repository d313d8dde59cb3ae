import type { StartPlan } from '../../../world/start-plan.js';
import type { Block } from '../../block.js';
import type { Dice } from '../../dice.js';
import { BANKS } from '../../partners.js';
import { withChildren } from '../widen.js';
import type { PlayPlan, Turn } from './play-plan.js';

interface Played {
  readonly flows: Readonly<Record<string, Block>>;
  readonly starts: readonly StartPlan[];
  readonly plays?: readonly PlayPlan[];
}

const TURNS: readonly (readonly Turn[])[] = [
  [],
  ['prize'],
  ['prize', 'prize', 'prize'],
  ['pause', 'resume', 'prize'],
  ['prize', 'window'],
  ['prize', 'end'],
];

/**
 * Lets an operator configure one of the flows, now and then: all who start it do so by a play, some more want to, and
 * some of its tasks read what was configured. By dice of its own, so that worlds without plays stay as they were.
 */
export function drawPlays(
  { flows, starts }: Played,
  dice: Dice,
  { focus, sweeping }: { readonly focus: readonly string[]; readonly sweeping: boolean },
): Played {
  const first = starts[0];
  if (!sweeping || !first || !dice.chance(focus.includes('plays') ? 0.9 : 0.06)) return { flows, starts };
  const { flow } = first;
  const play: PlayPlan = {
    code: `play-${flow}`,
    flow,
    quota: dice.chance(0.6) ? { max: dice.between(1, 2), by: dice.chance(0.3) ? 'bank' : null } : null,
    openMs: dice.chance(0.25) ? dice.pick([3_000, 60_000]) : null,
    turns: dice.pick(TURNS),
  };
  const more = Array.from({ length: dice.between(1, 2) }, (_, i): StartPlan => {
    const receipt = `receipt-p${i}`;
    const by = dice.pick(['http', 'http', 'amqp', 'event'] as const);
    const input = { ...first.input, salt: `s${dice.below(1_000)}`, receipt, bank: dice.pick(BANKS) };
    return { flow, by, ...(by === 'event' && { event: `p${i}` }), receipt, key: null, input };
  });
  const named = (one: StartPlan): StartPlan => (one.flow === flow ? { ...one, play: play.code } : one);
  return {
    flows: { ...flows, [flow]: reading(flows[flow] as Block, dice) },
    starts: [...starts, ...more].map(named),
    plays: [play],
  };
}

/** Some tasks are told what the play says, and not the salt of the start. */
function reading(at: Block, dice: Dice): Block {
  if (at.kind !== 'task') return withChildren(at, (child) => reading(child, dice));
  if (at.plan.more || at.plan.reads === 'nothing' || !dice.chance(0.6)) return at;
  return { ...at, plan: { ...at.plan, reads: 'some', more: { plays: true } } };
}
