import { type Expression, ExpressionFailure, type Scope } from '../../expression.js';
import type { JsonObject } from '../../json.js';
import { textOf } from './trigger.js';

/** The member of an instance's input that holds the play it was started by. No name in an expression can be like it. */
export const PLAY_MEMBER = '$play';

/** What an instance keeps of the play that started it, for life. */
export interface PinnedPlay {
  readonly code: string;
  readonly revision: number;
  readonly params: JsonObject;
}

export type PlayState = 'live' | 'paused' | 'ended';

/** A flow as an operator has configured it. */
export interface Play {
  /** Small letters, digits and `-`. */
  readonly code: string;
  readonly title: string | null;
  readonly flow: string;
  /** What the flow's `play` schema asks for. */
  readonly params: JsonObject;
  /** When it may be played, both ends included; milliseconds since the epoch. `null`: always. */
  readonly window: { readonly fromMs: number; readonly toMs: number } | null;
  /** A condition over `input` and `play`; `null`: everybody. */
  readonly audience: string | null;
  /** Most starts, for ever; of each value of `by` when there is one. */
  readonly quota: { readonly max: number; readonly by: string | null } | null;
  readonly state: PlayState;
}

/** The expressions of a play, compiled. */
export interface PlayRules {
  readonly audience: Expression | null;
  readonly by: Expression | null;
}

export type PlayVerdict =
  | {
      readonly type: 'starts';
      /** Whose share of the quota it takes; empty: the one that all share. */
      readonly share: string;
    }
  | { readonly type: 'passed'; readonly code: PlayRefusalCode; readonly message: string }
  | { readonly type: 'failed'; readonly message: string };

/** Why a play does not start somebody; nothing is wrong. */
export type PlayRefusalCode = 'PLAY_PAUSED' | 'PLAY_ENDED' | 'PLAY_NOT_OPEN' | 'NOT_IN_AUDIENCE' | 'PLAY_USED_UP';

/**
 * Judges whether a play starts somebody. Pure.
 * @param at database time in milliseconds.
 */
export function judgePlay(play: Play, { audience, by }: PlayRules, input: JsonObject, at: number): PlayVerdict {
  const { code, state, window, params } = play;
  const passed = (why: PlayRefusalCode, but: string): PlayVerdict => ({
    type: 'passed',
    code: why,
    message: `Expected the play '${code}' to start somebody now, but ${but}.`,
  });
  if (state === 'paused') return passed('PLAY_PAUSED', 'it is paused');
  if (state === 'ended') return passed('PLAY_ENDED', 'it has ended');
  if (window && at < window.fromMs) return passed('PLAY_NOT_OPEN', 'it has not begun');
  if (window && at > window.toMs) return passed('PLAY_NOT_OPEN', 'its time is over');
  const scope: Scope = Object.assign(Object.create(null) as Scope, { input, play: params });
  try {
    if (audience && !audience.test(scope)) return passed('NOT_IN_AUDIENCE', 'it is for others');
    return { type: 'starts', share: by ? textOf(by, scope) : '' };
  } catch (fault) {
    if (!(fault instanceof ExpressionFailure)) throw fault;
    return { type: 'failed', message: `${fault.message} (In \`${fault.text}\` of the play ${code}.)` };
  }
}
