import type { PlayDraft } from '../../../../../src/engine/start/plays/write-play.js';
import type { StartPlan } from '../../../world/start-plan.js';

/** What an operator does to a play when it is his turn. */
export type Turn = 'prize' | 'pause' | 'resume' | 'end' | 'window';

/** A flow as an operator configures it, and what he changes of it, one after the other. */
export interface PlayPlan {
  readonly code: string;
  readonly flow: string;
  readonly quota: { readonly max: number; readonly by: 'bank' | null } | null;
  /** How long it is open, from the beginning of the world. */
  readonly openMs: number | null;
  readonly turns: readonly Turn[];
}

/** The parameter that instances read: each revision that sets it sets another. */
export const prizeOf = (number: number): string => `prize ${number}`;

/** A play as it is created. */
export function draftOf({ quota, openMs }: PlayPlan, at: number): PlayDraft {
  return {
    title: null,
    params: { prize: prizeOf(0) },
    window: openMs === null ? null : { fromMs: 0, toMs: at + openMs },
    audience: null,
    quota: quota && { max: quota.max, by: quota.by && `input.${quota.by}` },
  };
}

/** The constructs that plays stand for. */
export const markedPlays = (plays: readonly PlayPlan[], starts: readonly StartPlan[]): readonly string[] =>
  plays.flatMap(({ quota, openMs, turns }) => [
    'play',
    ...(quota ? [quota.by ? 'play.quota.by' : 'play.quota'] : []),
    ...(openMs !== null || turns.includes('window') ? ['play.window'] : []),
    ...(turns.includes('prize') ? ['play.changed'] : []),
    ...(turns.includes('pause') ? ['play.paused'] : []),
    ...(starts.some(({ play, by }) => play !== undefined && by === 'event') ? ['play.event'] : []),
  ]);
