import type { AskPlan } from '../ask-plan.js';

export type RuleKind = 'and' | 'any' | 'all' | 'none' | 'always' | 'when' | 'flow' | 'result' | 'quiet' | 'shift';

/** A part of a tree of rules. Times are counted in units, so long that no run lasts for one. */
export interface RulePart {
  readonly rule: RuleKind;
  /** Of a relation. */
  readonly parts: readonly RulePart[];
  /** What a leaf says. */
  readonly says: boolean;
  /** Of a leaf that asks somebody. */
  readonly ask?: AskPlan;
  readonly shift?: { readonly by: number } | { readonly to: number };
  readonly window?: { readonly from: number; readonly to: number };
  readonly forward?: RulePart;
  readonly inverse?: true;
  readonly onError?: 'park' | 'true' | 'false' | 'none';
}

export interface RulesDoes {
  readonly kind: 'rules';
  readonly root: RulePart;
  /** The time that its windows are compared with is in the input; `null`: it goes by that of its first attempt. */
  readonly at: number | null;
  readonly doomed?: true;
}

/** 100 days. */
export const UNIT_MS = 8_640_000_000;
const BASE = Date.UTC(2026, 0, 1);
export const momentAt = (units: number): number => BASE + units * UNIT_MS;
/** The unit that a moment is nearest to. */
export const unitAt = (moment: number): number => Math.round((moment - BASE) / UNIT_MS) + 0;

/** Where the parts of a part stand; its own forward is `f`. */
export const pathTo = (path: string, child: number | 'f'): string => `${path}.${child}`;

/** The part at a path that begins with `r`. */
export function partAt(root: RulePart, path: string): RulePart | undefined {
  let at: RulePart | undefined = root;
  for (const step of path.split('.').slice(1)) at = step === 'f' ? at?.forward : at?.parts[Number(step)];
  return at;
}

/** Every part with its path, itself first. */
export function* rulesIn(part: RulePart, path = 'r'): Generator<readonly [string, RulePart]> {
  yield [path, part];
  if (part.forward) yield* rulesIn(part.forward, pathTo(path, 'f'));
  for (const [i, child] of part.parts.entries()) yield* rulesIn(child, pathTo(path, i));
}
