import type { Play } from '../../../core/definition/starting/play.js';
import type { InstanceStatus } from '../../../core/flow/instance.js';

export type PlayChange = 'created' | 'changed' | 'paused' | 'resumed' | 'ended';

/** A play as somebody left it. Revisions count from 1; each is kept for ever. */
export interface PlayRevision extends Play {
  readonly revision: number;
  readonly what: PlayChange;
  readonly by: string;
  readonly reason: string | null;
  /** Database time. */
  readonly at: number;
}

export interface PlayFilter {
  readonly flow?: string;
  readonly state?: Play['state'];
  readonly cursor?: string;
  /** 1 to 200. */
  readonly limit: number;
}

/** Keyset page; `next` is opaque, `null` at the end. */
export interface PlayPage<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Plays, all that they ever were, and what they have started. */
export abstract class PlayStore {
  /** Keeps a new play; `null`: its code is another's. */
  abstract create(play: Omit<PlayRevision, 'revision' | 'at'>): Promise<PlayRevision | null>;
  /** Keeps the next revision, if `before` is still the newest; `null`: it is not. */
  abstract change(play: Omit<PlayRevision, 'revision' | 'at'>, before: number): Promise<PlayRevision | null>;
  /** The newest revision. */
  abstract find(code: string): Promise<PlayRevision | null>;
  /** The live plays of a flow, by code. */
  abstract liveOf(flow: string): Promise<readonly PlayRevision[]>;
  /** By code. */
  abstract list(filter: PlayFilter): Promise<PlayPage<PlayRevision>>;
  /** All that it ever was, newest first. */
  abstract revisions(
    code: string,
    page: { readonly cursor?: string; readonly limit: number },
  ): Promise<PlayPage<PlayRevision>>;
  /** How many instances it has started, by status. */
  abstract counts(code: string): Promise<Readonly<Partial<Record<InstanceStatus, number>>>>;
  /** The instance that stands for a start of a flow under this identity, if it is remembered. */
  abstract startedAs(flow: string, receipt: string): Promise<string | null>;
}
