import type { Expression } from '../../../expression.js';
import type { JsonObject } from '../../../json.js';

/** What a part of a rule tree says. `none`: it does not bear on the matter. */
export type RuleState = 'true' | 'false' | 'none';

/** What becomes of a part that fails; `stop` hands the failure on to the part above it. */
export type OnRuleError = 'stop' | 'park' | RuleState;

/** One part of a rule tree: a relation over other parts, or a leaf. */
export interface RuleNode {
  /** Where it stands: `any.1.and.0`; unique in the tree, and the same for the same version. */
  readonly path: string;
  /** For people and traces; not unique. */
  readonly name: string;
  /** Outside of it the part and all below it is `none` and does not run. Both ends belong to it; ms since the epoch. */
  readonly window: { readonly fromMs: number; readonly toMs: number } | null;
  /** Runs first; when it is false, so is the part, which then does not run. */
  readonly forward: RuleNode | null;
  /** Swaps true and false. */
  readonly inverse: boolean;
  readonly onError: OnRuleError;
  readonly rule: Relation | RuleLeaf;
}

export interface Relation {
  readonly type: RelationType;
  readonly children: readonly RuleNode[];
}

export type RelationType = 'and' | 'any' | 'all' | 'none' | 'always';

export type RuleLeaf =
  | { readonly type: 'when'; readonly condition: Expression }
  /** `flow` and `result` say what the handler said; what `quiet` does bears on nothing. */
  | {
      readonly type: 'call';
      readonly role: 'flow' | 'result' | 'quiet';
      readonly handler: string;
      readonly with: JsonObject | null;
    }
  /** Moves the time that all later parts go by. */
  | { readonly type: 'shift'; readonly by: number }
  | { readonly type: 'shift'; readonly to: number };

/** Every part of a tree, itself first, in the order in which they run. */
export function* partsOf(node: RuleNode): Generator<RuleNode> {
  if (node.forward) yield* partsOf(node.forward);
  yield node;
  if ('children' in node.rule) for (const child of node.rule.children) yield* partsOf(child);
}
