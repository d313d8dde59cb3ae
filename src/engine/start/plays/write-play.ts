import type { Play, PlayState } from '../../../core/definition/starting/play.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { Catalog, InputViolation } from '../../ports/catalog.js';
import type { Store } from '../../ports/store.js';
import type { PlayChange, PlayRevision } from './play-store.js';

export interface PlayRefusal {
  readonly code:
    | 'UNKNOWN_FLOW'
    | 'NOT_PLAYABLE'
    | 'INVALID_PLAY'
    | 'PLAY_EXISTS'
    | 'UNKNOWN_PLAY'
    | 'PLAY_CHANGED'
    | 'PLAY_ENDED'
    | 'PLAY_STATE';
  readonly message: string;
  readonly violations?: readonly InputViolation[];
}

/** Who says it, and why. */
export interface Hand {
  readonly by: string;
  readonly reason: string | null;
}

/** What of a play can be changed. */
export type PlayDraft = Pick<Play, 'title' | 'params' | 'window' | 'audience' | 'quota'>;

const VERBS: Readonly<
  Record<'pause' | 'resume' | 'end', { from: readonly PlayState[]; to: PlayState; what: PlayChange }>
> = {
  pause: { from: ['live'], to: 'paused', what: 'paused' },
  resume: { from: ['paused'], to: 'live', what: 'resumed' },
  end: { from: ['live', 'paused'], to: 'ended', what: 'ended' },
};

/**
 * Creates and changes plays. What somebody says is checked against the newest version of the flow; every change is a new revision, and
 * what was started by an earlier one keeps that.
 */
export class WritePlay {
  constructor(
    private readonly store: Pick<Store, 'plays'>,
    private readonly catalog: Catalog,
  ) {}

  /** @throws {StoreUnavailable} when the database is away. */
  async create(play: PlayDraft & Pick<Play, 'code' | 'flow'>, hand: Hand): Promise<Result<PlayRevision, PlayRefusal>> {
    const refusal = await this.refusalOf(play.flow, play);
    if (refusal) return err(refusal);
    const created = await this.store.plays.create({ ...play, state: 'live', what: 'created', ...hand });
    return created ? ok(created) : err(exists(play.code));
  }

  /** @param revision what the change was made from; left out: whatever is newest. */
  async change(
    code: string,
    changes: Partial<PlayDraft>,
    hand: Hand & { readonly revision?: number },
  ): Promise<Result<PlayRevision, PlayRefusal>> {
    const { revision, ...signed } = hand;
    const found = await this.open(code, revision);
    if (!found.ok) return found;
    const next = { ...found.value, ...changes };
    const refusal = await this.refusalOf(next.flow, next);
    if (refusal) return err(refusal);
    return this.keep({ ...next, what: 'changed', ...signed }, found.value);
  }

  /** Ended, a play stays ended. */
  async turn(code: string, verb: keyof typeof VERBS, hand: Hand): Promise<Result<PlayRevision, PlayRefusal>> {
    const found = await this.open(code);
    if (!found.ok) return found;
    const { from, to, what } = VERBS[verb];
    if (!from.includes(found.value.state)) return err(inState(code, from, found.value.state));
    return this.keep({ ...found.value, state: to, what, ...hand }, found.value);
  }

  private async open(code: string, revision?: number): Promise<Result<PlayRevision, PlayRefusal>> {
    const play = await this.store.plays.find(code);
    if (!play) return err({ code: 'UNKNOWN_PLAY', message: `Expected a play '${code}', but there is none.` });
    if (revision !== undefined && revision !== play.revision) return err(changed(code, revision, play.revision));
    if (play.state === 'ended') return err(ended(code));
    return ok(play);
  }

  private async keep(
    next: Omit<PlayRevision, 'revision' | 'at'>,
    { code, revision }: PlayRevision,
  ): Promise<Result<PlayRevision, PlayRefusal>> {
    const kept = await this.store.plays.change(next, revision);
    return kept ? ok(kept) : err(changed(code, revision, revision + 1));
  }

  private async refusalOf(flow: string, play: PlayDraft): Promise<PlayRefusal | null> {
    const published = await this.catalog.get(flow);
    if (!published) return { code: 'UNKNOWN_FLOW', message: `Expected a published flow '${flow}', but there is none.` };
    if (!published.plays) return notPlayable(flow);
    const compiled = published.plays.compile({ audience: play.audience, by: play.quota?.by ?? null });
    const violations = [...published.plays.checkParams(play.params), ...(compiled.ok ? [] : compiled.error)];
    if (play.window && play.window.fromMs > play.window.toMs) violations.push(ENDS_FIRST);
    if (violations.length === 0) return null;
    const told = violations.map(({ message }) => message).join(' ');
    return { code: 'INVALID_PLAY', message: told, violations };
  }
}

const ENDS_FIRST: InputViolation = {
  pointer: '/window',
  message: 'Expected a window that begins before it ends, but it ends first.',
};

const notPlayable = (flow: string): PlayRefusal => ({
  code: 'NOT_PLAYABLE',
  message: `Expected '${flow}' to say under \`play\` what may be configured, but its newest version does not.`,
});

const exists = (code: string): PlayRefusal => ({
  code: 'PLAY_EXISTS',
  message: `Expected a code of its own, but '${code}' is another play's. An ended play keeps its code.`,
});

const changed = (code: string, from: number, is: number): PlayRefusal => ({
  code: 'PLAY_CHANGED',
  message: `Expected '${code}' as it was in revision ${from}, but it is in revision ${is}. Look at it, then change it again.`,
});

const ended = (code: string): PlayRefusal => ({
  code: 'PLAY_ENDED',
  message: `Expected a play that goes on, but '${code}' has ended. Create another.`,
});

const inState = (code: string, from: readonly PlayState[], is: PlayState): PlayRefusal => ({
  code: 'PLAY_STATE',
  message: `Expected '${code}' to be ${from.join(' or ')}, but it is ${is}.`,
});
