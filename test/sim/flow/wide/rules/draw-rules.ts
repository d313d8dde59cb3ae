import type { Dice } from '../../dice.js';
import { type AskPlan, SURE } from '../ask-plan.js';
import type { RuleKind, RulePart, RulesDoes } from './rules-block.js';

const RELATIONS: readonly RuleKind[] = ['and', 'and', 'any', 'any', 'all', 'all', 'none', 'always'];
const LEAVES: readonly RuleKind[] = ['when', 'when', 'flow', 'flow', 'flow', 'result', 'result', 'quiet', 'shift'];

interface Growing {
  readonly dice: Dice;
  /** Attempts may fail. */
  readonly failures: boolean;
  /** The time is known exactly, so that windows may end at it. */
  readonly exact: boolean;
}

/** A random tree of rules. A doomed one is parked by the first part that it comes to. */
export function drawRules(dice: Dice, failures: boolean, doomed: boolean): RulesDoes {
  const at = dice.chance(0.6) ? dice.between(-2, 2) : null;
  const growing = { dice, failures: failures && !doomed, exact: at !== null };
  const root = relation(growing, 3, false);
  if (!doomed) return { kind: 'rules', root, at };
  const parked: RulePart = { ...leaf('flow', true, { ...SURE, broken: true, sheltered: true }), onError: 'park' };
  // What no `onError` further up takes, and no window or forward keeps from being asked.
  return { kind: 'rules', root: { ...PLAIN, rule: 'all', parts: [parked, root], onError: 'false' }, at, doomed: true };
}

const PLAIN = { parts: [], says: false } as const;
const leaf = (rule: RuleKind, says: boolean, ask?: AskPlan): RulePart => ({
  ...PLAIN,
  rule,
  says,
  ...(ask && { ask }),
});

function part(growing: Growing, depth: number, isSheltered: boolean): RulePart {
  const { dice } = growing;
  return depth > 0 && dice.chance(0.45) ? relation(growing, depth, isSheltered) : drawLeaf(growing, isSheltered);
}

function relation(growing: Growing, depth: number, isSheltered: boolean): RulePart {
  const { dice } = growing;
  const rule = dice.pick(RELATIONS);
  const onError = dice.chance(0.2) ? dice.pick(['true', 'false', 'none'] as const) : undefined;
  const within = isSheltered || onError !== undefined;
  const parts = Array.from({ length: dice.between(dice.chance(0.1) ? 0 : 1, 4) }, () =>
    part(growing, depth - 1, within),
  );
  return { ...PLAIN, rule, parts, ...around(growing, depth, within), ...(onError && { onError }) };
}

function drawLeaf(growing: Growing, isSheltered: boolean): RulePart {
  const { dice, failures } = growing;
  const rule = dice.pick(LEAVES);
  const own = around(growing, 0, isSheltered);
  if (rule === 'shift') {
    const shift = dice.chance(0.7) ? { by: dice.between(-2, 2) } : { to: dice.between(-2, 2) };
    return { ...PLAIN, rule, shift };
  }
  const says = dice.chance(0.6);
  if (rule === 'when') return { ...leaf(rule, says), ...own };
  const fate = dice.fraction();
  if (failures && fate < 0.12) {
    // What a result gives that has failed is nobody's to say.
    const onError = dice.pick(rule === 'result' ? (['false', 'none'] as const) : (['true', 'false', 'none'] as const));
    return { ...leaf(rule, says, { ...SURE, broken: true, sheltered: true }), ...alone(own), onError };
  }
  if (isSheltered) {
    const isBroken = failures && fate < 0.25;
    return { ...leaf(rule, says, { ...SURE, sheltered: true, ...(isBroken && { broken: true }) }), ...own };
  }
  if (!failures || fate > 0.4) return { ...leaf(rule, says, SURE), ...own };
  const isParked = fate < 0.2;
  const ask: AskPlan = {
    fails: dice.between(1, isParked ? 2 : 3),
    how: dice.pick(['error', 'timeout', 'permanent']),
    ...(isParked && { sheltered: true }),
  };
  return { ...leaf(rule, says, ask), ...(isParked ? { ...alone(own), onError: 'park' } : own) };
}

/** What becomes of its failures would become of those of its forward too. */
const alone = ({ forward: _, ...own }: Partial<RulePart>): Partial<RulePart> => own;

/** What may stand beside any part. */
function around(growing: Growing, depth: number, isSheltered: boolean): Partial<RulePart> {
  const { dice, exact } = growing;
  const edge = (from: number, to: number): number => dice.between(from, to) + (exact ? 0 : 0.5);
  const from = edge(-3, 1);
  return {
    ...(dice.chance(0.2) && { inverse: true }),
    ...(dice.chance(0.25) && { window: { from, to: from + dice.between(exact ? 0 : 1, 3) } }),
    ...(dice.chance(0.12) && { forward: part(growing, Math.min(1, depth), isSheltered) }),
  };
}
