import type { Json } from './types.js';

export interface PlayRow {
  readonly code: string;
  readonly title: string | null;
  readonly flow: string;
  readonly state: 'live' | 'paused' | 'ended';
  readonly revision: number;
  readonly params: Json;
  readonly window: { readonly from: string | null; readonly to: string | null } | null;
  readonly audience: string | null;
  readonly quota: { readonly max: number; readonly by: string | null } | null;
  readonly what: string;
  readonly by: string;
  readonly reason: string | null;
  readonly at: string;
}

export interface PlayListRow extends PlayRow {
  readonly counts: Readonly<Record<'started' | 'duplicate' | 'passed' | 'over' | 'failed', number>>;
}

export interface PlayView extends PlayListRow {
  /** JSON Schema of the parameters. */
  readonly schema: Json;
  readonly instances: Readonly<Partial<Record<string, number>>>;
}
